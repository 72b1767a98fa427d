# All records of the JSON logs, and of those that name a task the time, the task
# and the template, as data frames in memory.
import pathlib
import sys

import pandas as pd

records = pd.concat(
    [pd.read_json(file, lines=True).assign(file=str(file))
     for file in pathlib.Path(sys.argv[1]).rglob("*.jsonlog")], ignore_index=True)
task = records.formatted.str.extract(r"\b[Tt]asks?:? \[?(\d+)", expand=False).dropna()
found = records.loc[task.index]
events = pd.DataFrame({
    "file": found.file,
    "time": found.created,
    "task": task,
    "template": found.formatted.str.replace(r"\d+", "%s", regex=True),
})
print(len(records), len(events))
