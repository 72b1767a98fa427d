import assert from "node:assert/strict";
import { Changes, sweep } from "../../plots/rows/sweep.ts";
import { timeOrder } from "../../plots/rows/row_order.ts";
import { randomNumbers } from "./cases/random.ts";

/** Changes in this many series, with many at equal times. */
function changes(length: number, series: number, moments: number) {
  const random = randomNumbers();
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    time: Float64Array.from({ length }, () => 100 + below(moments) / 4),
    series: Int32Array.from({ length }, () => below(series)),
    delta: Int32Array.from({ length }, () => below(5) - 2),
  };
}

function changesOf(
  { time, series, delta }: Record<
    "time" | "series" | "delta",
    ArrayLike<number>
  >,
): Changes {
  const changes = new Changes(time.length);
  for (let i = 0; i < time.length; i++) {
    changes.add(time[i]!, series[i]!, delta[i]!);
  }
  return changes;
}

/** The count of a series at a time: the sum of all changes up to it. */
const countAt = (
  { time, series, delta }: ReturnType<typeof changes>,
  wanted: number | undefined,
  moment: number,
) =>
  time.reduce(
    (sum, t, i) =>
      t <= moment && (wanted === undefined || series[i] === wanted)
        ? sum + delta[i]!
        : sum,
    0,
  );

for (const columns of [1, 7, 50, 1000]) {
  Deno.test(`sweep() agrees with a count at each moment in ${columns} columns`, () => {
    const input = changes(300, 3, 160);
    const moments = [...new Set(input.time)].sort((a, b) => a - b);
    const found = sweep(changesOf(input), 3, columns);
    const { edges, columnSeconds } = found;
    assert.equal(columnSeconds === undefined, moments.length <= columns);
    [...found.series, found.total].forEach((own, s) => {
      const series = s < 3 ? s : undefined;
      const stretches = moments.map((from, i) => ({
        from,
        to: moments[i + 1] ?? from,
        count: countAt(input, series, from),
      }));
      const lasting = stretches.filter(({ from, to }) => to > from);
      for (let c = 0; c + 1 < edges.length; c++) {
        const [left, right] = [edges[c]!, edges[c + 1]!];
        const inside = lasting.filter(({ from, to }) =>
          from < right && to > left
        );
        if (inside.length === 0) continue;
        const seconds = inside.reduce(
          (sum, { from, to, count }) =>
            sum + count * (Math.min(to, right) - Math.max(from, left)),
          0,
        );
        assert.ok(
          Math.abs(own.mean[c]! - seconds / (right - left)) < 1e-9,
          `${own.mean[c]}, not ${seconds / (right - left)}`,
        );
        const counts = inside.map(({ count }) => count);
        if (right === edges.at(-1)) {
          // The last column also has the count after the last change.
          assert.ok(own.maximum[c]! >= Math.max(...counts));
        } else assert.equal(own.maximum[c], Math.max(...counts));
        assert.equal(own.minimum[c], Math.min(...counts));
      }
      const all = stretches.map(({ count }) => count);
      assert.equal(own.peak, Math.max(0, ...all));
      const integral = stretches.reduce(
        (sum, { from, to, count }) => sum + count * (to - from),
        0,
      );
      assert.ok(Math.abs(own.integral - integral) < 1e-6);
      const times = input.time.filter((_, i) =>
        series === undefined || input.series[i] === series
      );
      assert.deepEqual(
        [own.start, own.end],
        [Math.min(...times), Math.max(...times)],
      );
    });
  });
}

Deno.test("sweep() without a limit has a column for each moment", () => {
  const input = changes(300, 3, 160);
  const { edges, series } = sweep(changesOf(input), 3, Infinity);
  const moments = [...edges.subarray(0, -1)];
  assert.deepEqual(moments, [...new Set(input.time)].sort((a, b) => a - b));
  series.forEach(({ mean }, s) =>
    assert.deepEqual(
      [...mean.subarray(0, -1)],
      moments.slice(0, -1).map((moment) => countAt(input, s, moment)),
    )
  );
});

Deno.test("sweep() is one second wide if all changes are at one time", () => {
  const one = {
    time: Float64Array.of(5, 5),
    series: [0, 0],
    delta: [1, 2],
  };
  const { edges, total } = sweep(changesOf(one), 1);
  assert.deepEqual([...edges], [5, 6]);
  assert.deepEqual([...total.mean], [3]);
  assert.deepEqual([total.peak, total.integral], [3, 0]);
});

Deno.test("sweep() leaves no rounding error when fractions cancel", () => {
  const time = Float64Array.of(0, 1, 2, 3, 4);
  const delta = [0.1, 0.2, -0.3, 0.7, -0.7];
  const { total } = sweep(
    changesOf({ time, series: new Uint8Array(5), delta }),
    1,
  );
  assert.deepEqual([...total.maximum], [0.1, 0.3, 0, 0.7, 0]);
});

Deno.test("timeOrder() is stable, also for negative and distant times", () => {
  const random = randomNumbers();
  for (const length of [0, 1, 100, 20_000]) {
    const time = Float64Array.from(
      { length },
      (_, i) =>
        [-0, 0, -1.5, 1e-300, -1e100, 1e17, 1795344042.25][i % 19] ??
          1795344042 + Math.floor(random() * 500) / 8,
    );
    const expected = Array.from(time.keys())
      .sort((a, b) => time[a]! - time[b]! || a - b);
    assert.deepEqual([...timeOrder(time)], expected);
    assert.deepEqual(
      [...timeOrder(time.toSorted())],
      expected.map((_, i) => i),
    );
  }
});
