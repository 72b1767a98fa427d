# What one would write for a day's question: every line of the text logs that
# tells of a task, as an event, with sqlite3 and re.
import json
import pathlib
import re
import sqlite3
import sys

runinfo, path = sys.argv[1:]
begins = re.compile(r"(\d+\.\d+) \S+ \S+ .*? [A-Z]+: (.*)")
task = re.compile(r"\b[Tt]asks?:? \[?(\d+)")
number = re.compile(r"\d+")
db = sqlite3.connect(path)
db.execute("CREATE TABLE event (task INTEGER, time REAL, type TEXT, file TEXT, line INTEGER)")
lines = events = 0
for file in pathlib.Path(runinfo).rglob("*.log"):
    for at, line in enumerate(open(file), 1):
        lines += 1
        match = begins.match(line)
        if not match:
            continue
        found = task.search(match[2])
        if not found:
            continue
        events += 1
        db.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
            (int(found[1]), float(match[1]), number.sub("%s", match[2]), str(file), at),
        )
db.execute("CREATE INDEX event_task ON event (task, time)")
db.execute("CREATE INDEX event_type ON event (type, time)")
db.commit()
print(json.dumps(dict(lines=lines, events=events)))
