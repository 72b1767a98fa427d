import {
  cumulativeDistribution,
  durationBins,
  durationBoxes,
  durationCells,
  durationHeatmap,
  durationHistogram,
  durationQuantiles,
  durationsOf,
  durationsOverTime,
  twoEvents,
} from "dnpc/plots";
import assert from "node:assert/strict";
import { fixtureRows, launchedAndRunning } from "./fixtures.ts";

const sum = (counts: { count: number }[]) =>
  counts.reduce((total, { count }) => total + count, 0);

Deno.test("durationBins() agrees with Python on wq", () => {
  const rows = fixtureRows("wq", launchedAndRunning);
  const bins = durationBins(rows, { bins: 8 });
  // collections.Counter(int(seconds // 10) for seconds in durations)
  assert.deepEqual(bins.map(({ x1, x2, count }) => [x1, x2, count]), [
    [0, 10, 66],
    [10, 20, 5],
    [20, 30, 5],
    [30, 40, 6],
    [40, 50, 15],
    [50, 60, 6],
    [60, 70, 4],
    [70, 80, 1],
  ]);
});

Deno.test("durationBins() puts every duration into one bin, for any range", () => {
  const sets = [
    [0.1, 0.2, 0.3, 0.7, 0.9, 1],
    [-5, -1e-9, 0, 1e-9, 5],
    [1e-6, 2e-6, 3e-6],
    [1e9, 1e9 + 1e-7],
    [2, 2, 2],
    [0],
    [3600, 86_400, 1e7],
  ];
  for (const durations of sets) {
    const bins = durationBins(durations.map((d) => ({ d })), { duration: 0 });
    assert.equal(sum(bins), durations.length, String(durations));
    for (const duration of durations) {
      const holding = bins.filter(({ x1, x2 }) =>
        x1 <= duration && duration < x2
      );
      assert.equal(holding.length, 1, `${duration} of ${durations}`);
    }
  }
});

Deno.test("durationBins() has round edges, also in days", () => {
  const rows = [[0, 0], [0, 10 * 86_400]];
  const [first] = durationBins(rows, { bins: 10 });
  assert.equal(first?.x2, 86_400);
});

Deno.test("durationBins() counts only within the domain", () => {
  const rows = [[0, 0.5], [0, 1.5], [0, 99]];
  const bins = durationBins(rows, { domain: [0, 2], bins: 2 });
  assert.equal(sum(bins), 2);
});

Deno.test("durationBins() requires at least one bin", () => {
  assert.throws(() => durationBins([[0, 1]], { bins: 0 }), RangeError);
});

Deno.test("durationCells() puts every row with a start into one cell", () => {
  const rows = fixtureRows("wq", launchedAndRunning);
  const { length, duration } = durationsOf(rows);
  const cells = durationCells(rows);
  assert.equal(sum(cells), length);
  const highest = Math.max(...cells.map(({ y2 }) => y2));
  assert.ok(Math.abs(highest - Math.max(...duration)) < 1e-9);
});

/** Rows that start one second after the other. */
const rowsOf = (seconds: readonly number[]) =>
  seconds.map((took, i) => ({ launched: i, running: i + took }));

const even = (count: number, from: number, to: number) =>
  Array.from({ length: count }, (_, i) => from + (to - from) * i / (count - 1));

/** What the bars count, by the tips of a histogram. */
const barsOf = (chart: ReturnType<typeof durationHistogram>) =>
  chart.options.tips!().map(({ text }) => {
    const [range, counted] = text.split("\n");
    return { range, count: parseInt(counted!.replaceAll(",", "")) };
  });

Deno.test("durationHistogram() shows every population of a skewed set", () => {
  // 10,106 of 10 to 99 ms, and 1,994 of one to six hours.
  const rows = rowsOf([
    ...even(10_106, 0.01, 0.099),
    ...even(1_994, 3601, 21_600),
  ]);
  const chart = durationHistogram(rows);
  assert.match(chart.svg, />duration from launched to running \(logarithmic\)/);
  const bars = barsOf(chart);
  const among = (unit: RegExp) => bars.filter(({ range }) => unit.test(range!));
  assert.equal(sum(among(/ms$/)), 10_106);
  assert.equal(sum(among(/(min|h)$/)), 1_994);
  // The half of the small ones is no single bar.
  assert.ok(bars.every(({ count }) => count < 10_106 / 3));
});

Deno.test("durationHistogram() of few rows is no comb", () => {
  // 80 durations around 2 s, the sums of three even ones.
  const rows = rowsOf(
    even(80, 0, 1).map((share, i) =>
      share + (i * 31 % 80) / 80 + (i * 57 % 80) / 80 + 0.5
    ),
  );
  const chart = durationHistogram(rows);
  assert.doesNotMatch(chart.svg, /logarithmic/);
  const counts = barsOf(chart).map(({ count }) => count);
  assert.equal(counts.reduce((total, count) => total + count, 0), 80);
  assert.ok(counts.length >= 8 && counts.length <= 24, String(counts));
});

Deno.test("durationHistogram() of a small median and few outliers is no single bar", () => {
  const rows = rowsOf([...even(600, 0.03, 0.08), 4, 9, 14, 28]);
  const chart = durationHistogram(rows);
  assert.match(chart.svg, /logarithmic/);
  assert.ok(barsOf(chart).filter(({ count }) => count > 10).length > 8);
});

Deno.test("charts of durations choose the same axis for the same rows", () => {
  const draws = {
    durationHistogram,
    cumulativeDistribution,
    durationsOverTime,
    durationQuantiles,
    durationHeatmap,
    durationBoxes,
    twoEvents,
  };
  const sets = {
    linear: even(200, 0, 10),
    logarithmic: even(200, 0, 10).map((place) => 10 ** (place / 2 - 3)),
  };
  for (const [name, seconds] of Object.entries(sets)) {
    const rows = rowsOf(seconds)
      .map((row) => ({
        app: "a",
        ...row,
        start: row.launched,
        end: row.running,
      }));
    for (const [kind, draw] of Object.entries(draws)) {
      const { svg } = draw(rows, { start: "start", end: "end" });
      assert.equal(svg.includes("logarithmic"), name === "logarithmic", kind);
      const asked = draw(rows, { start: "start", end: "end", log: false });
      assert.ok(!asked.svg.includes("logarithmic"), kind);
    }
  }
});
