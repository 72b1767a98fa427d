import {
  durationCells,
  durationHeatmap,
  durationQuantiles,
  durationsOf,
  quantilesOverTime,
} from "dnpc/plots";
// @ts-types="npm:@types/d3-array@3.2.2"
import { quantile } from "d3-array";
import assert from "node:assert/strict";
import { withNoun } from "../../display/text/rows.ts";
import { fixtureRows, launchedAndRunning } from "./fixtures.ts";

const sum = (counts: { count: number }[]) =>
  counts.reduce((total, { count }) => total + count, 0);

Deno.test("quantilesOverTime() agrees with Python on wq", () => {
  const rows = fixtureRows("wq", launchedAndRunning);
  const bins = quantilesOverTime(rows, { every: 30 });
  const start = bins[0]!.x1;
  const round = (value: number) => Math.round(value * 1e6) / 1e6;
  // Rows by int((launched - first) // 30); the interpolated percentile of each.
  assert.deepEqual(
    bins.map(({ x1, count, median, percentile95 }) => [
      Math.round((x1 - start) / 30),
      count,
      round(median),
      round(percentile95),
    ]),
    [[0, 77, 13.481773, 62.162882], [1, 15, 1.589135, 4.115009], [
      2,
      16,
      1.729668,
      3.127428,
    ]],
  );
});

Deno.test("quantilesOverTime() agrees with d3.quantile in each bin", () => {
  const rows = fixtureRows("wq", launchedAndRunning);
  const { start, duration, length } = durationsOf(rows);
  const bins = quantilesOverTime(rows, { every: 7 });
  assert.equal(sum(bins), length);
  for (const { x1, x2, ...statistics } of bins) {
    const held = [...duration].filter((_, i) =>
      start[i]! >= x1 && start[i]! < x2
    );
    assert.deepEqual(statistics, {
      count: held.length,
      minimum: quantile(held, 0),
      percentile5: quantile(held, 0.05),
      percentile25: quantile(held, 0.25),
      median: quantile(held, 0.5),
      percentile75: quantile(held, 0.75),
      percentile95: quantile(held, 0.95),
      maximum: quantile(held, 1),
    });
  }
});

Deno.test("quantilesOverTime() does not depend on the order of rows", () => {
  const rows = fixtureRows("wq", launchedAndRunning);
  assert.deepEqual(
    quantilesOverTime(rows.toReversed()),
    quantilesOverTime(rows),
  );
});

Deno.test("quantilesOverTime() rejects a width without usable bins", () => {
  for (const every of [0, -1, NaN, 1e-9]) {
    assert.throws(
      () => quantilesOverTime([[0, 1], [5, 6]], { every }),
      RangeError,
    );
  }
});

Deno.test("durationQuantiles() draws the rows of small bins as dots", () => {
  const rows = [
    ...Array.from({ length: 30 }, (_, i) => [i / 10, 5 + i / 10]),
    [11, 12],
    [12, 15],
  ];
  const { svg, caption } = durationQuantiles(rows, { every: 10 });
  assert.match(caption, /of the spans that start within 10 s\.$/);
  assert.ok(svg.includes("each span, where fewer than 10 start"));
  // Two rows, one maximum, and two in the legend.
  assert.equal(svg.match(/<circle/g)?.length, 5);
});

Deno.test("durationCells() with round cells puts every row with a start into one cell", () => {
  const rows = fixtureRows("wq", launchedAndRunning);
  const { start, duration, length } = durationsOf(rows);
  for (const log of [false, true]) {
    const cells = durationCells(rows, { log, every: 10, lines: 15 });
    assert.equal(sum(cells), length);
    for (const { x1, x2, y1, y2, count } of cells) {
      const held = start.filter((time, i) =>
        time >= x1 && time < x2 && duration[i]! >= y1 && duration[i]! < y2
      );
      assert.equal(held.length, count);
    }
  }
});

Deno.test("durationCells() with round cells keeps negative durations, and zeros on a logarithmic axis", () => {
  const rows = [[0, -1], [1, 1], [2, 3], [3, 103]];
  assert.equal(sum(durationCells(rows, { round: true })), 4);
  const cells = durationCells(rows, { log: true, round: true });
  assert.equal(sum(cells.filter(({ y2 }) => y2 === 0)), 2);
  assert.equal(sum(cells), 4);
});

Deno.test("durationHeatmap() states the counts of its colours and its cell size", () => {
  const { svg, caption } = durationHeatmap(
    fixtureRows("wq", launchedAndRunning),
    { every: 10, lines: 8 },
  );
  assert.ok(svg.includes("1 span per cell"));
  assert.match(caption, /A cell is 10 s wide and 10 s high\.$/);
});

Deno.test("durationQuantiles() with dots has one for each run, which are no series", () => {
  const day = 86_400;
  const rows = withNoun(
    Array.from({ length: 40 }, (_, i) => ({
      run: String(i).padStart(3, "0"),
      began: 1.78e9 + i * day,
      median: 1 + (i % 5) / 10,
    })),
    "run",
  );
  const options = { start: "began", duration: "median", dots: true };
  const chart = durationQuantiles(rows, options);
  // The legend has one, too.
  assert.equal(chart.svg.match(/<circle/g)?.length, 40 + 1);
  assert.match(chart.caption, /^40 runs: .* start within 10 days\.$/);
  assert.doesNotMatch(chart.svg, />000</);
  // A column of names is a series, with a median and a colour each.
  const two = rows.flatMap((row) => ["a", "b"].map((app) => ({ ...row, app })));
  const series = durationQuantiles(two, {
    ...options,
    series: "app",
    facet: null,
    alignStart: false,
  });
  assert.equal(series.svg.match(/<circle/g)?.length, 80);
  const many = Array.from({ length: 2001 }, (_, i) => [i, 1 + i % 7]);
  assert.match(
    durationQuantiles(many, { dots: true, duration: 1 }).caption,
    /Too many spans for a dot each\.$/,
  );
});
