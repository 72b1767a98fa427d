# The queues of a run of the high throughput executor, and the stages that limit
# it, in every second: counted moment by moment from the lines of its packed logs.
import json, re, sys, tarfile

lines = []
with tarfile.open(sys.argv[1]) as tar:
    for member in tar:
        if member.isfile():
            for line in tar.extractfile(member).read().decode().splitlines():
                if re.match(r"\d+\.\d+ ", line):
                    lines.append((float(line.split()[0]), member.name, line))
lines.sort()

# When each line about a task was written, by the number of the executor's task.
noted, number_of, needs, ended, pending = {}, {}, {}, {}, {}
starts, readings = {}, []


def note(task, name, time):
    noted.setdefault(int(task), {}).setdefault(name, time)


for time, path, line in lines:
    def find(pattern):
        return re.search(pattern, line)
    if "worker_" in path:
        starts.setdefault(path, time)
    if m := find(r"Task (\d+) initializing state to pending"):
        pending[int(m[1])] = time
    if m := find(r"Task (\d+) has dependency task (\d+)"):
        needs.setdefault(int(m[1]), []).append(int(m[2]))
    if m := find(r"Task (\d+) changing state from pending to launched"):
        # The next line has the number, but is later.
        launched = time
    if m := find(r"task (\d+) try 0 launched on executor htex with .* id (\d+)"):
        number_of[int(m[1])] = int(m[2])
        note(m[2], "launched", launched)
    if m := find(r"Task (\d+) changing state from launched to exec_done"):
        ended[int(m[1])] = time
    if m := find(r"Put task (\d+) onto pending_task_queue"):
        note(m[1], "put", time)
    if m := find(r"(?:Sent|Got executor) tasks: \[([\d, ]*)\]"):
        for task in m[1].split(", "):
            note(task, "held", time)
    if m := find(r"(Received|Completed) executor task (\d+)"):
        note(m[2], m[1], time)
    if m := find(r"pending tasks: (\d+)"):
        readings.append(int(m[1]))

# The times at which each task enters each queue, and leaves the last.
ways = []
for task, number in number_of.items():
    seen = noted[number]
    ready = max([pending[task]] + [ended[other] for other in needs.get(task, [])])
    way = [pending[task], min(ready, seen["launched"]), seen["put"],
           seen["held"], seen["Received"], seen["Completed"], ended[task]]
    for i in range(len(way) - 2, -1, -1):
        way[i] = min(way[i], way[i + 1])
    ways.append(way)

names = ["pending", "launching", "queued", "held", "running", "returning"]
stages = ["submission", "dependencies", "dispatch", "workers", "return"]


def limits(now, workers):
    def count(first, last, least=0):
        return sum(way[first] <= now < way[last]
                   and way[last] - way[first] >= least for way in ways)
    launch, dispatch, back = count(1, 2, 0.1), count(2, 4, 0.1), count(5, 6, 0.1)
    running, waiting = count(4, 5), launch + dispatch
    share = dict.fromkeys(stages, 0)
    if waiting and not workers:
        share["workers"] = 1
    elif waiting and running + dispatch >= workers:
        if back > max(waiting, workers):
            share["return"] = 1
        else:
            share["workers"] = running / workers
            share["dispatch"] = 1 - running / workers
    else:
        if launch:
            share["submission"] = min(1, launch / (workers - running - dispatch))
        left = 1 - share["submission"]
        if back:
            share["return"] = left * back / (back + running)
        left -= share["return"]
        share["dependencies" if count(0, 1) else "submission"] += left
    return share


start, end = min(way[0] for way in ways), max(way[-1] for way in ways)
moments = {time for way in ways for time in way} | set(starts.values())
moments |= {float(second) for second in range(int(start) + 1, int(end) + 1)}
moments = sorted(time for time in moments if start <= time <= end)
bins = {}
for now, until in zip(moments, moments[1:]):
    bin = bins.setdefault(int(now), dict.fromkeys(names + stages, 0))
    seconds = until - now
    for i, name in enumerate(names):
        bin[name] += seconds * sum(way[i] <= now < way[i + 1] for way in ways)
    workers = sum(start <= now for start in starts.values())
    for stage, share in limits(now, workers).items():
        bin[stage] += seconds * share
print(json.dumps({
    "tasks": len(ways), "start": start, "end": end, "readings": readings,
    "bins": [bins[second] for second in sorted(bins)]}))
