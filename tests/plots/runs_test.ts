import { strict as assert } from "node:assert";
import {
  type Chart,
  cumulativeFlow,
  durationsOverTime,
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

const sixty = Array.from({ length: 60 }, (_, i) => String(i).padStart(3, "0"));

Deno.test("many runs are small plots side by side, whose axes are named once", () => {
  const chart = apart.spansInState!(sixty);
  const { panels = [], caption } = chart.options;
  assert.deepEqual(panels.flatMap(({ headings = [] }) => headings), [
    ...sixty.map((run) => `run ${run}`),
  ]);
  // A page of 760 pixels has room for four of at least 170.
  assert.deepEqual(
    new Set(panels.map(({ plots }) => plots.length)),
    new Set([4]),
  );
  assert.equal(
    panels[0]!.note,
    "↑ spans in state, → time since the start of each (s)",
  );
  assert.ok(!chart.svg.includes("↑ spans in state</text>"));
  assert.ok(chart.svg.includes(">run 059<"));
  assert.equal(caption, "");
  assert.ok(chart.svg.length < 300_000);
  const wider = spansInState(statesOf(sixty), { width: 1140 });
  assert.equal(wider.options.panels![0]!.plots.length, 6);
});

Deno.test("runs beyond sixty are counted, and high plots lie below each other", () => {
  const more = [...sixty, ...sixty.map((run) => `1${run}`)];
  const { options } = apart.runningSpans!(more);
  assert.equal(options.caption, "60 more facets not drawn.");
  const { panels = [], caption } = timeline(statesOf(sixty)).options;
  assert.equal(panels.filter(({ heading }) => heading).length, 12);
  assert.equal(caption, "48 more facets not drawn.");
});

Deno.test("runs that share a colour start at the left, each of them", () => {
  const { options } = durationsOverTime(spansOf(sixty));
  const [from, to] = options.x!.domain as [number, number];
  assert.equal(options.x!.label, "time since the start of each (s)");
  // Spans of a run start within 4 s, and runs are 20 days apart.
  assert.deepEqual([from, to > 3 && to < 6], [0, true]);
  const { domain } = runningSpans(spansOf(sixty), { series: "run" }).options.x!;
  assert.ok((domain as number[])[1]! < 10);
});
