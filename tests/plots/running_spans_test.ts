import { type RunningCounts, runningCounts, runningSpans } from "dnpc/plots";
import assert from "node:assert/strict";
import { fixtureRows, launchedAndReturned } from "./fixtures.ts";

/** Seconds that spans ran, computed from the counts. */
const ran = ({ steps }: RunningCounts) =>
  steps.reduce(
    (sum, { time, until, value }) => sum + (until - time) * value,
    0,
  );

// Computed in Python: a loop over starts and ends of the same rows in order of
// time; the peak ignores counts that last 0 s.
const expected = {
  tz: { spans: 69, most: 31, seconds: 89.2680139541626, left: 1 },
  wq: { spans: 114, most: 55, seconds: 1995.7453055381775, left: 2 },
};

for (const [set, { spans, most, seconds, left }] of Object.entries(expected)) {
  for (const columns of [7, 100, 640, 100_000]) {
    Deno.test(`runningCounts() agrees with Python on ${set} in ${columns} columns`, () => {
      const counts = runningCounts(fixtureRows(set, launchedAndReturned), {
        columns,
      });
      const { total, withoutTime } = counts;
      assert.deepEqual([total.spans, total.peak], [spans, most]);
      assert.ok(Math.abs(total.seconds - seconds) < 1e-4, `${total.seconds}`);
      assert.ok(Math.abs(ran(counts) - seconds) < 1e-3, `${ran(counts)}`);
      assert.equal(withoutTime, left);
      // The peak is kept for any number of columns.
      assert.equal(
        counts.steps.reduce((a, { maximum }) => Math.max(a, maximum), 0),
        most,
      );
    });
  }
}

Deno.test("runningSpans() states the same numbers as Python in its caption", () => {
  const { caption } = runningSpans(fixtureRows("wq", launchedAndReturned));
  // 1995.745 s over 75.41 s.
  assert.match(caption, /^114 spans: at most 55 at once, 26.46 on average\./);
  assert.match(caption, /2 spans without a time left out\.$/);
});

Deno.test("runningCounts() does not depend on the order of rows", () => {
  const rows = fixtureRows("wq", launchedAndReturned);
  assert.deepEqual(runningCounts(rows.toReversed()), runningCounts(rows));
});

Deno.test("runningCounts() counts each series and the total", () => {
  const counts = runningCounts([
    [0, 4, "a"],
    [1, 3, "b"],
    [2, 5, "a"],
  ], { series: 2 });
  assert.deepEqual(
    counts.series.map(({ name, peak, seconds }) => [name, peak, seconds]),
    [["a", 2, 7], ["b", 1, 2]],
  );
  assert.deepEqual([counts.total.peak, counts.total.mean], [3, 9 / 5]);
});

Deno.test("runningCounts() extends a span without an end to the last known time", () => {
  const { steps, unended, total } = runningCounts([[0, 2], [1, null]]);
  assert.deepEqual(
    steps.map(({ time, until, value }) => [time, until, value]),
    [[0, 1, 1], [1, 2, 2]],
  );
  assert.deepEqual([unended, total.seconds], [1, 3]);
  assert.match(
    runningSpans([[0, 2], [1, null]]).caption,
    /1 span without an end counted as running until the last known time/,
  );
});

Deno.test("runningCounts() counts reversed spans and spans of 0 s", () => {
  const { reversed, instant, total } = runningCounts([
    [5, 1],
    [0, 9],
    [3, 3],
    [null, 3],
  ]);
  assert.deepEqual([reversed, instant, total.spans], [1, 1, 2]);
  // A span of 0 s does not overlap others.
  assert.equal(total.peak, 1);
});

Deno.test("runningCounts() sees no overlap if a span starts when another ends", () => {
  assert.equal(runningCounts([[0, 1], [1, 2], [2, 3]]).total.peak, 1);
});

Deno.test("runningCounts() aligns consecutive runs at 0", () => {
  const rows = [[100, 104, "first"], [900, 901, "second"], [
    902,
    903,
    "second",
  ]];
  const aligned = runningCounts(rows, { series: 2 });
  assert.deepEqual([aligned.isAligned, aligned.domain], [true, [0, 4]]);
  assert.deepEqual(aligned.series.map(({ mean }) => mean), [1, 2 / 3]);
  const notAligned = runningCounts(rows, { series: 2, alignStart: false });
  assert.deepEqual(notAligned.domain, [100, 903]);
});

Deno.test("runningCounts() keeps a spike far narrower than a column", () => {
  const rows = [
    [0, 1e6],
    ...Array.from({ length: 99 }, () => [5e5, 5e5 + 0.001]),
    ...Array.from({ length: 2000 }, (_, i) => [i * 500, i * 500 + 100]),
  ];
  const { steps, total } = runningCounts(rows, { columns: 50 });
  assert.equal(total.peak, 101);
  assert.ok(steps.some(({ maximum, value }) => maximum === 101 && value < 2));
  assert.ok(steps.every(({ minimum }) => minimum >= 1));
});
