import { importRuninfo } from "dnpc/importers";
import { type Chart, waterfall } from "dnpc/plots";
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
