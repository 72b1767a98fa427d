import { compare, gate } from "dnpc/questions";
import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { optionsOf } from "../../display/text/rows.ts";
import { repeatedRuns, repeatedSets } from "./repeated_runs.ts";

const near = (found: number | null, expected: number) =>
  assert.ok(Math.abs(found! - expected) < 1e-6, `${found} ${expected}`);

// Python's re on the lines "Received executor task" and "Completed executor task" of
// the workers' logs: the sum of these times per run, by 41 tasks; then statistics.mean
// and stdev, and scipy.stats.ttest_ind(equal_var=False).confidence_interval(0.95).
Deno.test("compare() finds 0.03 s more of sleep in repeated runs, and no other change in a worker", async () => {
  using db = await openDatabase(await repeatedSets(), { readOnly: true });
  const rows = compare(db, { by: "set", baseline: "2026" })
    .filter(({ step }) => step === "in a worker");
  const [version, again, slower] = rows;
  near(slower!.baseline, 0.051030539);
  near(slower!.baseline_stddev, 0.00265778);
  near(slower!.mean_per_task, 0.079917627);
  near(slower!.stddev, 0.000978275);
  near(slower!.margin, 0.003243386);
  near(again!.difference, 0.000105194);
  near(again!.margin, 0.003281967);
  near(version!.difference, -0.001459815);
  near(version!.margin, 0.003271537);
  assert.deepEqual(
    rows.map(({ group, exceeds_spread }) => [group, exceeds_spread]),
    [["2023", 0], ["again", 0], ["slower", 1]],
  );
});

Deno.test("compare() compares repeated runs of two versions of Parsl", async () => {
  using db = await openDatabase(await repeatedSets(), { readOnly: true });
  const rows = compare(db, { by: "version" });
  assert.deepEqual(
    rows.map((row) => [row.baseline_group, row.baseline_runs, row.runs]),
    rows.map(() => ["2023.08.28", 5, 15]),
  );
  // grep -c "submitted for App" in each parsl.log
  assert.deepEqual([rows[0]!.tasks, rows[0]!.baseline_tasks], [
    15 * 41,
    5 * 41,
  ]);
  const named = compare(db, { by: "version", baseline: "2026.10" });
  assert.equal(named[0]!.baseline_group, "2026.10.26");
  assert.match(
    optionsOf(rows)!.heading!,
    /^2026\.10\.26 \(15 runs\): the mean time per task is 1\.01 s, 0\.392 s more than in 2023\.08\.28 \(5 runs\): 0\.357 s more in the DFK \(1\.6 times as long\); the difference exceeds the spread of repeated runs\.$/,
  );
});

async function imported(set: string): Promise<Database> {
  const db = await openDatabase(undefined, { engine: "native" });
  await importRuninfo(db, repeatedRuns(set));
  return db;
}

Deno.test("gate() fails repeated runs that sleep longer, and those that failed, and no others", async () => {
  using baseline = await imported("2026");
  using again = await imported("again");
  using slower = await imported("slower");
  using failed = await imported("failed");
  const exceeded = async (runs: Database) =>
    (await gate(baseline, runs)).measures
      .filter(({ result }) => result === "exceeded")
      .map(({ measure }) => measure);
  assert.deepEqual(await exceeded(again), []);
  assert.deepEqual(await exceeded(slower), ["in a worker"]);
  // Its workers never found the interchange.
  assert.ok((await exceeded(failed)).includes("failed tasks"));
});
