import { arrivalsOf, cumulativeFlow } from "dnpc/plots";
import assert from "node:assert/strict";
import { changesOfState, fixtureRows } from "./fixtures.ts";

// Computed in Python: the set of tries per state, and a loop over their first
// times for the maximum number between two states.
const expected = {
  tz: {
    reached: {
      dep_fail: 1,
      exec_done: 55,
      fail_retryable: 8,
      failed: 2,
      joining: 2,
      launched: 65,
      memo_done: 4,
      pending: 70,
      running: 65,
      running_ended: 65,
    },
    widest: [20, 28, 14],
  },
  wq: {
    reached: {
      dep_fail: 2,
      exec_done: 93,
      fail_retryable: 12,
      failed: 3,
      joining: 4,
      launched: 108,
      memo_done: 6,
      pending: 116,
      running: 108,
      running_ended: 108,
    },
    widest: [73, 54, 17],
  },
};

const pairs = [
  ["pending", "launched"],
  ["launched", "running"],
  ["running", "exec_done"],
];

for (const [set, { reached, widest }] of Object.entries(expected)) {
  const rows = fixtureRows(set, changesOfState);
  for (const columns of [10, 640, 100_000]) {
    Deno.test(`arrivalsOf() agrees with Python on ${set} in ${columns} columns`, () => {
      const { steps, arrivals } = arrivalsOf(rows, { step: "state", columns });
      const spans = steps.map(({ step, spans }) => [step, spans] as const);
      assert.deepEqual(Object.fromEntries(spans.toSorted()), reached);
      for (const [step, spans] of Object.entries(reached)) {
        const last = arrivals.filter((row) => row.step === step).at(-1);
        assert.equal(last?.count, spans, step);
      }
    });
  }
  pairs.forEach((steps, i) => {
    Deno.test(`arrivalsOf() agrees with Python on the queue of ${set} between ${steps.join(" and ")}`, () => {
      assert.deepEqual(arrivalsOf(rows, { step: "state", steps }).widest, {
        from: steps[0],
        to: steps[1],
        spans: widest[i],
      });
    });
  });
}

Deno.test("arrivalsOf() never decreases, and no band is negative", () => {
  const { arrivals } = arrivalsOf(fixtureRows("wq", changesOfState), {
    step: "state",
  });
  for (const own of Map.groupBy(arrivals, ({ step }) => step).values()) {
    own.forEach(({ count, below }, i) => {
      assert.ok(below >= 0 && below <= count);
      assert.ok(i === 0 || count >= own[i - 1]!.count);
    });
  }
});

Deno.test("arrivalsOf() does not depend on the order of rows", () => {
  const rows = fixtureRows("wq", changesOfState);
  const sorted = (rows: object[]) => {
    const { steps, widest } = arrivalsOf(rows, { step: "state" });
    return [steps.toSorted((a, b) => a.step < b.step ? -1 : 1), widest];
  };
  assert.deepEqual(sorted(rows.toReversed()), sorted(rows));
});

Deno.test("arrivalsOf() counts only the first arrival of a span at a step", () => {
  const { arrivals } = arrivalsOf([
    [1, 0, "running"],
    [1, 1, "failed"],
    [1, 2, "running"],
  ]);
  const running = arrivals.filter(({ step }) => step === "running");
  assert.deepEqual(running.map(({ time, count }) => [time, count]), [
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
});

Deno.test("cumulativeFlow() uses event_type as the step in rows of eventsOf()", () => {
  const { caption } = cumulativeFlow([
    { root_id: 1, time: 0, span_type: "a.try", event_type: "launched" },
    { root_id: 1, time: 2, span_type: "b.try", event_type: "done" },
  ]);
  assert.match(caption, /^1 span: 1 reached launched, 1 done\./);
});

Deno.test("arrivalsOf() excludes a step from the flow if only a few spans reach it", () => {
  const rows = Array.from({ length: 10 }, (_, i) => [
    [i, i, "launched"],
    ...(i < 3 ? [[i, i + 0.1, "failed"]] : [
      [i, i + 0.2, "running"],
      [i, i + 0.3, "done"],
    ]),
  ]).flat();
  const flow = arrivalsOf(rows).steps
    .filter(({ inFlow }) => inFlow).map(({ step }) => step);
  assert.deepEqual(flow, ["launched", "running", "done"]);
});

Deno.test("cumulativeFlow() names one further step in the singular", () => {
  const steps = Array.from({ length: 9 }, (_, i) => [1, i, `step ${i}`]);
  assert.match(cumulativeFlow(steps).caption, /, and 1 more step\./);
});
