# The tables of a monitoring.db, with times as Unix seconds, each change of state
# as an event and each number of a sample as a metric, as data frames in memory.
import sqlite3
import sys

import pandas as pd

db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
tables = {}
for name in ("workflow", "task", "try", "status", "resource", "block", "node"):
    table = pd.read_sql(f'SELECT * FROM "{name}"', db)
    for _, column, type, *_ in db.execute(f"PRAGMA table_info('{name}')"):
        if type == "DATETIME":
            times = pd.to_datetime(table[column], format="ISO8601")
            table[f"{column}_unix"] = (times - pd.Timestamp(0)) / pd.Timedelta("1s")
    tables[name] = table
key = ["run_id", "task_id", "try_id"]
events = tables["status"][[*key, "timestamp_unix", "task_status_name"]]
numbers = tables["resource"].select_dtypes("number").columns
metrics = tables["resource"].melt(
    [*key, "timestamp_unix"],
    [name for name in numbers if name.startswith("psutil_process_")
     and name != "psutil_process_pid"])
print(len(events), len(metrics))
