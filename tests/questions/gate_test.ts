import { gate, type GateOptions } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { addRuns } from "./made_task_runs.ts";

type MadeRun = { queue: number; fails?: boolean; seconds?: number };

/** A database of runs, each with two tasks of 5 s and what they wait; see addRuns. */
async function made(runs: readonly MadeRun[]) {
  const db = await openDatabase(undefined, { engine: "native" });
  addRuns(
    db,
    ...runs.map(({ queue, fails }, i) => ({
      rundir: `runs/${i}`,
      start: 1000 * i,
      queue,
      end: fails ? "failed" : "exec_done",
    })),
  );
  runs.forEach(({ seconds = 10 }, i) =>
    db.run("UPDATE run SET ended = began + ? WHERE run_id = ?", [
      seconds,
      `runs/${i}`,
    ])
  );
  return db;
}

async function judge(
  before: readonly MadeRun[],
  after: readonly MadeRun[],
  options?: GateOptions,
) {
  using baseline = await made(before);
  using runs = await made(after);
  return await gate(baseline, runs, options);
}

const queues = (...seconds: number[]) => seconds.map((queue) => ({ queue }));

// A task takes 1 s before and 4 s after the queue.
Deno.test("gate() passes what is slower by the limit, and not what is slower by more", async () => {
  const { measures, passed } = await judge(queues(5), queues(5.5));
  assert.ok(passed);
  assert.deepEqual(
    measures.map((one) => [one.measure, one.baseline, one.new, one.result]),
    [
      ["time of a run", 10, 10, "ok"],
      ["time per task", 10, 10.5, "ok"],
      ["waiting on dependencies", 1, 1, "ok"],
      ["in the DFK", 5, 5.5, "ok"],
      ["in a worker", 3, 3, "ok"],
      ["returning", 1, 1, "ok"],
      ["failed tasks", 0, 0, "ok"],
    ],
  );
  const worse = await judge(queues(5), queues(5.6));
  assert.equal(
    worse.verdict,
    "Slower by more than 10%: in the DFK +12% (5.6 s, was 5 s).",
  );
  assert.equal(worse.passed, false);
  assert.ok((await judge(queues(5), queues(5.6), { steps: false })).passed);
  assert.ok((await judge(queues(5), queues(5.6), { maxSlower: 0.12 })).passed);
});

// Both sides have a variance of 0.5. Of two runs each, it is 0.25 for the new ones and
// 1.21 times that for 1.1 times the baseline: 1.982 degrees of freedom, for which SciPy
// has t.ppf(0.975, 1.982) * sqrt(0.25 + 0.3025) = 3.226.
Deno.test("gate() lets repeated runs exceed a limit by no more than their spread", async () => {
  const spread = await judge(queues(4.5, 5.5), queues(6, 7));
  assert.ok(spread.passed);
  assert.match(
    spread.verdict,
    /^Not slower beyond the spread of repeated runs: time per task \+15% \(11\.5 s, was 10 s\), in the DFK \+30%/,
  );
  const total = spread.measures[1]!;
  assert.equal(total.limit, 11);
  assert.ok(Math.abs(total.margin! - 3.226009) < 1e-6, `${total.margin}`);
  const worse = await judge(queues(4.5, 5.5), queues(10, 11));
  assert.match(
    worse.verdict,
    /^Slower by more than 10%, and beyond the spread of repeated runs: time per task \+55%/,
  );
});

Deno.test("gate() calls what the order of sums changes no change", async () => {
  const { verdict } = await judge(queues(0.1, 0.7, 0.3), queues(0.3, 0.7, 0.1));
  assert.match(verdict, /^Not slower by more than 10%: time per task 0% /);
});

Deno.test("gate() fails runs that fail more, whatever the spread if none did", async () => {
  const one = await judge(queues(5, 5, 5), [
    ...queues(5, 5),
    { queue: 5, fails: true },
  ]);
  // One of six tasks.
  assert.equal(
    one.verdict,
    "More failures: 17% of the tasks failed or did not end, before 0%.",
  );
  assert.equal(one.passed, false);
  const flaky = [...queues(5, 5), { queue: 5, fails: true }];
  const both = await judge(flaky, [...queues(5), flaky[2]!, flaky[2]!]);
  assert.equal(both.measures.at(-1)!.result, "within the spread");
  assert.ok((await judge(queues(5), [flaky[2]!], { maxFailed: 0.5 })).passed);
});

Deno.test("gate() compares the times of runs that ended, if they have as many tasks", async () => {
  const longer = await judge(queues(5), [{ queue: 5, seconds: 12 }]);
  assert.match(longer.verdict, /: time of a run \+20% \(12 s, was 10 s\)\.$/);
  using before = await made(queues(5));
  using after = await made(queues(5));
  after.exec("UPDATE run SET ended = NULL");
  const open = await gate(before, after);
  assert.equal(open.measures[0]!.result, "not compared");
  after.exec(`DELETE FROM event_row`);
  await assert.rejects(gate(before, after), {
    name: "RangeError",
    message:
      "there is nothing to compare: the new runs have no task that ended",
  });
  await assert.rejects(gate(before, before, { maxSlower: -1 }), {
    message: "a limit is a share, such as 0.1 for 10%, not -1",
  });
});
