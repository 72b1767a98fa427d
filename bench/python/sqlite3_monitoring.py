# The tables of a monitoring.db, row by row, their times as Unix seconds; each
# change of state as an event, each number of a sample as a metric, and each task
# and try as a span.
import datetime
import json
import sqlite3
import sys

source, path = sys.argv[1:]
parsl = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
parsl.row_factory = sqlite3.Row
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
        db.execute(insert, (*row, *(unix(row[i]) for i in times)))

db.execute("CREATE TABLE span (id INTEGER PRIMARY KEY, key UNIQUE, attributes)")
spans = {}


def span(*key, **attributes):
    key = "/".join(map(str, key))
    if key not in spans:
        spans[key] = len(spans) + 1
        db.execute("INSERT INTO span VALUES (?, ?, ?)", (spans[key], key, json.dumps(attributes)))
    return spans[key]


for row in parsl.execute("SELECT * FROM task"):
    span(row["run_id"], row["task_id"], app=row["task_func_name"], depends=row["task_depends"])
for row in parsl.execute("SELECT * FROM try"):
    span(row["run_id"], row["task_id"], row["try_id"], executor=row["task_executor"],
         block=row["block_id"], hostname=row["hostname"])

db.execute("CREATE TABLE event (span_id, time REAL, type)")
for row in parsl.execute("SELECT * FROM status"):
    events += 1
    db.execute("INSERT INTO event VALUES (?, ?, ?)", (
        span(row["run_id"], row["task_id"], row["try_id"]),
        unix(row["timestamp"]), row["task_status_name"]))
db.execute("CREATE INDEX event_span ON event (span_id, time)")

db.execute("CREATE TABLE metric (span_id, time REAL, name, value REAL)")
for row in parsl.execute("SELECT * FROM resource"):
    number = span(row["run_id"], row["task_id"], row["try_id"])
    when = unix(row["timestamp"])
    for name in row.keys():
        if name.startswith("psutil_") and isinstance(row[name], (int, float)) \
                and name != "psutil_process_pid":
            db.execute("INSERT INTO metric VALUES (?, ?, ?, ?)", (number, when, name, row[name]))
db.execute("CREATE INDEX metric_span ON metric (span_id, name, time)")
db.commit()
print(json.dumps(dict(lines=lines, events=events)))
