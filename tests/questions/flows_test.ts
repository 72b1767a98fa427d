import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase, sql } from "dnpc/sql";
import { eventCounts, spansBetween, timesBetween } from "dnpc/questions";
import { askPython } from "../importers/databases.ts";
import { larger } from "../importers/logs.ts";

// For each executor of a run: the length of the interchange's queue after each
// change, the wait of each task, and the tries that ended in each second.
const script = `
import collections, glob, json, os, re, statistics, sys
root = sys.argv[1]
result = {"queues": {}, "fits": {}}
for log in sorted(glob.glob(root + "/*/interchange.log")):
    into, out = {}, {}
    for line in open(log):
        found = re.search(r"Put task (\\d+) onto pending_task_queue", line)
        if found: into[int(found[1])] = float(line.split()[0])
        found = re.search(r"Sent tasks: \\[(.*)\\] to manager", line)
        if found:
            for task in found[1].split(","): out[int(task)] = float(line.split()[0])
    marks = collections.Counter()
    for task in into:
        marks[into[task]] += 1
        marks[out[task]] -= 1
    count, steps = 0, []
    for time in sorted(marks):
        if marks[time]:
            count += marks[time]
            steps.append([time, count, marks[time]])
    executor = os.path.basename(os.path.dirname(log))
    result["queues"][executor] = steps
    lengths = {time: count for time, count, _ in steps}
    x = [lengths[into[t]] for t in into]
    y = [out[t] - into[t] for t in into]
    line = statistics.linear_regression(x, y)
    deciles = statistics.quantiles(y, n=10, method="inclusive")
    result["fits"][executor] = [len(x), line.slope, line.intercept,
        statistics.correlation(x, y), statistics.median(y), deciles[8]]
ends = collections.Counter(
    int(float(line.split()[0])) for line in open(root + "/parsl.log")
    if re.search(r"Task \\d+ changing state from \\w+ to exec_done", line))
result["ends"] = [[s, ends[s]] for s in range(min(ends), max(ends) + 1)]
print(json.dumps(result))
`;

interface Answer {
  queues: Record<string, number[][]>;
  fits: Record<string, number[]>;
  ends: number[][];
}

const onQueues = (
  claim: string,
  work: (db: Database, answer: Answer) => void,
) => {
  const { path, ignore } = larger("htex-head");
  Deno.test({
    name: claim,
    ignore,
    fn: async () => {
      const output = await askPython(script, `${path}/000`);
      if (output === undefined) return;
      using db = await openDatabase(undefined, { engine: "native" });
      await importRuninfo(db, path);
      work(db, JSON.parse(output));
    },
  });
};

const step = {
  from: "parsl.executor.htex.interchange.task/interchange_queued",
  to: "parsl.executor.htex.interchange.task/interchange_to_manager",
};

onQueues(
  "spansBetween() gives the length of the interchange's queue",
  (db, { queues }) => {
    const rows = db.query(spansBetween({ ...step, by: "executor" }));
    assert.equal(Object.keys(queues).length, 2);
    for (const [name, steps] of Object.entries(queues)) {
      assert.ok(steps.length > 50);
      assert.deepEqual(
        rows.filter(({ executor }) => executor === name)
          .map(({ time, count, change }) => [time, count, change]),
        steps,
      );
    }
    assert.ok(rows.every(({ unended }) => unended === 0));
  },
);

onQueues("eventCounts() agrees with a count in Python", (db, { ends }) => {
  const event = "parsl.rundir.try/exec_done";
  const rows = db.query(eventCounts({ event, per: 1 }));
  assert.deepEqual(rows.map(({ time, count }) => [time, count]), ends);
  assert.ok(rows.some(({ count }) => count === 0));
});

onQueues("regr_slope() and percentile() agree with Python", (db, { fits }) => {
  const rows = db.query(sql`
    SELECT queue.executor, count(*) AS tasks,
      regr_slope("end" - start, queue.count) AS slope,
      regr_intercept("end" - start, queue.count) AS intercept,
      corr("end" - start, queue.count) AS r,
      median("end" - start) AS median, percentile("end" - start, 90) AS p90
    FROM (${timesBetween(step)}) AS wait
      JOIN span ON span.id = wait.root_id
      JOIN (${spansBetween({ ...step, by: "executor" })}) AS queue
        ON queue.time = wait.start
        AND queue.executor = span.attributes ->> 'executor'
    GROUP BY queue.executor`);
  assert.equal(rows.length, 2);
  for (const { executor, ...found } of rows) {
    const expected = fits[String(executor)]!;
    Object.values(found).forEach((value, i) => {
      const near = Math.abs(Number(value) - expected[i]!);
      assert.ok(near < 1e-6, `${value}, not ${expected[i]}`);
    });
  }
});
