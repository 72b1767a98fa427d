# What the workers of one run directory did and waited for, read from the lines
# of its logs. It goes through the moments at which anything changes, one by one.
import glob, json, os, re, sys
from datetime import datetime, timezone

rundir = sys.argv[1]


def lines(path):
    for line in open(path, errors="replace") if os.path.exists(path) else ():
        unix = re.match(r"(\d+\.\d+) ", line)
        clock = re.match(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+) ", line)
        if unix:
            yield float(unix[1]), line
        elif clock:
            time = datetime.fromisoformat(clock[1])
            yield time.replace(tzinfo=timezone.utc).timestamp(), line


def numbers(text):
    return [int(n) for n in text.split(",")]


rows = []
for log in glob.glob(rundir + "/*/interchange.log"):
    folder = os.path.dirname(log)
    executor = os.path.basename(folder)
    waits, sent, got, received, over, whose = {}, {}, {}, {}, {}, {}
    entered = {}
    # Until it is launched, a try may wait for others.
    since, pending, launched_on = {}, [], {}
    for time, line in lines(rundir + "/parsl.log"):
        # Where both lines are there, the one that says the state comes first.
        found = re.search(r"Task (\d+) changing state from \w+ to launched", line)
        if found:
            entered[found[1]] = time
        found = re.search(r"Task (\d+):? (?:(?:initializing|changing) state .*to"
                          r" pending|set to pending state)", line)
        if found:
            since[found[1]] = time
        found = re.search(r"Task (\d+):? (?:changing state from pending to"
                          r"|completed \(pending ->|failed due to dep)", line)
        if found and found[1] in since:
            pending.append([found[1], since.pop(found[1]), time, None])
        found = re.search(r"Parsl task (\d+) try \d+ launched on executor (\S+)"
                          r" with executor id (\d+)", line)
        if found:
            launched_on[found[1]] = found[2]
            if found[1] in since:
                pending.append([found[1], since.pop(found[1]), time, None])
            for wait in pending[::-1]:
                if wait[0] == found[1]:
                    wait[3] = int(found[3])
                    break
        if found and found[2] == executor:
            waits[int(found[3])] = entered.get(found[1], time)
    for time, line in lines(log):
        found = re.search(r"Put task (\d+) onto pending_task_queue", line)
        if found:
            task = int(found[1])
            waits[task] = min(waits.get(task, time), time)
        found = re.search(r"Sent tasks: \[(.*)\] to manager b'(\w+)'", line)
        if found:
            for task in numbers(found[1]):
                sent[task], whose[task] = time, found[2]
        found = re.search(r"Cancelling htex tasks \[(.+)\]", line)
        if found:
            for task in numbers(found[1]):
                over[task] = time
    workers = []
    for manager_log in glob.glob(folder + "/block-*/*/manager.log"):
        manager = os.path.basename(os.path.dirname(manager_log))
        manager_end = max(time for time, line in lines(manager_log))
        for path in glob.glob(os.path.dirname(manager_log) + "/worker_*.log"):
            number = re.search(r"worker_(\d+)\.log", path)[1]
            begun, busy, current = None, [], None
            for time, line in lines(path):
                begun = begun or time
                found = re.search(r"Received executor task (\d+)", line)
                if found:
                    current = time
                    received[int(found[1])] = time
                if "All processing finished" in line:
                    busy.append((current, time))
                    current = None
                last = time
            end = max(last, manager_end)
            if current:
                busy.append((current, end))
            workers.append((manager, number, begun, end, busy))
    over.update(received)
    for manager, number, begun, end, busy in workers:
        marks = [(s, "busy", 1) for s, _ in busy]
        marks += [(e, "busy", -1) for _, e in busy]
        for task in waits:
            if sent.get(task, 9e99) > waits[task]:
                marks.append((waits[task], "dispatch", 1))
                marks.append((sent.get(task, 9e99), "dispatch", -1))
        for task in sent:
            if whose[task] == manager and over.get(task, 9e99) > sent[task]:
                marks.append((sent[task], "held", 1))
                marks.append((over.get(task, 9e99), "held", -1))
        for task, start, stop, own in pending:
            if launched_on.get(task, executor) == executor:
                marks.append((start, "pending", 1))
                # The interchange may have it before Parsl logs the launch.
                marks.append((min(stop, waits.get(own, stop)), "pending", -1))
        marks += [(begun, "life", 1), (end, "life", -1)]
        causes = ["busy", "held", "dispatch", "pending"]
        counts = dict.fromkeys([*causes, "life"], 0)
        sums = dict.fromkeys([*causes, "none"], 0)
        before = None
        for time, what, change in sorted(marks):
            if counts["life"]:
                state = next((name for name in causes if counts[name]), "none")
                sums[state] += time - before
            counts[what] += change
            before = time
        rows.append({"executor": executor, "manager": manager,
                     "worker": number, "life": end - begun,
                     "tasks": len(busy), **sums})
print(json.dumps(rows))
