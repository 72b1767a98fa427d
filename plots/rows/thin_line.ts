import { checkOptions } from "../../display/text/mistakes.ts";

/**
 * Picks the points that a line needs when it is drawn in `columns` pixel
 * columns: the first, last, minimum and maximum of each column. The picture is
 * the same as with all points, and no peak is lost. After Jugel and others,
 * "M4: A Visualization-Oriented Time Series Data Aggregation" (2014).
 *
 * `x` must not fall; a `y` that is NaN is left out. `places` limits the line to
 * some of the points, and `domain` the columns to a part of the axis.
 *
 * @example
 * ```ts
 * import { thinLine } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const x = Array.from({ length: 1000 }, (_, i) => i);
 * const y = x.map((i) => i === 500 ? 9 : 1);
 * const places = thinLine(x, y, { columns: 10 });
 * assert.ok(places.length <= 40);
 * assert.ok(places.includes(500));
 * ```
 */
export function thinLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: {
    columns?: number;
    places?: Iterable<number>;
    domain?: readonly [number, number];
  } = {},
): number[] {
  checkOptions("thinLine", options, {
    columns: true,
    places: true,
    domain: true,
  });
  const { columns = 640, places, domain } = options;
  const known: number[] = [];
  for (const i of places ?? Array(x.length).keys()) {
    if (!Number.isNaN(y[i]) && !Number.isNaN(x[i])) known.push(i);
  }
  if (known.length <= 4 * columns) return known;
  const [start, end] = domain ?? [x[known[0]!]!, x[known.at(-1)!]!];
  const width = (end - start) / columns || 1;
  // All points before the domain are one column, and all behind it.
  const columnOf = (i: number) =>
    Math.max(-1, Math.min(columns, Math.floor((x[i]! - start) / width)));
  const kept: number[] = [];
  for (let k = 0; k < known.length;) {
    const first = known[k]!;
    const column = columnOf(first);
    let [least, most, last] = [first, first, first];
    for (; k < known.length && columnOf(known[k]!) === column; k++) {
      last = known[k]!;
      if (y[last]! < y[least]!) least = last;
      if (y[last]! > y[most]!) most = last;
    }
    for (const i of new Set([first, least, most, last].sort((a, b) => a - b))) {
      kept.push(i);
    }
  }
  return kept;
}
