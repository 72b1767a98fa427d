"""Counts workers and attempts from monitoring.db alone.

    python3 -B monitoring.py RUNINFO_OR_DATABASE

An attempt lasts from a try's state running to running_ended, or else to the
try's next state, or else to the last time in the database. Join apps, which
run in the submit process, are left out.

A manager with worker_count slots lives from the first to the last row of its
uid in the table node, if that says that it is no longer active, or else to the
last time in the database. Times are the submit host's local time: a parsl.log
beside the database tells its zone, and without one they are taken as UTC.
"""

import glob
import os
import sqlite3
import sys
from pathlib import Path

from common import unix, write, zone_of

FINAL = ("exec_done", "fail_retryable", "failed", "joining")


def last_time(db, run, zone):
    """The latest time that the database has of a run."""
    times = []
    for table in ("status", "node", "resource", "block"):
        row = db.execute(
            f"SELECT max(timestamp) FROM {table} WHERE run_id = ?", (run,)
        ).fetchone()
        times += [unix(row[0]) - zone] if row[0] else []
    return max(times)


def managers_in(db, zone):
    """Lives of managers, and the executors that have a block."""
    labels = {}
    for run, block, label in db.execute(
        "SELECT DISTINCT run_id, block_id, executor_label FROM block"
    ):
        labels.setdefault((run, block), set()).add(label)
    managers = []
    for run, uid, block, host, slots, first, final, active in db.execute(
        """SELECT run_id, uid, block_id, hostname, max(worker_count),
             min(timestamp), max(timestamp), min(active)
           FROM node GROUP BY run_id, uid ORDER BY min(timestamp)"""
    ):
        executors = labels.get((run, block), set())
        managers.append(
            {"run": run,
             "executor": next(iter(executors)) if len(executors) == 1 else None,
             "block": block, "manager": uid, "worker": None, "host": host,
             "start": unix(first) - zone,
             "end": last_time(db, run, zone) if active
             else unix(final) - zone,
             "slots": slots}
        )
    return managers


def states_in(db, zone):
    """The times and names of each try's states, in order."""
    states = {}
    for run, task, try_, name, time in db.execute(
        """SELECT run_id, task_id, try_id, task_status_name, timestamp
           FROM status ORDER BY timestamp"""
    ):
        states.setdefault((run, task, try_), []).append(
            (unix(time) - zone, name)
        )
    return states


def attempt_of(states, last):
    """(start, end, outcome) of a try, or None if it never ran."""
    start = next((time for time, name in states if name == "running"), None)
    if start is None:
        return None
    later = [
        (time, name) for time, name in states
        if time >= start and name not in ("running", "launched", "pending")
    ]
    end = next((time for time, name in later if name == "running_ended"), None)
    final = next(((time, name) for time, name in later if name in FINAL), None)
    if end is not None:
        failed = final and final[1] in ("fail_retryable", "failed")
        return start, end, "failed" if failed else "done"
    if final is not None:
        done = final[1] in ("exec_done", "joining")
        return start, final[0], "done" if done else "lost"
    return start, last, "running"


def count(path):
    database = path
    if os.path.isdir(path):
        database = os.path.join(path, "monitoring.db")
    zone = 0
    for run in glob.glob(os.path.join(os.path.dirname(database), "[0-9]*", "")):
        zone = zone or zone_of(run)
    address = Path(database).resolve().as_uri() + "?mode=ro&immutable=1"
    db = sqlite3.connect(address, uri=True)
    managers = managers_in(db, zone)
    attempts, last = [], {}
    tries = {
        (run, task, try_): (executor, block, host)
        for run, task, try_, executor, block, host in db.execute(
            """SELECT run_id, task_id, try_id, task_executor, block_id,
                 hostname FROM try"""
        )
    }
    for (run, task, try_), states in states_in(db, zone).items():
        executor, block, host = tries.get((run, task, try_), (None,) * 3)
        if run not in last:
            last[run] = last_time(db, run, zone)
        attempt = attempt_of(states, last[run])
        if attempt is None or executor == "_parsl_internal":
            continue
        homes = [
            m["manager"] for m in managers
            if m["run"] == run and m["executor"] == executor
            and m["block"] == block and m["host"] == host
        ]
        attempts.append(
            {"run": run, "executor": executor, "block": block or None,
             "manager": homes[0] if len(homes) == 1 else None, "worker": None,
             "task": str(task), "try": str(try_), "executor_task": None,
             "start": attempt[0], "end": attempt[1], "outcome": attempt[2]}
        )
    write(attempts, managers)


if __name__ == "__main__":
    count(sys.argv[1])
