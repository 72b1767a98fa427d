# Each record of the JSON logs that names a task, as an event, with json and
# sqlite3.
import json
import pathlib
import sys

from sqlite3_events import write_events


def messages(folder):
    for file in pathlib.Path(folder).rglob("*.jsonlog"):
        for at, line in enumerate(open(file), 1):
            record = json.loads(line)
            text = record.get("formatted") or record.get("msg") or ""
            yield str(file), at, float(record["created"]), text


runinfo, path = sys.argv[1:]
write_events(path, messages(runinfo))
