import { durationBins, durationCells, durationsOf } from "dnpc/plots";
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
