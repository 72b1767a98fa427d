# The tables of a monitoring.db, row by row, their times as Unix seconds, and
# each change of state as an event.
import datetime
import json
import resource
import sqlite3
import sys
import time

source, path = sys.argv[1:]
start = time.perf_counter()
parsl = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
db = sqlite3.connect(path)


def unix(text):
    return text and datetime.datetime.fromisoformat(text).timestamp()


lines = events = 0
for table in ("workflow", "task", "try", "status", "resource", "block", "node"):
    columns = parsl.execute(f"PRAGMA table_info('{table}')").fetchall()
    times = [i for i, column in enumerate(columns) if column[2] == "DATETIME"]
    names = [column[1] for column in columns]
    names += [f"{columns[i][1]}_unix" for i in times]
    db.execute(f"CREATE TABLE {table} ({', '.join(names)})")
    insert = f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})"
    for row in parsl.execute(f"SELECT * FROM '{table}'"):
        lines += 1
        db.execute(insert, row + tuple(unix(row[i]) for i in times))
db.execute("CREATE TABLE event (run, task, try, time REAL, type)")
for run, task, number, state, when in parsl.execute(
    "SELECT run_id, task_id, try_id, task_status_name, timestamp FROM status"
):
    events += 1
    db.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?)", (run, task, number, unix(when), state))
db.execute("CREATE INDEX event_task ON event (run, task, time)")
db.commit()
seconds = time.perf_counter() - start
memory = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(dict(seconds=seconds, lines=lines, events=events, memory=memory)))
