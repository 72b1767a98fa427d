import { importRuninfo } from "dnpc/importers";
import { type Chart, typicalSequence, waterfall } from "dnpc/plots";
import { eventSequences } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";

// Medians and percentiles of each test were found by hand.

/** Tasks that wait for 1 to 5 s, then run for 10 s; one of them is retried. */
const rows = [1, 2, 3, 4, 5].flatMap((task) => [
  { task, time: 100 * task, state: "in the queue" },
  { task, time: 100 * task + task, state: "in a worker" },
  ...task === 5
    ? [
      { task, time: 100 * task + 11, state: "to be tried again" },
      { task, time: 100 * task + 12, state: "in a worker" },
    ]
    : [],
  { task, time: 100 * task + task + 10, state: "done" },
]);

const barsOf = (chart: Chart) =>
  chart.options.tips!().map(({ x, x2, text }) => [x, x2, ...text.split("\n")]);

Deno.test("waterfall() begins each step where the median of the one before ends", () => {
  const chart = waterfall(rows);
  assert.deepEqual(barsOf(chart), [
    [
      0,
      3,
      "in the queue",
      "median 3 s",
      "25% 2 s",
      "75% 4 s",
      "95% 4.8 s",
      "longest 5 s",
    ],
    [
      3,
      13,
      "in a worker",
      "median 10 s",
      "25% 10 s",
      "75% 10 s",
      "95% 10 s",
      "longest 10 s",
    ],
  ]);
});

Deno.test("waterfall() leaves out the steps of few spans, unless it is asked for them", () => {
  const { caption } = waterfall(rows);
  assert.equal(
    caption,
    "5 spans: median 13 s from in the queue to done. The longest step is in a " +
      "worker, median 10 s, 77% of the sum. 2 rarer steps not drawn.",
  );
  assert.equal(barsOf(waterfall(rows, { minShare: 0 })).length, 4);
});

Deno.test("waterfall() takes the rows of eventSequences(), in the colours of components", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
  const steps = eventSequences(db, "parsl.executor.htex.worker.task", {
    align: "step",
    percentiles: [5, 25, 50, 75, 95],
    run: "000",
  });
  const chart = waterfall(steps);
  const [received] = barsOf(chart);
  assert.equal(received![2], "worker received task → worker completed task");
  const [{ median } = {}] = db.query<{ median: number }>(`
    SELECT median(seconds) AS median FROM (
      SELECT max(time) FILTER (WHERE event.type = 'worker_completed_task') -
        max(time) FILTER (WHERE event.type = 'worker_received_task') AS seconds
      FROM event JOIN span ON span.id = span_id
      WHERE span.type = 'parsl.executor.htex.worker.task'
        AND span.attributes ->> 'rundir' LIKE '%000'
      GROUP BY span_id)`);
  assert.ok(Math.abs(received![1] as number - median!) < 1e-6);
  assert.ok(chart.options.legend!.some(({ label }) => label === "worker"));
});

Deno.test("waterfall() and typicalSequence() draw the most frequent of several sequences", () => {
  const sequence = (sequence: number, spans: number, seconds: number) =>
    ["a", "b"].map((event_type, i) => ({
      sequence,
      step: i + 1,
      spans,
      span_type: "x.y",
      event_type,
      component: "x",
      nth: 1,
      since_start_minimum: i * seconds,
      since_start_p50: i * seconds,
      since_before_p50: i * seconds,
    }));
  const steps = [...sequence(1, 5, 2), ...sequence(2, 4, 3)];
  const left = "4 other spans with another order of steps not drawn.";
  const chart = waterfall(steps);
  assert.deepEqual(barsOf(chart).map(([x, x2]) => [x, x2]), [[0, 2]]);
  assert.ok(chart.caption.startsWith("5 spans: median 2 s from a to b."));
  assert.ok(chart.caption.endsWith(left), chart.caption);
  const { caption } = typicalSequence(steps);
  assert.match(caption, /^5 spans in 2 steps: median 2 s/);
  assert.ok(caption.endsWith(left), caption);
});

Deno.test("waterfall() says that few spans got further than its last step", () => {
  const { caption } = waterfall([
    ...rows,
    ...[6, 7, 8, 9, 10, 11].flatMap((task) => [
      { task, time: 100 * task, state: "in the queue" },
      { task, time: 100 * task + 1, state: "in the DFK" },
    ]),
  ]);
  assert.match(
    caption,
    /No step after in the DFK was reached by 50% of the spans/,
  );
  assert.doesNotMatch(waterfall(rows).caption, /No step/);
});

Deno.test("waterfall() draws spans without any length", () => {
  const { caption } = waterfall([[1, 10, "a"], [2, 20, "b"]]);
  assert.match(caption, /^2 spans/);
});
