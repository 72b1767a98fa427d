# Writes an event for each message that names a task, with sqlite3.
import json
import re
import sqlite3

task = re.compile(r"\b[Tt]asks?:? \[?(\d+)")
number = re.compile(r"\d+")


def write_events(path, messages):
    """Each message is a tuple of its file, line, time and text."""
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE event (task INTEGER, time REAL, type TEXT, file TEXT, line INTEGER)")
    events = 0
    for file, line, time, text in messages:
        found = task.search(text)
        if not found:
            continue
        events += 1
        db.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
            (int(found[1]), time, number.sub("%s", text), file, line),
        )
    db.execute("CREATE INDEX event_task ON event (task, time)")
    db.execute("CREATE INDEX event_type ON event (type, time)")
    db.commit()
    print(json.dumps({"events": events}))
