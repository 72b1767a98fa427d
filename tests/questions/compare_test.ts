import { importRuninfo } from "dnpc/importers";
import { compare, type StepComparison } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { optionsOf } from "../../display/text/rows.ts";
import { larger, logSet, onLogs } from "../importers/logs.ts";

const near = (found: number, expected: number, within = 1e-3) =>
  assert.ok(Math.abs(found - expected) < within, `${found} ${expected}`);

const headingOf = (rows: readonly unknown[]) => optionsOf(rows)!.heading!;

const stepOf = (rows: readonly StepComparison[], step: string) =>
  rows.find((row) => row.step === step)!;

// Computed with Python's re: parsl.log's "Task N initializing state to" and
// "changing state from", the interchange's "Putting task" and "Sent tasks: [...]"
// and the workers' "Received" and "Completed executor task", each summed over all
// tries and divided by the number of tasks.
onLogs(
  "compare() finds mean times per task that add up",
  [logSet("multi-htex.tar.gz", "tests/fixtures", "")],
  (db) => {
    const rows = compare(db);
    assert.ok(
      rows.every(({ run, baseline_run }) =>
        run === "001" && baseline_run === "000"
      ),
    );
    // grep -c "submitted for App" in each parsl.log.
    assert.deepEqual([rows[0]!.baseline_tasks, rows[0]!.tasks], [119, 155]);
    const sum = (name: "baseline" | "mean_per_task" | "difference") =>
      rows.reduce((sum, row) => sum + row[name], 0);
    near(sum("baseline"), 8.260338, 1e-5);
    near(sum("mean_per_task"), 10.827114, 1e-5);
    near(sum("difference"), 10.827114 - 8.260338, 1e-5);
    const interchange = stepOf(rows, "in the interchange");
    near(interchange.baseline, 3.944564);
    near(interchange.mean_per_task, 5.30046);
    near(interchange.ratio!, 5.30046 / 3.944564);
    near(stepOf(rows, "waiting on dependencies").baseline, 3.522355, 2e-3);
    // The start of a worker is logged after its task arrived.
    near(stepOf(rows, "in a worker").baseline, 0.296958, 5e-3);
    assert.match(
      headingOf(rows),
      /^001 took 25 s, 4\.32 s \(21%\) longer than 000; its mean time per task \(of 155 tasks, not 119\) is 10\.8 s, 2\.57 s more than in 000: 1\.36 s more in the interchange \(1\.3 times as long\), 1\.04 s more waiting on dependencies/,
    );
  },
);

onLogs(
  "compare() finds a run by its id, its directory or a part of either",
  [larger("multi-htex")],
  (db, { path }) => {
    const [a, b] = ["edeb1429-5b59-4b4d-9dfe-188e8a10c5f1", "9fc3"];
    const rows = compare(db, { runs: [a!, b!] });
    assert.deepEqual(rows, compare(db));
    for (const runs of [["000", "001"], [`${path}/000`, "runinfo/001"]]) {
      assert.deepEqual(compare(db, { runs }), rows);
    }
    assert.throws(() => compare(db, { runs: ["runinfo", b!] }), {
      name: "RangeError",
      message: '"runinfo" matches 2 runs: 000, 001. Name one of them',
    });
    assert.throws(() => compare(db, { runs: ["002", b!] }), {
      name: "RangeError",
      message: /^there is no run "002"\..* The runs are 000, 001$/,
    });
    assert.throws(() => compare(db, { runs: ["001"] }), {
      name: "RangeError",
      message: 'two runs are needed, not 1: there are "000", "001"',
    });
  },
);

onLogs(
  "compare() counts each try of a task once, told by parsl.log or monitoring",
  [larger("mon-htex")],
  (db) => {
    const rows = compare(db);
    db.exec(`DELETE FROM span WHERE type LIKE 'parsl.rundir.%'
      AND attributes ->> 'rundir' LIKE '%/001'`);
    const monitored = compare(db);
    assert.equal(monitored[0]!.tasks, 197);
    // monitoring.db has no logs of the executor.
    const total = (rows: readonly StepComparison[]) =>
      rows.reduce((sum, row) => sum + row.mean_per_task, 0);
    near(total(monitored), total(rows), 0.02);
  },
);

// Computed with Python's datetime over the table status: the mean of
// running_ended - running over all tries.
onLogs(
  "compare() takes events as steps, and agrees with the table status",
  [larger("mon-htex")],
  (db) => {
    const rows = compare(db, {
      root: "parsl.monitoring.try",
      eventTypes: ["running", "running_ended"],
      spanTypes: ["parsl.monitoring.try"],
    });
    assert.deepEqual(rows.map(({ step }) => step), ["until running_ended"]);
    const [{ tasks, baseline_tasks, difference, p95, baseline_p95 }] =
      rows as unknown as [StepComparison];
    assert.deepEqual([tasks, baseline_tasks], [206, 206]);
    near(difference, 9.57914 / 206, 1e-6);
    near(baseline_p95!, 0.200115, 1e-6);
    near(p95!, 0.259887, 1e-6);
    assert.ok(compare(db, { steps: "events" }).length === 12);
  },
);

Deno.test("compare() says that a database has only one run", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo");
  assert.throws(() => compare(db), {
    name: "RangeError",
    message: 'two runs are needed, not 1: there is "000"; import another run ' +
      "into the same database",
  });
});
