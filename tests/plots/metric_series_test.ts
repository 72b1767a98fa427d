import { metricPoints, metricSeries } from "dnpc/plots";
import assert from "node:assert/strict";
import { fixtureRows, memory } from "./fixtures.ts";

// Computed by sqlite3: SELECT count(*), avg(psutil_process_memory_resident), min(...),
// max(...) FROM resource.
const expected = {
  tz: [99, 139162179.23232323, 138305536, 147255296],
  wq: [168, 130992737.52380952, 130228224, 138702848],
};

for (const [set, [count, mean, minimum, maximum]] of Object.entries(expected)) {
  Deno.test(`metricPoints() agrees with sqlite3 on ${set}`, () => {
    const { series: [own], length } = metricPoints(fixtureRows(set, memory));
    assert.equal(length, count);
    assert.deepEqual([own!.count, own!.minimum, own!.maximum], [
      count,
      minimum,
      maximum,
    ]);
    assert.ok(Math.abs(own!.mean - mean!) < 1e-3);
  });
}

Deno.test("metricSeries() states the same numbers as sqlite3 in its caption", () => {
  const { caption } = metricSeries(fixtureRows("wq", memory), {
    unit: "bytes",
  });
  assert.equal(
    caption,
    "168 values: mean 131 MB, minimum 130.2 MB, maximum 138.7 MB. " +
      "The vertical axis does not start at 0.",
  );
});

Deno.test("metricPoints() sorts points by time", () => {
  const rows = fixtureRows("wq", memory);
  const { time, value } = metricPoints(rows.toReversed());
  assert.deepEqual(time, metricPoints(rows).time);
  assert.ok(time.every((moment, i) => i === 0 || time[i - 1]! <= moment));
  assert.deepEqual(value.toSorted(), metricPoints(rows).value.toSorted());
});

Deno.test("metricPoints() counts rows without a time and without a number", () => {
  const points = metricPoints([
    [1, 5],
    [null, 5],
    [2, null],
    [3, "many"],
    [4, "7"],
  ]);
  assert.deepEqual([...points.value], [5, 7]);
  assert.deepEqual([points.withoutTime, points.withoutValue], [1, 2]);
});

Deno.test("metricSeries() draws a single extreme among a million points", () => {
  const rows = Array.from(
    { length: 1e6 },
    (_, i) => [i, i === 654_321 ? 9 : 1],
  );
  const { svg } = metricSeries(rows, { mark: "line", marginTop: 26 });
  const path = /<path[^>]*stroke="#0072b2"[^>]*d="([^"]+)"/.exec(svg)?.[1] ??
    /d="(M[^"]*l[^"]*)"[^>]*>/.exec(svg)![1]!;
  const rises = path.matchAll(/l[-\d.]+,(-?[\d.]+)/g)
    .map(([, dy]) => Number(dy)).toArray();
  // Up and down by eight ninths of the 232 pixels between the margins.
  assert.ok(Math.min(...rises) < -200, `${Math.min(...rises)}`);
  assert.ok(Math.max(...rises) > 200);
});

Deno.test("metricSeries() interrupts a line at gaps longer than options.gap", () => {
  const rows = [[0, 1], [1, 2], [9, 1], [10, 2]];
  const moves = (gap?: number) =>
    metricSeries(rows, { mark: "line", gap }).svg
      .match(/d="M[^"]*l[^"]*"/)?.[0].match(/m/gi)?.length;
  assert.equal(moves(), 1);
  assert.equal(moves(5), 2);
});

Deno.test("metricSeries() starts its axis at 0, unless that would flatten the line", () => {
  const low = (rows: number[][]) =>
    (metricSeries(rows).options.y?.domain as number[])[0];
  assert.equal(low([[0, 10], [1, 50]]), 0);
  assert.equal(low([[0, -10], [1, 50]]), -10);
  assert.ok(low([[0, 1000], [1, 1001]])! > 990);
});

Deno.test("metricSeries() combines the series beyond 14, and draws them as dots", () => {
  const rows = Array.from({ length: 90 }, (_, i) => [i, i, i % 30]);
  const { svg, caption } = metricSeries(rows, { series: 2, mark: "line" });
  assert.match(caption, /^90 values of 30 series/);
  assert.match(caption, /The other series are dots\.$/);
  assert.ok(svg.includes("other (22)"));
  assert.equal(svg.match(/<circle/g)?.length, 48);
});

Deno.test("metricSeries() draws only the points within the axis", () => {
  const rows = Array.from({ length: 1e5 }, (_, i) => [i, Math.sin(i)]);
  const x = { domain: [5000, 5010] };
  const { svg } = metricSeries(rows, { mark: "line", x });
  assert.ok(svg.length < 10_000, `${svg.length}`);
  const raster = metricSeries(rows, { x }).svg;
  // Eleven points, at most one cell each.
  const cells = raster.match(/ d="(M[\d.,]+H[^"]+z)"/)?.[1];
  assert.ok(cells!.match(/M/g)!.length <= 11, cells);
});
