"""Counts workers and attempts of Work Queue and TaskVine.

    python3 -B queue_transactions.py DIRECTORY_OR_TRANSACTION_LOG

An attempt lasts from a task's RUNNING to its next state, whatever that is, or
to the disconnection of its worker if that comes first. Libraries (LIBRARY, or
DUTY in TaskVine of early 2023) are no attempts. READY is a newer name for
WAITING.

A worker lives from CONNECTION to DISCONNECTION, the manager's END or the last
line of the log; a worker that reconnects has another life. It has as many
slots as tasks fit into its cores: those allocated to a task by RUNNING, or
else requested by READY. Where no task has cores, it has as many slots as tasks
ran on it at once, and without tasks as many as any other worker.
"""

import glob
import os
import re
import sys

from common import Tries, write

NAMES = ("transaction_log", "transactions", "*.txn.log", "*_tr.log")
CORES = re.compile(r'"cores":\[([\d.]+)')
FUNCTION = re.compile(r"needs file \S*/(\d{4,})/function ")
NOW_RUNNING = re.compile(r"Task (\d+) state change: .* to RUNNING")


def cores_in(line):
    found = CORES.search(line)
    return float(found.group(1)) if found else 0


def logs_in(path):
    if os.path.isfile(path):
        return [path]
    logs = {}  # TaskVine's most-recent is a link to another folder
    for name in NAMES:
        pattern = os.path.join(path, "**", name)
        for log in sorted(glob.glob(pattern, recursive=True)):
            logs.setdefault(os.path.realpath(log), log)
    return sorted(logs)


def executor_of(log):
    """(executor, run directory) by the path of a log that Parsl arranged."""
    parts = os.path.abspath(log).split(os.sep)
    if parts[-1] == "transaction_log":
        return parts[-2], os.sep.join(parts[:-2])
    if parts[-2] == "vine-logs" and parts[-4:-3]:
        runinfo = os.sep.join(parts[:-4])
        runs = sorted(glob.glob(os.path.join(runinfo, "[0-9]*", "")))
        if len(runs) == 1 and os.path.isdir(os.path.join(runs[0], parts[-4])):
            return parts[-4], runs[0]
    return None, None


def executor_tasks_of(log):
    """Executor tasks by the queue's tasks, as the debug log relates them."""
    related = {}
    for name in ("debug_log", "debug"):
        path = os.path.join(os.path.dirname(log), name)
        if not os.path.exists(path):
            continue
        function = None
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                needed = FUNCTION.search(line)
                if needed:
                    function = str(int(needed.group(1)))
                running = NOW_RUNNING.search(line)
                if running and function is not None:
                    related.setdefault(running.group(1), function)
                    function = None
    return related


def states_of(log):
    """The words and the time of each line."""
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            words = line.split()
            if len(words) >= 4 and words[0].isdigit():
                yield int(words[0]) / 1e6, words[2:], line


def outcome_of(states):
    """How an attempt ended, by the states of its task from RUNNING on."""
    names = [words[2] for _, words in states]
    if not names:
        return "running"
    if "RETRIEVED" in names:
        result = states[names.index("RETRIEVED")][1][3:5]
    elif "DONE" in names:
        result = states[names.index("DONE")][1][3:5]
    elif names == ["WAITING_RETRIEVAL"]:
        return "done"  # the log ends before the result came
    else:
        return "lost"  # WAITING, READY, CANCELED
    if result[:1] in (["UNKNOWN"], ["FORSAKEN"]):
        return "lost"
    return "done" if result == ["SUCCESS", "0"] else "failed"


def count_slots(workers, attempts):
    cores = [a["cores"] for a in attempts if a["cores"]]
    for life in workers:
        own = [a for a in attempts if a["life"] is life]
        own_cores = [a["cores"] for a in own if a["cores"]] or cores
        if own_cores and life["cores"]:
            life["slots"] = int(life["cores"] / min(own_cores))
            continue
        at_once = 0
        changes = [(a["start"], 1) for a in own]
        changes += [(a["end"], -1) for a in own]
        for _, change in sorted(changes):
            at_once += change
            life["slots"] = max(life["slots"], at_once)
    most = max((life["slots"] for life in workers), default=0)
    for life in workers:
        life["slots"] = life["slots"] or most or 1


def count_log(log):
    executor, directory = executor_of(log)
    tries = Tries(directory) if directory else None
    executor_tasks = executor_tasks_of(log)
    place = {"executor": executor, "block": None, "manager": None}
    workers, attempts, libraries = [], [], set()
    connected, at_address, running, states = {}, {}, {}, {}
    requested = {}
    time = None
    for time, words, line in states_of(log):
        if words[0] == "WORKER":
            name = words[1]
            address = next((w for w in words[2:4] if ":" in w), None)
            if "CONNECTION" in words[2:4]:
                life = {**place, "worker": name, "start": time, "end": None,
                        "slots": 0, "cores": 0}
                workers.append(life)
                connected[name] = at_address[address] = life
            elif "DISCONNECTION" in words[2:4] and name in connected:
                connected.pop(name)["end"] = time
            elif words[2] == "RESOURCES" and name in connected:
                connected[name]["cores"] = max(
                    connected[name]["cores"], cores_in(line)
                )
        elif words[0] in ("LIBRARY", "DUTY"):
            libraries.add(words[1])
        elif words[0] == "MANAGER" and "END" in words:
            for life in connected.values():
                life["end"] = time
            connected.clear()
        elif words[0] == "TASK":
            task, state = words[1:3]
            if task in running:
                running.pop(task)["end"] = time
            if task in states:
                states[task].append((time, words))
            if state in ("WAITING", "READY"):
                requested[task] = cores_in(line)
            if state == "RUNNING":
                life = connected.get(words[3]) or at_address.get(words[3])
                attempt = {"id": task, "start": time, "end": None,
                           "life": life, "states": [],
                           "cores": cores_in(line) or requested.get(task)}
                attempts.append(attempt)
                running[task] = attempt
                states[task] = attempt["states"]
    for life in workers:
        life["end"] = time if life["end"] is None else life["end"]
    attempts = [a for a in attempts if a["id"] not in libraries]
    for attempt in attempts:
        life = attempt["life"]
        end = time if attempt["end"] is None else attempt["end"]
        attempt["end"] = min(end, life["end"]) if life else end
    count_slots(workers, attempts)
    counted = []
    for attempt in attempts:
        life, task, try_ = attempt["life"], None, None
        executor_task = executor_tasks.get(attempt["id"])
        if tries and executor_task:
            task, try_ = tries.of(executor, executor_task)
        outcome = outcome_of(attempt["states"])
        if outcome == "done" and tries and (task, try_) in tries.failures:
            outcome = "failed"  # the function raised, which its result says
        counted.append(
            {**place, "worker": life and life["worker"], "task": task,
             "try": try_, "executor_task": executor_task,
             "queue_task": attempt["id"], "start": attempt["start"],
             "end": attempt["end"], "outcome": outcome}
        )
    for life in workers:
        life.pop("cores")
    return counted, workers


def count(path):
    attempts, workers = [], []
    for log in logs_in(path):
        more_attempts, more_workers = count_log(log)
        attempts += more_attempts
        workers += more_workers
    write(attempts, workers)


if __name__ == "__main__":
    count(sys.argv[1])
