import {
  cumulativeDistribution,
  cumulativeShares,
  durationsOf,
} from "dnpc/plots";
import assert from "node:assert/strict";
import { fixtureRows, launchedAndRunning } from "./fixtures.ts";

/** Number of durations up to a limit, read off the points of the line. */
function atMost(points: { duration: number; count: number }[], limit: number) {
  return points.findLast(({ duration }) => duration <= limit)?.count ?? 0;
}

Deno.test("cumulativeShares() agrees with Python on wq", () => {
  const points = cumulativeShares(fixtureRows("wq", launchedAndRunning), {
    columns: Infinity,
  });
  // sum(seconds <= limit for seconds in durations)
  const expected = [[0.1, 4], [1, 11], [4.180358, 54], [10, 66], [50, 97]];
  for (const [limit, count] of expected) {
    assert.equal(atMost(points, limit! + 1e-6), count, `at most ${limit}`);
  }
  assert.equal(points.at(-1)!.share, 1);
});

Deno.test("cumulativeShares() of many rows is exact at each point kept", () => {
  const random = (i: number) => (i * 16807 % 2147483647) / 2147483647;
  const rows = Array.from({ length: 50_000 }, (_, i) => [
    0,
    Math.round(random(i * 7919) ** 4 * 1e6) / 1e3 - 0.01,
  ]);
  const { duration } = durationsOf(rows);
  for (const log of [false, true]) {
    const points = cumulativeShares(rows, { columns: 300, log });
    assert.ok(points.length <= 2 * 300 + 4, `${points.length} points`);
    assert.equal(points.at(-1)!.count, rows.length);
    assert.ok(
      points.every(({ count }, i) => i === 0 || count > points[i - 1]!.count),
    );
    for (
      const { duration: limit, count } of points.filter((_, i) => i % 9 === 0)
    ) {
      assert.equal(count, duration.filter((value) => value <= limit).length);
    }
  }
});

Deno.test("cumulativeShares() does not depend on the order of rows", () => {
  const rows = fixtureRows("wq", launchedAndRunning);
  assert.deepEqual(cumulativeShares(rows.toReversed()), cumulativeShares(rows));
});

Deno.test("cumulativeShares() accepts ties, one row, no rows and negative durations", () => {
  const points = (durations: number[]) =>
    cumulativeShares(durations.map((d) => [d]), { duration: 0 })
      .map(({ duration, count }) => [duration, count]);
  assert.deepEqual(points([2, 2, 2]), [[2, 3]]);
  assert.deepEqual(points([5]), [[5, 1]]);
  assert.deepEqual(points([]), []);
  assert.deepEqual(points([1, -3, 0, -3]), [[-3, 2], [0, 3], [1, 4]]);
});

Deno.test("cumulativeDistribution() draws each series as one step line", () => {
  const { svg, caption } = cumulativeDistribution(
    [[0, 1, "a"], [0, 2, "a"], [0, 4, "b"]],
    { series: 2 },
  );
  assert.equal(svg.match(/d="M[^"]+" stroke="#\w+"\/>/g)?.length, 2);
  assert.match(caption, /a: 2 spans, median 1.5 s, .*; b: 1 span, median 4 s/);
});
