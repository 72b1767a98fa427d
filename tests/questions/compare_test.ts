import { importRuninfo } from "dnpc/importers";
import { compare, type StepComparison } from "dnpc/questions";
import { bind, type Database, openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { optionsOf } from "../../display/text/rows.ts";
import { larger, logSet, onLogs } from "../importers/logs.ts";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans, type TestSpan } from "../sql/spans.ts";

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
      /^001 took 25 s, 4\.32 s \(21 %\) longer than 000; its mean time per task \(of 155 tasks, not 119\) is 10\.8 s, 2\.57 s more than in 000: 1\.36 s more in the interchange \(1\.3 times as long\), 1\.04 s more waiting on dependencies/,
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
      message: /^"runinfo" matches 2 runs: .*edeb1429.*9fc3cf4b/,
    });
    assert.throws(() => compare(db, { runs: ["002", b!] }), {
      name: "RangeError",
      message: /^there is no run "002": there is edeb1429/,
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

/** A run of two tasks; `queue` and `tries` vary. */
function madeRun(
  { rundir, start, queue = 2, states = [] }: {
    rundir: string;
    start: number;
    queue?: number;
    /** Of a third task. */
    states?: NonNullable<TestSpan["events"]>;
  },
): TestSpan[] {
  const of = (type: string, task: number, events: TestSpan["events"]) => ({
    type,
    attributes: { rundir, run: rundir, task: String(task), try: "0" },
    events: events!.map(([time, name]) => [start + time!, name] as const),
  });
  const work = "parsl.executor.htex.worker.task";
  return [
    {
      type: "parsl.rundir.workflow",
      attributes: { rundir, run: rundir },
    },
    ...[0, 1].flatMap((task) => [
      of("parsl.rundir.task", task, [[0, "submitted"]]),
      of("parsl.rundir.try", task, [
        ...[[0, "pending"], [1, "launched"]] as const,
        [1 + queue + 4, "exec_done"],
      ]),
      of(work, task, [
        [1 + queue, "worker_received_task"],
        [1 + queue + 3, "worker_completed_task"],
      ]),
    ]),
    ...states.length
      ? [
        of("parsl.rundir.task", 2, [[0, "submitted"]]),
        of("parsl.rundir.try", 2, states),
      ]
      : [],
  ];
}

/** Writes runs as their logs would, with the names of their directories. */
function addRuns(db: Database, ...runs: Parameters<typeof madeRun>[0][]) {
  addKnownSpans(db, runs.flatMap(madeRun));
  for (const { rundir, start } of runs) {
    db.run(
      "INSERT INTO run (rundir, run_id, began, ended) VALUES (?, ?, ?, ?)",
      [rundir, rundir, start, start + 10],
    );
  }
  bind(db, [
    {
      subspan: ["parsl.rundir.task", "parsl.rundir.try"],
      on: ["rundir", "task"],
      key: "try",
    },
    {
      subspan: ["parsl.rundir.try", "parsl.executor.htex.worker.task"],
      on: ["rundir", "task", "try"],
      key: "task",
    },
  ]);
}

onDatabase("compare() finds the step that was made slower by 5 s", (db) => {
  addRuns(
    db,
    { rundir: "a/first", start: 0 },
    { rundir: "a/second", start: 100, queue: 7 },
    { rundir: "a/third", start: 50 },
  );
  const rows = compare(db);
  // In the order of time.
  assert.deepEqual([...new Set(rows.map(({ run }) => run))], [
    "third",
    "second",
  ]);
  assert.deepEqual(
    rows.map((row) => [
      row.run,
      row.step,
      row.baseline,
      row.mean_per_task,
      row.difference,
      row.ratio,
    ]),
    [
      ["third", "waiting on dependencies", 1, 1, 0, 1],
      ["third", "in the DFK", 2, 2, 0, 1],
      ["third", "in a worker", 3, 3, 0, 1],
      ["third", "returning", 1, 1, 0, 1],
      ["second", "waiting on dependencies", 1, 1, 0, 1],
      ["second", "in the DFK", 2, 7, 5, 3.5],
      ["second", "in a worker", 3, 3, 0, 1],
      ["second", "returning", 1, 1, 0, 1],
    ],
  );
  assert.equal(
    headingOf(rows),
    "third took 10 s, as long as first; its mean time per task is 7 s, as in " +
      "first.\n" +
      "second took 10 s, as long as first; its mean time per task is 12 s, 5 s " +
      "more than in first: 5 s more in the DFK (3.5 times as long).",
  );
  assert.deepEqual(
    compare(db, { runs: ["second", "first"] })[1],
    {
      ...rows[5]!,
      run: "first",
      baseline_run: "second",
      baseline: 7,
      mean_per_task: 2,
      difference: -5,
      ratio: 2 / 7,
      p95: 2,
      baseline_p95: 7,
    },
  );
});

onDatabase(
  "compare() counts a place that a run's logs lack with the place before",
  (db) => {
    addRuns(
      db,
      { rundir: "a/first", start: 0 },
      { rundir: "a/second", start: 100, queue: 4 },
    );
    db.exec(`DELETE FROM event_row WHERE span_id IN (SELECT id FROM span
      WHERE type LIKE '%.worker.task' AND attributes ->> 'rundir' = 'a/first')`);
    const rows = compare(db);
    assert.deepEqual(
      rows.map(({ step, baseline, mean_per_task }) => [
        step,
        baseline,
        mean_per_task,
      ]),
      [
        ["waiting on dependencies", 1, 1],
        ["in the DFK … returning", 6, 8],
      ],
    );
    assert.match(
      headingOf(rows),
      /step before, because some logs lack them: in a worker \(first\), returning \(first\)\.$/,
    );
  },
);

onDatabase(
  "compare() counts retries as times of their task, and leaves out open tasks",
  (db) => {
    addRuns(
      db,
      { rundir: "a/first", start: 0, states: [[0, "pending"]] },
      {
        rundir: "a/second",
        start: 100,
        states: [
          ...[[0, "pending"], [1, "launched"], [2, "fail_retryable"]] as const,
          ...[[4, "pending"], [5, "launched"], [9, "exec_done"]] as const,
        ],
      },
      { rundir: "a/open", start: 200 },
    );
    db.exec(`DELETE FROM event_row WHERE span_id IN (SELECT id FROM span
      WHERE attributes ->> 'rundir' = 'a/open') AND type_id IN
      (SELECT id FROM event_type WHERE type = 'exec_done')`);
    const rows = compare(db);
    assert.deepEqual(
      rows.map(({ run, step, mean_per_task, tasks }) => [
        run,
        step,
        mean_per_task,
        tasks,
      ]),
      [
        ["second", "waiting on dependencies", (1 + 1 + 1 + 1) / 3, 3],
        ["second", "in the DFK", (2 + 2 + 1 + 4) / 3, 3],
        ["second", "in a worker", 2, 3],
        ["second", "returning", 2 / 3, 3],
        ["second", "to be tried again", 2 / 3, 3],
      ],
    );
    assert.deepEqual(headingOf(rows).split("\n").slice(1), [
      "1 task of first did not end, and is left out.",
      "open has no task that ended, and is left out.",
    ]);
  },
);

Deno.test("compare() says that a database has only one run", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo");
  assert.throws(() => compare(db), {
    name: "RangeError",
    message: 'two runs are needed, not 1: there is "000"',
  });
});
