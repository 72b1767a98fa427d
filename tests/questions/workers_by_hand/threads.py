"""Counts workers and attempts of thread pools from parsl.log.

    python3 -B threads.py RUN_DIRECTORY

An attempt lasts from running to running_ended where monitoring.db has them.
Otherwise the thread that ran a try logs its next state ("changing state from
launched to ..."), which ends the attempt; it starts when its state became
launched or when its thread ended the attempt before it, whichever is later,
because a pool runs tries in the order in which they were launched.

A worker is a thread that logged an end, by its name. It lives as long as its
pool: from "Adding executor" to "Shut down executor", or else from the first to
the last line of parsl.log. Tries of HTEX and the like, which have an executor
id, and those of join apps, which run in the submit process, are left out.
"""

import os
import re
import sqlite3
import sys
from pathlib import Path

from common import Tries, lines_of, parsl_log, unix, write, zone_of

ENDED = re.compile(
    r"Task (\d+):? (?:changing state from launched to (\w+)"
    r"|completed \(launched -> (\w+)\))"
)
FAILED_2023 = re.compile(r"Task (\d+) (marked for retry|failed after \d+)")
LAUNCHED = re.compile(r"Task (\d+):? changing state from pending to launched")
ADDED = re.compile(r"Adding executor (\S+) of type")
SHUT_DOWN = re.compile(r"Shut down executor (\S+)")


def ends_of(directory):
    """(time, thread, outcome) of each end of an attempt, by task."""
    ends, older = {}, {}
    has_states = False
    for time, thread, text in lines_of(parsl_log(directory)):
        ended, failed = ENDED.search(text), FAILED_2023.search(text)
        if ended:
            has_states = has_states or bool(ended.group(2))
            state = ended.group(2) or ended.group(3)
            outcome = "done" if state == "exec_done" else "failed"
            end = time, thread, outcome
            ends.setdefault(ended.group(1), []).append(end)
            older.setdefault(ended.group(1), []).append(end)
        elif failed:
            older.setdefault(failed.group(1), []).append(
                (time, thread, "failed")
            )
    return ends if has_states else older


def lives_of(directory):
    """(first, last) of each pool, the run's under None, and launches by task."""
    starts, ends, launches = {}, {}, {}
    for time, _, text in lines_of(parsl_log(directory)):
        starts.setdefault(None, time)
        ends[None] = max(time, ends.get(None, time))
        added, shut = ADDED.search(text), SHUT_DOWN.search(text)
        launched = LAUNCHED.search(text)
        if added:
            starts[added.group(1)] = time
        if shut:
            ends[shut.group(1)] = time
        if launched:
            launches.setdefault(launched.group(1), []).append(time)
    return starts, ends, launches


def running_times(directory):
    """When each try began and ceased to run, by monitoring.db."""
    database = os.path.join(os.path.dirname(directory), "monitoring.db")
    if not os.path.exists(database):
        return {}
    zone = zone_of(directory)
    address = Path(database).resolve().as_uri() + "?mode=ro&immutable=1"
    db = sqlite3.connect(address, uri=True)
    return {
        (str(task), str(try_), state): unix(time) - zone
        for task, try_, state, time in db.execute(
            """SELECT task_id, try_id, task_status_name, min(timestamp)
               FROM status JOIN workflow USING (run_id)
               WHERE task_status_name IN ('running', 'running_ended')
                 AND rundir LIKE '%/' || ?
               GROUP BY task_id, try_id, task_status_name""",
            (os.path.basename(directory),),
        )
    }


def count(directory):
    directory = os.path.abspath(directory)
    tries, ends = Tries(directory), ends_of(directory)
    running = running_times(directory)
    starts, last, launches = lives_of(directory)
    attempts = []
    for launched, task, try_, executor, executor_task in tries.launches:
        if executor_task is not None or executor == "_parsl_internal":
            continue
        known = ends.get(task)
        end, thread, outcome = known.pop(0) if known else (
            tries.last_time, "", "running"
        )
        if launches.get(task):
            launched = launches[task].pop(0)
        attempts.append(
            {"executor": executor, "block": None, "manager": None,
             "worker": re.sub(r"-\d+$", "", thread) or None,
             "task": task, "try": try_, "executor_task": None,
             "start": launched, "end": end, "outcome": outcome}
        )
    workers, free = {}, {}
    for attempt in sorted(attempts, key=lambda a: a["end"]):
        place = attempt["executor"], attempt["worker"]
        start = max(attempt["start"], free.get(place, 0))
        free[place] = attempt["end"]
        try_ = attempt["task"], attempt["try"]
        attempt["start"] = running.get(
            (*try_, "running"), min(start, attempt["end"])
        )
        attempt["end"] = running.get((*try_, "running_ended"), attempt["end"])
        workers.setdefault(
            place,
            {"executor": place[0], "block": None, "manager": None,
             "worker": place[1],
             "start": starts.get(place[0], starts[None]),
             "end": last.get(place[0], last[None]), "slots": 1},
        )
    write(attempts, list(workers.values()))


if __name__ == "__main__":
    count(sys.argv[1])
