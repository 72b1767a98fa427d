# The chain that led to the end of each task of each run, read from a
# monitoring.db whose clock is UTC: "task:part:end", the end in microseconds.
import json, sqlite3, sys
from datetime import datetime, timezone

db = sqlite3.connect("file:%s?mode=ro&immutable=1" % sys.argv[1], uri=True)


def micro(text):
    if text is None:
        return None
    time = datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    return round(time.timestamp() * 1e6)


paths = {}
for (run,) in db.execute("SELECT run_id FROM workflow"):
    tasks = {}
    for number, depends, invoked in db.execute(
            "SELECT task_id, task_depends, task_time_invoked FROM task"
            " WHERE run_id = ?", [run]):
        tasks[number] = {
            "depends": [int(n) for n in (depends or "").split(",") if n],
            "joins": [], "submitted": micro(invoked), "end": None,
            "launched": None}
    for number, joins in db.execute(
            "SELECT task_id, task_joins FROM try WHERE run_id = ?", [run]):
        tasks[number]["joins"] += [int(n) for n in (joins or "").split(",") if n]
    for number, attempt, state, time in db.execute(
            "SELECT task_id, try_id, task_status_name, timestamp FROM status"
            " WHERE run_id = ? ORDER BY timestamp", [run]):
        if state in ("exec_done", "memo_done", "dep_fail", "failed"):
            tasks[number]["end"] = micro(time)
        if state == "launched" and attempt == 0:
            tasks[number]["launched"] = micro(time)

    def last(numbers):
        ended = [n for n in numbers if tasks[n]["end"] is not None]
        return max(ended, key=lambda n: tasks[n]["end"], default=None)

    def to_end(number, outer):
        task = tasks[number]
        inner = last(task["joins"])
        if inner is not None:
            return to_end(inner, outer + [number]) + [
                (number, "join", task["end"])]
        return to_start(number, outer) + [(number, "task", task["end"])]

    def to_start(number, outer):
        task = tasks[number]
        before = last(task["depends"])
        if before is not None and tasks[before]["end"] >= task["submitted"]:
            return to_end(before, outer)
        for i in reversed(range(len(outer))):
            join = tasks[outer[i]]
            if join["launched"] <= task["submitted"] <= join["end"]:
                return to_start(outer[i], outer[:i]) + [
                    (outer[i], "start", task["submitted"])]
        return [] if before is None else to_end(before, outer)

    for number, task in tasks.items():
        if task["end"] is not None:
            # The older Parsl may write an inner task's end after the outer's.
            links, limit = [], task["end"]
            for number_of_link, part, end in reversed(to_end(number, [])):
                limit = min(limit, end)
                links.insert(0, "%d:%s:%d" % (number_of_link, part, limit))
            paths["%s/%d" % (run, number)] = links
print(json.dumps(paths))
