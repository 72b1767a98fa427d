"""Reads lines of Parsl's logs, and counts attempts at random times."""

import json
import os
import re
import sys
from datetime import datetime, timezone
from random import Random

UNIX_TIME = re.compile(r"(\d{9,}\.\d+) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ")
LOCAL_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d+) ")
LAUNCHED = re.compile(
    r"[Tt]ask (\d+):? try (\d+) launched on executor (\S+)"
    r"(?: with executor id (\d+))?"
)
FAILED = re.compile(
    r"Task (\d+):? try (\d+) failed(?: with exception of type (\w+))?"
)


def unix(text):
    """Seconds since 1970 of a local time without a zone, taken as UTC."""
    text = text.replace(",", ".").replace("T", " ")
    form = "%Y-%m-%d %H:%M:%S" + (".%f" if "." in text else "")
    return datetime.strptime(text, form).replace(
        tzinfo=timezone.utc
    ).timestamp()


def lines_of(path, zone=0):
    """Yields (time, thread, text) of each line that begins with a time.

    zone: seconds that local time is ahead of UTC, for logs without Unix time
    """
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            if path.endswith(".jsonlog"):
                try:
                    record = json.loads(line)
                except ValueError:
                    continue  # cut in the middle
                yield (
                    float(record["created"]),
                    record.get("threadName", ""),
                    f"{record['levelname']}: {record['formatted']}",
                )
                continue
            start = UNIX_TIME.match(line)
            if start:
                words = line.split(" ", 5)
                thread = words[4] if len(words) > 4 else ""
                yield float(start.group(1)), thread, line.rstrip("\n")
                continue
            start = LOCAL_TIME.match(line)
            if start:
                yield unix(start.group(1)) - zone, "", line.rstrip("\n")


def parsl_log(directory):
    """The path of a run directory's parsl.log, or None."""
    for name in ("parsl.log", "parsl.jsonlog"):
        path = os.path.join(directory, name)
        if os.path.exists(path):
            return path
    return None


def zone_of(directory):
    """Seconds that the run's local time is ahead of UTC, by its parsl.log."""
    path = parsl_log(directory)
    if path and path.endswith(".log"):
        with open(path, encoding="utf-8", errors="replace") as log:
            for line in log:
                start = UNIX_TIME.match(line)
                if start:
                    ahead = unix(start.group(2)) - float(start.group(1))
                    return round(ahead / 900) * 900
    return 0


class Tries:
    """What parsl.log says about the tries of tasks."""

    def __init__(self, directory):
        self.launches = []  # (time, task, try, executor, executor task)
        self.by_executor_task = {}  # (executor, executor task): (task, try)
        self.failures = {}  # (task, try): type of exception, or ""
        self.has_ended = False
        self.last_time = None
        path = parsl_log(directory)
        for time, _, text in lines_of(path) if path else ():
            self.last_time = max(time, self.last_time or time)
            launched = LAUNCHED.search(text)
            if launched:
                task, attempt, executor, number = launched.groups()
                self.launches.append((time, task, attempt, executor, number))
                if number is not None:
                    self.by_executor_task[executor, number] = (task, attempt)
            failed = FAILED.search(text)
            if failed:
                self.failures[failed.group(1, 2)] = failed.group(3) or ""
            if "DFK cleanup complete" in text or "Unregistered default DFK" in text:
                self.has_ended = True

    def of(self, executor, executor_task):
        """(task, try) of an executor's task, or (None, None)."""
        return self.by_executor_task.get(
            (executor, executor_task), (None, None)
        )


def busy_at(attempts, time):
    """The number of attempts that run at a time."""
    return sum(a["start"] <= time < a["end"] for a in attempts)


def slots_at(workers, time):
    """The number of slots of the workers that live at a time."""
    return sum(w["slots"] for w in workers if w["start"] <= time < w["end"])


def instants(attempts, workers, count=20, seed=19):
    """Busy attempts and slots at random times of the workers' lives."""
    lives = workers or attempts
    if not lives:
        return []
    first = min(life["start"] for life in lives)
    last = max(life["end"] for life in lives)
    random = Random(seed)
    times = sorted(random.uniform(first, last) for _ in range(count))
    return [
        {
            "time": time,
            "busy": busy_at(attempts, time),
            "slots": slots_at(workers, time),
        }
        for time in times
    ]


def write(attempts, workers):
    """Prints the counts as JSON."""
    attempts.sort(key=lambda a: (a["start"], str(a["executor_task"])))
    workers.sort(key=lambda w: (w["start"], str(w["worker"])))
    json.dump(
        {
            "attempts": attempts,
            "workers": workers,
            "instants": instants(attempts, workers),
        },
        sys.stdout,
        indent=1,
    )
