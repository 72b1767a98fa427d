import { durationBins, durationCells, durationsOf } from "dnpc/plots";
import assert from "node:assert/strict";
import { fixtureRows, launchedAndRunning } from "./fixtures.ts";

const sum = (counts: { count: number }[]) =>
  counts.reduce((total, { count }) => total + count, 0);

Deno.test("durationBins() with logarithmic bins agrees with Python on wq", () => {
  const rows = fixtureRows("wq", launchedAndRunning);
  const bins = durationBins(rows, { bins: 10, log: true });
  // collections.Counter(math.floor(math.log10(x) * 2) for x in durations)
  assert.deepEqual(
    bins.filter(({ count }) => count > 0)
      .map(({ x1, count }) => [Math.round(Math.log10(x1) * 2), count]),
    [[-7, 2], [-6, 1], [-5, 1], [-1, 7], [0, 38], [1, 17], [2, 11], [3, 31]],
  );
  assert.ok(
    bins.every(({ x1, x2 }) => Math.abs(x2 / x1 - Math.sqrt(10)) < 1e-9),
  );
});

Deno.test("durationBins() with logarithmic bins puts every duration into one bin", () => {
  const sets = [
    [0.1, 0.2, 0.3, 0.7, 0.9, 1],
    [-5, -1e-9, 0, 1e-9, 5],
    [1e-9, 1e9],
    [1, 10, 100, 1000, 0.001],
    [2, 2, 2],
    [0],
    [-1, -2],
    [1e9, 1e9 + 1e-7],
  ];
  for (const durations of sets) {
    const rows = durations.map((d) => ({ d }));
    for (const bins of [1, 10, 60]) {
      const found = durationBins(rows, { duration: 0, log: true, bins });
      assert.equal(sum(found), durations.length, String(durations));
      for (const duration of durations) {
        const holding = found.filter(({ x1, x2 }) =>
          duration > 0
            ? x1 <= duration && duration < x2
            : x1 === -Infinity && x2 === 0
        );
        assert.equal(holding.length, 1, `${duration} of ${durations}`);
      }
    }
  }
});

Deno.test("durationBins() gives each series the same bins, with shares that add up to 1", () => {
  const rows = fixtureRows("wq", launchedAndRunning);
  const { duration } = durationsOf(rows);
  for (const log of [false, true]) {
    const all = durationBins(rows, { log, bins: 60 });
    const bins = durationBins(rows, {
      log,
      bins: 60,
      series: ({ launched }: { launched: string | null }) =>
        Number(launched?.at(-1)) % 3,
    });
    const series = [...Map.groupBy(bins, ({ series }) => series).values()];
    assert.equal(series.length, 3);
    assert.equal(sum(bins), duration.length);
    for (const part of series) {
      assert.deepEqual(
        part.map(({ x1, x2 }) => [x1, x2]),
        all.map(
          ({ x1, x2 }) => [x1, x2],
        ),
      );
      const shares = part.reduce((total, { share }) => total + share!, 0);
      assert.ok(Math.abs(shares - 1) < 1e-9);
    }
    all.forEach(({ count }, i) =>
      assert.equal(sum(series.map((s) => s[i]!)), count)
    );
  }
});

Deno.test("durationCells() with logarithmic cells puts every row into one cell", () => {
  const rows = [[0, 0], [1, 0.5], [2, 2.001], [3, 1003], [4, 4]];
  const cells = durationCells(rows, { log: true, columns: 5, lines: 6 });
  assert.equal(sum(cells), rows.length);
  assert.deepEqual(
    cells.filter(({ y2 }) => y2 === 0).map(({ x1, count }) => [x1, count]),
    [[0, 1], [0.8, 1], [3.2, 1]],
  );
});
