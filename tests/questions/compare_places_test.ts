import { compare } from "dnpc/questions";
import { bind, type Database } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { optionsOf } from "../../display/text/rows.ts";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans, type TestSpan } from "../sql/spans.ts";

const headingOf = (rows: readonly unknown[]) => optionsOf(rows)!.heading!;

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
