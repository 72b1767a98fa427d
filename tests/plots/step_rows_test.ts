import {
  arrivalsOf,
  type Chart,
  cumulativeFlow,
  lifelines,
  lifelinesOf,
  spansInState,
  stateCounts,
  stepDurations,
  stepTimes,
  timeline,
  typicalSequence,
} from "dnpc/plots";
import assert from "node:assert/strict";

// The rows with null say that a span leaves: they are read, but are not steps.
const stepRows = [
  ["a", 0, "sent"],
  ["a", 2, "done"],
  ["a", 3, null],
  ["b", 1, "sent"],
  ["b", 5, "done"],
  ["b", 6, null],
] as const;

const shapes: Record<string, object[]> = {
  "plain columns": stepRows.map((row) => [...row]),
  "statesOverTime()": stepRows.map(([root_id, time, state]) => ({
    root_id,
    time,
    state,
  })),
  "columns in another order": stepRows.map(([span, time, step]) => ({
    run: "x",
    step,
    time,
    span,
  })),
  "eventsOf()": stepRows.map(([root_id, time, event_type]) => ({
    root_id,
    time,
    span_type: "parsl.try",
    event_type,
    component: "parsl",
    named: 1,
    event_id: 7,
  })),
};

for (const [shape, rows] of Object.entries(shapes)) {
  Deno.test(`charts of steps read rows in the form of ${shape} alike`, () => {
    const left = { withoutTime: 0, withoutStep: 0, unnamed: 0 };
    const lines = lifelinesOf(rows);
    const flow = arrivalsOf(rows);
    const counts = stateCounts(rows);
    const times = stepTimes(rows);
    for (
      const { withoutTime, withoutStep, unnamed } of [
        lines,
        flow,
        counts,
        times,
      ]
    ) {
      assert.deepEqual({ withoutTime, withoutStep, unnamed }, left);
    }
    assert.deepEqual(lines.steps.map(({ name }) => name), ["sent", "done"]);
    assert.deepEqual(lines.spans, ["a", "b"]);
    assert.deepEqual([...lines.since], [0, 2, 0, 4]);
    assert.deepEqual(flow.steps.map(({ spans }) => spans), [2, 2]);
    assert.deepEqual(counts.domain, [0, 6]);
    assert.deepEqual([...times.times[1]!.sinceBefore], [2, 4]);
  });
}

const charts: Record<string, (rows: object[]) => Chart> = {
  cumulativeFlow,
  lifelines,
  stepDurations,
  typicalSequence,
  spansInState,
};

for (const [name, draw] of Object.entries({ ...charts, timeline })) {
  Deno.test(`${name}() does not count rows where spans leave as left out`, () => {
    const { caption } = draw(shapes["statesOverTime()"]!);
    assert.match(caption, /^2 /);
    assert.ok(!caption.includes("left out"), caption);
  });
}

for (const [name, draw] of Object.entries(charts)) {
  Deno.test(`${name}() counts rows without a name, step or time`, () => {
    const { caption } = draw([
      ...shapes["eventsOf()"]!,
      { root_id: "c", time: 1, event_type: null, named: 1 },
      { root_id: "c", time: null, event_type: "sent", named: 1 },
      { root_id: "c", time: 2, event_type: "Sent %s", named: 0 },
      { root_id: "c", time: 3, event_type: "Done %s", named: 0 },
    ]);
    assert.match(caption, /2 events without a name left out\./);
    assert.match(caption, /1 row without a step left out\./);
    assert.match(caption, /1 row without a time left out\.$/);
  });
}

Deno.test("an event of several span types is a separate step for each", () => {
  const { steps } = arrivalsOf([
    { root_id: 1, time: 0, span_type: "parsl.try", event_type: "sent" },
    { root_id: 1, time: 1, span_type: "wq.task", event_type: "sent" },
    { root_id: 1, time: 2, span_type: "wq.task", event_type: "done" },
  ]);
  assert.deepEqual(steps.map(({ step }) => step), [
    "sent (parsl.try)",
    "sent (wq.task)",
    "done",
  ]);
});
