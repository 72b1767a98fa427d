"""Counts workers and attempts of HTEX or MPIExecutor from their logs.

    python3 -B htex_logs.py RUN_DIRECTORY

An attempt lasts from "Received executor task" in a worker's log to "All
processing finished" or, without it, "Completed". Without either it ends with
the earliest proof of death: the manager's "Worker N has died", the worker's
next start, the interchange's "Too many heartbeats missed", or the end of the
worker's life.

A worker lives from the first line of its log to the last line of its own log
or of its manager's, whichever is later. A worker that was restarted in its
place is one life with a gap.
"""

import glob
import os
import re
import sys

from common import Tries, lines_of, write, zone_of

RECEIVED = re.compile(
    r"Received (?:executor )?task (\d+)|HTEX task (\d+): received"
)
COMPLETED = re.compile(
    r"Completed (?:executor )?task (\d+)|HTEX task (\d+): Completed"
)
FINISHED = re.compile(
    r"All processing finished for (?:executor )?task (\d+)"
    r"|HTEX task (\d+): All processing finished"
)
STARTED = re.compile(r"Worker (\d+) started")
DIED = re.compile(r"Worker (\d+) has died")
RESTARTED = re.compile(r"Worker (\d+) has been restarted")
MISSED = re.compile(r"Too many heartbeats missed for manager b'(\w+)'")
CANCELLED = re.compile(r"Cancelling (?:htex )?tasks \[([\d, ]*)\]")


def number(match):
    return match and next(group for group in match.groups() if group)


def interchange_of(directory, executor, zone):
    """Times at which managers were declared lost, and the tasks they had."""
    lost_managers, lost_tasks = {}, set()
    for path in glob.glob(
        os.path.join(directory, executor, "interchange.*log")
    ):
        for time, _, text in lines_of(path, zone):
            missed = MISSED.search(text)
            if missed:
                lost_managers.setdefault(missed.group(1), time)
            cancelled = CANCELLED.search(text)
            if cancelled:
                lost_tasks.update(re.findall(r"\d+", cancelled.group(1)))
    return lost_managers, lost_tasks


def manager_of(folder, zone):
    """Times of deaths and restarts by worker, and the manager's last line."""
    deaths, restarts, last = {}, {}, None
    for path in glob.glob(os.path.join(folder, "manager.*log")):
        for time, _, text in lines_of(path, zone):
            last = time if last is None else max(last, time)
            died = DIED.search(text)
            if died:
                deaths.setdefault(died.group(1), []).append(time)
            restarted = RESTARTED.search(text)
            if restarted:
                restarts.setdefault(restarted.group(1), []).append(time)
    return deaths, restarts, last


def attempts_in(path, zone):
    """Attempts by one worker's log, and its first and last time."""
    attempts, first, last, running, completed = [], None, None, None, None
    for time, _, text in lines_of(path, zone):
        first = time if first is None else first
        last = time if last is None else max(last, time)
        received = number(RECEIVED.search(text))
        if received or STARTED.search(text):
            if running:
                running["next"] = time
            running = None
        if received:
            running = {"executor_task": received, "start": time, "end": None}
            attempts.append(running)
        elif running and "Caught an exception" in text:
            running["failed"] = True
        elif running and number(COMPLETED.search(text)):
            running["end"] = time
        elif running and number(FINISHED.search(text)):
            running["end"] = time
            running = None
    return attempts, first, last


def count(directory):
    zone, tries = zone_of(directory), Tries(directory)
    attempts, workers, interchanges, managers = [], [], {}, {}
    logs = glob.glob(
        os.path.join(directory, "*", "block-*", "*", "worker_*log")
    )
    for path in sorted(logs):
        folder = os.path.dirname(path)
        executor, block, manager, _ = path.split(os.sep)[-4:]
        worker = re.search(r"worker_(\d+)", path).group(1)
        if executor not in interchanges:
            interchanges[executor] = interchange_of(directory, executor, zone)
        lost_managers, lost_tasks = interchanges[executor]
        if folder not in managers:
            managers[folder] = manager_of(folder, zone)
        deaths, restarts, manager_last = managers[folder]
        place = {
            "executor": executor,
            "block": block[len("block-"):],
            "manager": manager,
            "worker": worker,
        }
        found, first, last = attempts_in(path, zone)
        if first is None:
            continue
        life_end = max(last, manager_last or last)
        gaps = list(zip(deaths.get(worker, []), restarts.get(worker, [])))
        workers.append(
            {**place, "start": first, "end": life_end, "slots": 1,
             "gaps": gaps}
        )
        for attempt in found:
            task, try_ = tries.of(executor, attempt["executor_task"])
            failure = tries.failures.get((task, try_))
            was_lost = (
                attempt["executor_task"] in lost_tasks
                or failure in ("ManagerLost", "WorkerLost")
            )
            end = attempt["end"]
            if end is None:
                proofs = [
                    time for time in deaths.get(worker, [])
                    if time >= attempt["start"]
                ]
                proofs += [attempt["next"]] if "next" in attempt else []
                is_dead = bool(proofs) or was_lost or tries.has_ended
                if manager in lost_managers:
                    is_dead = True
                    proofs.append(lost_managers[manager])
                end = min(proofs + [life_end])
                outcome = "lost" if is_dead else "running"
            elif was_lost:
                outcome = "lost"
            elif attempt.get("failed") or failure is not None:
                outcome = "failed"
            else:
                outcome = "done"
            attempts.append(
                {**place, "task": task, "try": try_,
                 "executor_task": attempt["executor_task"],
                 "start": attempt["start"], "end": end, "outcome": outcome}
            )
    write(attempts, workers)


if __name__ == "__main__":
    count(sys.argv[1])
