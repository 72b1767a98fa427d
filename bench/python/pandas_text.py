# Every line of the text logs, and of those that name a task the time, the task
# and the template, as data frames in memory.
import pathlib
import sys

import pandas as pd

lines = pd.concat(
    [pd.DataFrame({"file": str(file), "line": file.read_text().splitlines()})
     for file in pathlib.Path(sys.argv[1]).rglob("*.log")], ignore_index=True)
task = lines.line.str.extract(r"[Tt]asks?:? \[?(\d+)", expand=False).dropna()
found = lines.line[task.index]
events = pd.DataFrame({
    "file": lines.file[task.index],
    "time": found.str.extract(r"^(\d+\.\d+) ", expand=False).astype(float),
    "task": task,
    "template": found.str.extract(r"(?:INFO|DEBUG|ERROR): (.*)$", expand=False)
        .str.replace(r"\d+", "%s", regex=True),
})
print(len(lines), len(events))
