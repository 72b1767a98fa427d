/**
 * The places of the points that a line of any number of points needs, drawn in
 * `columns` columns of pixels: of each column the first, the last, the least
 * and the greatest. The picture is the same as with all of them, and no peak is
 * lost. After Jugel and others, "M4: A Visualization-Oriented Time Series Data
 * Aggregation" (2014).
 *
 * `x` must not fall; a `y` that is NaN is left out.
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
  { columns = 640 }: { columns?: number } = {},
): number[] {
  const known: number[] = [];
  for (let i = 0; i < x.length; i++) {
    if (!Number.isNaN(y[i]) && !Number.isNaN(x[i])) known.push(i);
  }
  if (known.length <= 4 * columns) return known;
  const start = x[known[0]!]!;
  const width = (x[known.at(-1)!]! - start) / columns || 1;
  const kept: number[] = [];
  for (let k = 0; k < known.length;) {
    const column = Math.floor((x[known[k]!]! - start) / width);
    const first = known[k]!;
    let [least, most, last] = [first, first, first];
    while (
      k < known.length &&
      Math.floor((x[known[k]!]! - start) / width) === column
    ) {
      last = known[k++]!;
      if (y[last]! < y[least]!) least = last;
      if (y[last]! > y[most]!) most = last;
    }
    const places = new Set([first, least, most, last]);
    kept.push(...[...places].sort((a, b) => a - b));
  }
  return kept;
}
