# Each line of the text logs that names a task, as an event, with re and sqlite3.
import pathlib
import re
import sys

from sqlite3_events import write_events

begins = re.compile(r"(\d+\.\d+) \S+ \S+ .*? [A-Z]+: (.*)")


def messages(folder):
    for file in pathlib.Path(folder).rglob("*.log"):
        for at, line in enumerate(open(file), 1):
            match = begins.match(line)
            if match:
                yield str(file), at, float(match[1]), match[2]


runinfo, path = sys.argv[1:]
write_events(path, messages(runinfo))
