# Every record of the JSON logs that tells of a task, as an event, with sqlite3
# and json.
import json
import pathlib
import re
import sqlite3
import sys

runinfo, path = sys.argv[1:]
task = re.compile(r"\b[Tt]asks?:? \[?(\d+)")
number = re.compile(r"\d+")
db = sqlite3.connect(path)
db.execute("CREATE TABLE event (task INTEGER, time REAL, type TEXT, file TEXT, line INTEGER)")
lines = events = 0
for file in pathlib.Path(runinfo).rglob("*.jsonlog"):
    for at, line in enumerate(open(file), 1):
        lines += 1
        record = json.loads(line)
        message = record.get("formatted") or record.get("msg") or ""
        found = task.search(message)
        if not found:
            continue
        events += 1
        db.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
            (int(found[1]), float(record["created"]), number.sub("%s", message), str(file), at),
        )
db.execute("CREATE INDEX event_task ON event (task, time)")
db.execute("CREATE INDEX event_type ON event (type, time)")
db.commit()
print(json.dumps(dict(lines=lines, events=events)))
