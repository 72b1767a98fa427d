import { strict as assert } from "node:assert";
import { bottleneck, bottleneckText } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import { assertLinear, processorTime } from "../importers/growth.ts";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans, addSpans, type TestSpan } from "../sql/spans.ts";

/** A task of a queue that no try of Parsl's contains. */
const queueTask = (
  executor: string,
  task: number,
  [ready, running, done]: readonly [number, number, number],
): TestSpan => ({
  type: "taskvine.task",
  attributes: { rundir: "r", executor, taskvine_task: String(task) },
  events: [
    [ready, "READY"],
    [running, "RUNNING"],
    [done, "WAITING_RETRIEVAL"],
  ],
});

const queueWorker = (
  executor: string,
  [start, end]: readonly [number, number],
): TestSpan => ({
  type: "taskvine.worker",
  attributes: { rundir: "r", executor, worker: "w" },
  events: [[start, "CONNECTION"], [end, "DISCONNECTION"]],
});

onDatabase(
  "bottleneck() separates executors, and bottleneckText() weighs them",
  (db) => {
    addKnownSpans(db, [
      queueTask("a", 1, [0, 0, 60]),
      queueTask("a", 2, [0, 60, 100]),
      queueWorker("a", [0, 100]),
      queueTask("b", 1, [0, 50, 100]),
      queueWorker("b", [0, 100]),
      queueWorker("c", [20, 30]),
    ]);
    const rows = bottleneck(db, { per: 10 });
    assert.deepEqual(
      rows.filter(({ start }) => start === 50)
        .map((
          { executor, end, bound, queued_tasks, running_tasks, workers },
        ) => [executor, end, bound, queued_tasks, running_tasks, workers]),
      [
        ["a", 60, "workers", 1, 1, 1],
        ["b", 60, "submission", 0, 1, 1],
        ["c", 60, "submission", 0, 0, 0],
      ],
    );
    assert.deepEqual(
      (["workers", "dispatch", "submission"] as const).map((stage) =>
        rows.filter(({ executor }) => executor === "a")
          .reduce((sum, row) => sum + row[`bound_by_${stage}`], 0)
      ),
      [60, 0, 40],
    );
    // Until 50 executor a has two of three tasks, then until 60 as well.
    assert.equal(
      bottleneckText(rows),
      [
        "Run r: bound by submission for 43% of its 100 s; by the workers for " +
        "40%; by dispatch for 17%.",
        "Run r, a: bound by the workers for 60% of its 100 s; by submission for " +
        "40%.",
        "Run r, b: bound by submission for 50% of its 100 s; by dispatch for " +
        "50%.",
        "Run r, c: bound by submission for 100% of its 100 s.",
      ].join("\n"),
    );
    const only = bottleneck(db, { per: 10, executor: "b" });
    assert.deepEqual(only, rows.filter(({ executor }) => executor === "b"));
    assert.equal(bottleneckText([]), "");
  },
);

onDatabase(
  "bottleneck() cuts the first and the last bin at the ends of the run",
  (db) => {
    addKnownSpans(db, [queueTask("a", 1, [14, 18, 33])]);
    assert.deepEqual(
      bottleneck(db, { per: 10 }).map((
        row,
      ) => [
        row.start,
        row.end,
        row.submission_rate,
        row.start_rate,
        row.bound,
      ]),
      [[14, 20, 0, 1 / 6, null], [20, 30, 0, 0, "submission"], [
        30,
        33,
        0,
        0,
        "submission",
      ]],
    );
    assert.deepEqual(bottleneck(db, { per: 1000 }).map(({ end }) => end), [33]);
    const [{ start, end } = { start: 0, end: 0 }] = bottleneck(db);
    assert.equal((end - start).toFixed(6), "0.100000");
    assert.throws(() => bottleneck(db, { per: 0 }), RangeError);
    assert.throws(
      () => bottleneck(db, { per: 1e-6 }),
      /are too few for the bins/,
    );
  },
);

onDatabase("bottleneck() of nothing, or of one moment, has no rows", (db) => {
  addKnownSpans(db, []);
  assert.deepEqual(bottleneck(db), []);
  addSpans(db, [{
    type: "parsl.rundir.try",
    attributes: { rundir: "r", task: "0", try: "0" },
    events: [[5, "pending"]],
  }]);
  assert.deepEqual(bottleneck(db), []);
});

Deno.test("bottleneck() takes linear time and has few rows", () =>
  assertLinear(async (tasks) => {
    using db = await openDatabase(undefined, { engine: "native" });
    const times = Array.from({ length: tasks }, (_, i) => i);
    addKnownSpans(db, [
      ...times.map((i) => queueTask("a", i, [i / 10, i / 5, i / 5 + 1])),
      queueWorker("a", [0, tasks]),
    ]);
    return processorTime(() => {
      const rows = bottleneck(db);
      assert.ok(rows.length > 50 && rows.length <= 201);
    });
  }, 5_000));
