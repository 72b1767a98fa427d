import {
  statisticsOf,
  stepDurations,
  stepTimes,
  typicalSequence,
  typicalSteps,
} from "dnpc/plots";
import { createSchema, insertRows, openDatabase } from "dnpc/sql";
import { eventSequences, eventsOf } from "dnpc/questions";
import assert from "node:assert/strict";
import { changesOfState, fixtureRows } from "./fixtures.ts";

const round = (value: number) => Math.round(value * 1e6) / 1e6;

Deno.test("typicalSteps() agrees with Python on wq", () => {
  const steps = typicalSteps(fixtureRows("wq", changesOfState));
  const found = Object.fromEntries(
    steps.map((
      { step, spans, minimum, percentile5, median, percentile95, maximum },
    ) => [
      step,
      [
        spans,
        ...[minimum, percentile5, median, percentile95, maximum].map(round),
      ],
    ]),
  );
  // Seconds from each try's first state to its first time in each state.
  const expected = {
    pending: [116, 0, 0, 0, 0, 0],
    launched: [108, 0.008752, 0.010522, 0.238609, 70.148545, 74.853385],
    running: [108, 0.087358, 1.038677, 41.976712, 71.714245, 75.260441],
    running_ended: [108, 0.092718, 1.06998, 42.134585, 71.815626, 75.288829],
    exec_done: [93, 1.743256, 2.136508, 47.647925, 73.149042, 75.413174],
    fail_retryable: [12, 2.195617, 2.657158, 10.567167, 30.144818, 30.756376],
    failed: [3, 1.922709, 1.936203, 2.057654, 2.408626, 2.447623],
    joining: [4, 0.092879, 0.093127, 0.099035, 0.104384, 0.104533],
    memo_done: [6, 0.00049, 0.001921, 0.006238, 0.006276, 0.006284],
  };
  for (const [step, numbers] of Object.entries(expected)) {
    assert.deepEqual(found[step], numbers, step);
  }
});

Deno.test("stepTimes() agrees with Python on the time since the previous step", () => {
  const { steps, times } = stepTimes(fixtureRows("wq", changesOfState));
  const at = (step: string) => times.find((time) => time.step === step)!;
  const usual = [
    "pending",
    "launched",
    "running",
    "running_ended",
    "exec_done",
  ];
  assert.deepEqual(steps.filter((step) => usual.includes(step)), usual);
  assert.equal(at("running").before, "launched");
  // Three tries have "running" logged before "launched".
  assert.equal(at("running").sinceBefore.filter((s) => s < 0).length, 3);
  assert.equal(
    round(statisticsOf(at("running").sinceBefore).median),
    4.170334,
  );
  assert.equal(
    round(statisticsOf(at("running_ended").sinceBefore).median),
    0.045875,
  );
});

Deno.test("typicalSteps() does not depend on the order of rows", () => {
  const rows = fixtureRows("wq", changesOfState);
  const sorted = (rows: object[]) =>
    typicalSteps(rows).toSorted((a, b) => a.step < b.step ? -1 : 1);
  assert.deepEqual(sorted(rows.toReversed()), sorted(rows));
});

Deno.test("stepTimes() numbers repeated steps", () => {
  const { steps, times } = stepTimes([
    ["a", 0, "sent"],
    ["a", 1, "lost"],
    ["a", 5, "sent"],
    ["a", 9, "done"],
    ["b", 0, "sent"],
    ["b", 2, "done"],
  ]);
  assert.deepEqual(steps, ["sent", "lost", "sent (2)", "done"]);
  const done = times.at(-1)!;
  assert.deepEqual([...done.sinceBefore], [4, 2]);
  assert.equal(done.others, 1);
});

Deno.test("stepTimes() keeps the 20 steps that most spans reach", () => {
  const rows = Array.from(
    { length: 30 },
    (_, step) =>
      Array.from(
        { length: 30 - step },
        (_, span) => [span, step, `step ${step}`],
      ),
  )
    .flat();
  const { steps, left } = stepTimes(rows);
  assert.deepEqual(steps, Array.from({ length: 20 }, (_, i) => `step ${i}`));
  assert.equal(left, 10);
});

Deno.test("stepTimes() separates spans with equal numbers in different runs", () => {
  const { spans, times } = stepTimes([
    { task: 1, time: 0, step: "a", run: "x" },
    { task: 1, time: 2, step: "b", run: "x" },
    { task: 1, time: 100, step: "a", run: "y" },
    { task: 1, time: 103, step: "b", run: "y" },
  ], { series: "run" });
  assert.equal(spans, 2);
  assert.deepEqual(
    times.filter(({ step }) => step === "b")
      .map(({ series, sinceStart }) => [series, ...sinceStart]),
    [["x", 2], ["y", 3]],
  );
});

Deno.test("stepTimes() omits and counts rows without a time or step", () => {
  const { withoutTime, withoutStep, spans } = stepTimes([
    ["a", null, "x"],
    ["a", 1, null],
    ["a", 2, "x"],
  ]);
  assert.deepEqual([withoutTime, withoutStep, spans], [1, 1, 1]);
});

/** A span with events of its own and of a linked span. */
async function ships() {
  const db = await openDatabase();
  createSchema(db);
  db.exec(`
    INSERT INTO span (id, type, key) VALUES
      (1, 'harbour.ship', 'a'), (2, 'radio.ship', 'a');
    INSERT INTO facet VALUES (1, 2, NULL)`);
  insertRows(db, "event", ["span_id", "time", "type", "named"], [
    [1, 10, "at sea", 1],
    [2, 13, "at sea", 1],
    [1, 14, "Fog of %s", 0],
    [1, 90, "in port", 1],
  ]);
  return db;
}

Deno.test("stepTimes() accepts the rows of eventsOf()", async () => {
  using db = await ships();
  const { steps, unnamed, times } = stepTimes(
    db.query(eventsOf("harbour.ship", { events: "all" })),
  );
  assert.deepEqual(steps, [
    "at sea (harbour.ship)",
    "at sea (radio.ship)",
    "in port",
  ]);
  assert.equal(unnamed, 1);
  assert.deepEqual([...times[2]!.sinceBefore], [77]);
});

Deno.test("typicalSequence() accepts the rows of eventSequences()", async () => {
  using db = await ships();
  const { svg, caption } = typicalSequence(
    eventSequences(db, "harbour.ship", { align: "step" }),
  );
  assert.match(
    caption,
    /^1 span in 3 steps: median 80 s from the start to in port/,
  );
  assert.ok(svg.includes("+77 s"));
});

Deno.test("stepDurations() states the statistics of each step", () => {
  const { svg, caption } = stepDurations(fixtureRows("wq", changesOfState));
  assert.ok(svg.includes("launched → running"));
  assert.ok(svg.includes("108 spans, median 4.17 s, 95% within "));
  assert.match(caption, /^116 spans in 9 steps\./);
});

Deno.test("stepDurations() shows the number of spans of each bin in a tip", () => {
  const chart = stepDurations([
    ["a", 0, "sent"],
    ["a", 2, "done"],
    ["b", 0, "sent"],
    ["b", 2, "done"],
    ["c", 0, "sent"],
    ["c", 0, "done"],
  ], { log: true });
  const tips = /data-tips="([^"]*)"/.exec(chart.html())![1]!;
  assert.match(tips, /sent → done\\nzero or negative\\n1 span/);
  assert.match(tips, /sent → done\\n[^"&]* to [^"&]*\\n2 spans/);
});
