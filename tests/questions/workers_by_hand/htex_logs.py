"""Counts workers and attempts of HTEX or MPIExecutor from their logs.

    python3 -B htex_logs.py RUN_DIRECTORY

An attempt lasts from "Received executor task" in a worker's log to "All
processing finished" or, without it, "Completed". Without either it ends with
the earliest proof of death: the manager's "Worker N has died", the worker's
next start, the interchange's "Too many heartbeats missed", or the end of the
worker's life.

A worker lives from the first line of its log to the last line of its own log
or of its manager's, whichever is later. With Parsl's defaults, a manager's log
has no DEBUG lines, and so no line after its start: then its workers live until
the first of the manager's exit, "Too many heartbeats missed", the end of their
block or executor ("Marking block N as SCALED_IN", "Shut down executor") and
the last line of all logs. A worker that was restarted in its place is one life
with a gap.
"""

import glob
import os
import re
import sys

from common import Tries, lines_of, parsl_log, write, zone_of

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
DEBUG = re.compile(r"\bDEBUG(?:\]|:)")
EXITS = re.compile(r"process_worker_pool ran for|worker pool exiting")
SCALING = re.compile(r"Scaling (?:in )?executor ([^\]\s]+)")
SCALED_IN = re.compile(r"Marking block (\S+) as SCALED_IN")
SHUT_DOWN = re.compile(r"Shut down executor (\S+)")
CANCELLED = re.compile(r"Cancelling (?:htex )?tasks \[([\d, ]*)\]")


def number(match):
    return match and next(group for group in match.groups() if group)


def interchange_of(directory, executor, zone):
    """When managers were declared lost, their tasks, and the last line."""
    lost_managers, lost_tasks, last = {}, set(), None
    for path in glob.glob(
        os.path.join(directory, executor, "interchange.*log")
    ):
        for time, _, text in lines_of(path, zone):
            last = time if last is None else max(last, time)
            missed = MISSED.search(text)
            if missed:
                lost_managers.setdefault(missed.group(1), time)
            cancelled = CANCELLED.search(text)
            if cancelled:
                lost_tasks.update(re.findall(r"\d+", cancelled.group(1)))
    return lost_managers, lost_tasks, last


def manager_of(folder, zone):
    """Times of deaths and restarts by worker, and of the manager's end.

    The end is None if the log has no DEBUG lines and does not say it.
    """
    deaths, restarts, last = {}, {}, None
    is_quiet = True
    for path in glob.glob(os.path.join(folder, "manager.*log")):
        for time, _, text in lines_of(path, zone):
            last = time if last is None else max(last, time)
            if DEBUG.search(text) or EXITS.search(text):
                is_quiet = False
            died = DIED.search(text)
            if died:
                deaths.setdefault(died.group(1), []).append(time)
            restarted = RESTARTED.search(text)
            if restarted:
                restarts.setdefault(restarted.group(1), []).append(time)
    return deaths, restarts, None if is_quiet else last


def ends_in(directory):
    """When executors and their blocks ended, by parsl.log, and its end."""
    ends, last, scaling = {}, None, None
    path = parsl_log(directory)
    for time, _, text in lines_of(path) if path else ():
        last = time if last is None else max(last, time)
        named, scaled_in = SCALING.search(text), SCALED_IN.search(text)
        shut_down = SHUT_DOWN.search(text)
        if named:
            scaling = named.group(1)
        if scaled_in:
            ends.setdefault((scaling, scaled_in.group(1)), time)
        if shut_down:
            ends.setdefault((shut_down.group(1), None), time)
    return ends, last


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
    run_ends, run_last = ends_in(directory)
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
        lost_managers, lost_tasks, interchange_last = interchanges[executor]
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
        if manager_last is None:
            ends = [
                run_ends.get((executor, place["block"])),
                run_ends.get((executor, None)),
                lost_managers.get(manager),
            ]
            known = [end for end in ends if end is not None]
            lasts = [run_last, interchange_last, last]
            manager_last = min(known) if known else max(
                time for time in lasts if time is not None
            )
        life_end = max(last, manager_last)
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
