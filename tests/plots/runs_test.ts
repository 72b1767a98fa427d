import { strict as assert } from "node:assert";
import {
  type Chart,
  cumulativeFlow,
  eventRate,
  lifelines,
  type Rows,
  runningSpans,
  spansInState,
  stepDurations,
  timeline,
  twoEvents,
  typicalSequence,
} from "dnpc/plots";

/** Spans of runs that are weeks apart, in a column beside the others. */
const spansOf = (runs: readonly string[]) =>
  runs.flatMap((run, i) =>
    Array.from({ length: 5 }, (_, n) => {
      const start = 1795344042 + i * 20 * 86_400 + n;
      return { run, start, end: start + 1 + n % 2 };
    })
  );
const statesOf = (runs: readonly string[]) =>
  spansOf(runs).flatMap(({ run, start, end }) => [
    { root_id: `${run} ${start}`, time: start, state: "running", run },
    { root_id: `${run} ${start}`, time: end, state: "done", run },
  ]);

const apart: Record<string, (runs: readonly string[]) => Chart> = {
  spansInState: (runs) => spansInState(statesOf(runs)),
  cumulativeFlow: (runs) => cumulativeFlow(statesOf(runs)),
  timeline: (runs) => timeline(statesOf(runs)),
  runningSpans: (runs) => runningSpans(spansOf(runs)),
  eventRate: (runs) =>
    eventRate(
      spansOf(runs).map(({ start, ...row }) => ({ ...row, time: start })),
    ),
};

for (const [name, draw] of Object.entries(apart)) {
  Deno.test(`${name}() has a plot for each run, from its own start`, () => {
    const { options } = draw(["001", "000"]);
    const { panels = [] } = options;
    // In the order of time.
    assert.deepEqual(panels.map(({ heading }) => heading), [
      "run 001",
      "run 000",
    ]);
    for (const { plots: [plot] } of panels) {
      const [from, to] = plot!.x!.domain as [number, number];
      assert.ok(to - from < 10, `${from} to ${to}`);
    }
    assert.equal(draw(["000"]).options.panels, undefined);
  });
}

const together: Record<string, (rows: Rows) => Chart> = {
  twoEvents,
  lifelines,
  stepDurations,
  typicalSequence,
};

for (const [name, draw] of Object.entries(together)) {
  Deno.test(`${name}() has a colour for each run`, () => {
    const rowsOf = name === "twoEvents" ? spansOf : statesOf;
    const { svg } = draw(rowsOf(["000", "001"]));
    for (const run of ["000", "001"]) assert.ok(svg.includes(`>${run}<`), run);
    assert.ok(!draw(rowsOf(["000"])).svg.includes(">000<"));
  });
}

Deno.test("runs share a plot if they are asked to, or are the lines of it", () => {
  const rows = spansOf(["000", "001"]);
  assert.equal(runningSpans(rows, { facet: null }).options.panels, undefined);
  assert.equal(runningSpans(rows, { series: "run" }).options.panels, undefined);
  const { svg, options } = timeline(rows);
  assert.equal(options.panels, undefined);
  assert.ok(svg.includes(">001<"));
});

Deno.test("a chart of runs reads an iterator", () => {
  const { options } = spansInState(statesOf(["000", "001"]).values());
  assert.equal(options.panels?.length, 2);
});
