"""Prints what to import one by one, a path in each line.

    python3 find_runs.py /scratch/me/runs > runs.txt

A run is a directory with a parsl.log, or a numbered one in runinfo. A monitoring.db
is about all runs beside it: its directory is imported as a whole. A path with none of
these below it, such as a tarball, is printed as it is.
"""

import os
import sys

LOGS = {"parsl.log", "parsl.log.gz", "parsl.jsonlog"}


def is_run(folder, files):
    *_, parent, name = folder.split(os.sep)
    is_numbered = parent == "runinfo" and name.isdigit()
    return is_numbered or "monitoring.db" in files or LOGS & set(files)


def find_runs(paths):
    """The directories to import, each once, in the order of their paths."""
    found = {}
    for path in filter(None, paths):
        if not os.path.exists(path):
            sys.exit(f"there is no {path}")
        runs = []
        for folder, folders, files in os.walk(os.path.realpath(path)):
            folders.sort()
            if is_run(folder, files):
                runs.append(folder)
                folders.clear()
        for run in runs or [os.path.realpath(path)]:
            found[run] = True
    return list(found)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print(*find_runs(sys.argv[1:]), sep="\n")
