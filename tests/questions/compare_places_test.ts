import { compare } from "dnpc/questions";
import type { Database } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { optionsOf } from "../../display/text/rows.ts";
import { onDatabase } from "../sql/engines.ts";
import { addRuns } from "./made_task_runs.ts";

const headingOf = (rows: readonly unknown[]) => optionsOf(rows)!.heading!;

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

/** Two runs of each version, with these seconds in the DFK. */
const addVersions = (db: Database, queues: Record<string, number[]>) =>
  addRuns(
    db,
    ...Object.entries(queues).flatMap(([version, seconds], i) =>
      seconds.map((queue, j) => ({
        rundir: `runs/${version}-${j}`,
        start: 1000 * i + 100 * j,
        queue,
        version,
      }))
    ),
  );

// With two runs each and variances a and b: the margin is 4.302653, of Student's t
// for 2 degrees of freedom, times sqrt(a / 2 + b / 2).
onDatabase(
  "compare() by version has the mean and the spread over runs of each",
  (db) => {
    addVersions(db, { "1": [2, 3], "2": [12, 13], "3": [3, 2] });
    const rows = compare(db, { by: "version" });
    assert.deepEqual(rows.length, 8);
    const [queue, , , same] = rows.filter(({ step }) =>
      step === "in the DFK" || step === "in a worker"
    );
    assert.ok(Math.abs(queue!.margin! - 4.3026527 * Math.sqrt(0.5)) < 1e-6);
    assert.deepEqual({ ...queue, margin: null }, {
      step: "in the DFK",
      group: "2",
      mean_per_task: 12.5,
      baseline: 2.5,
      difference: 10,
      ratio: 5,
      p95: 12.5,
      baseline_p95: 2.5,
      stddev: Math.SQRT1_2,
      baseline_stddev: Math.SQRT1_2,
      margin: null,
      exceeds_spread: 1,
      runs: 2,
      tasks: 4,
      baseline_group: "1",
      baseline_runs: 2,
      baseline_tasks: 4,
    });
    assert.deepEqual([same!.group, same!.exceeds_spread], ["3", 0]);
    assert.equal(
      headingOf(rows),
      "2 (2 runs): the mean time per task is 17.5 s, 10 s more than in 1 (2 " +
        "runs): 10 s more in the DFK (5 times as long); the difference exceeds " +
        "the spread of repeated runs.\n" +
        "3 (2 runs): the mean time per task is 7.5 s, as in 1 (2 runs), within " +
        "the spread of repeated runs.",
    );
  },
);

onDatabase("compare() by version takes any of them as the baseline", (db) => {
  addVersions(db, { "1": [2, 4], "2": [7, 9], "3": [1] });
  const rows = compare(db, { by: "version", baseline: "2" });
  assert.deepEqual([...new Set(rows.map(({ group }) => group))], ["1", "3"]);
  const queue = rows.find(({ step }) => step === "in the DFK")!;
  // 4.302653 times sqrt(2) is more than 5.
  assert.deepEqual([queue.difference, queue.exceeds_spread], [-5, 0]);
  assert.match(
    headingOf(rows),
    /less than in 2 \(2 runs\), within the spread of repeated runs\.\n3 \(1 run\): .*; with one run of 3, the spread of repeated runs is unknown\.$/,
  );
  assert.throws(() => compare(db, { by: "version", baseline: "4" }), {
    name: "RangeError",
    message: 'there is no version "4" to compare to: there is 1, 2, 3',
  });
  assert.throws(() => compare(db, { by: "host" }), {
    name: "RangeError",
    message:
      "two groups are needed, not 0: nothing says what host the runs are " +
      "of",
  });
  assert.throws(() => compare(db, { steps: "event" as "events" }), {
    name: "TypeError",
    message: 'steps is "places" or "events", not "event"',
  });
  assert.throws(() => compare(db, { by: "verison" }), {
    name: "RangeError",
    message: /there is no "verison" to group by: .*Did you mean version\?/,
  });
});

onDatabase("compare() by version leaves out runs of none", (db) => {
  addRuns(
    db,
    { rundir: "runs/a", start: 0, version: "1" },
    { rundir: "runs/b", start: 100 },
    { rundir: "runs/c", start: 200, version: "2" },
  );
  assert.match(
    headingOf(compare(db, { by: "version" })),
    /with one run each, .*\n1 run has no known version, and is left out: b\.$/,
  );
});

onDatabase("compare() by an attribute divides the tasks of each run", (db) => {
  addRuns(
    db,
    { rundir: "runs/a", start: 0, queue: 2 },
    { rundir: "runs/b", start: 100, queue: 6 },
  );
  // The first task of each run is of one app, the second of none.
  db.exec(`UPDATE span SET attributes = json_set(attributes, '$.app',
      iif(attributes ->> 'run' = 'runs/a' OR attributes ->> 'task' = '0',
        'small', 'large'))
    WHERE type = 'parsl.rundir.task'`);
  const rows = compare(db, { by: "app", baseline: "large" });
  const queue = rows.find(({ step }) => step === "in the DFK")!;
  // Runs count alike: (2 + 6) / 2 of small, in one run two tasks, in one a task.
  assert.deepEqual(
    [queue.group, queue.mean_per_task, queue.baseline, queue.runs, queue.tasks],
    ["small", 4, 6, 2, 3],
  );
  assert.match(
    headingOf(rows),
    /^app small \(2 runs\): .* app large \(1 run\)/,
  );
});
