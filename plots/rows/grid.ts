import type { Series } from "./series.ts";

/** Cells along one axis, numbered from 0. */
export interface Grid {
  count: number;
  place: (value: number) => number;
  /** The two ends of a cell. */
  range: (i: number) => readonly [number, number];
}

/** A cell of a grid over two axes that has rows in it. */
export interface GridCell {
  /** Left edge. */
  x1: number;
  /** Right edge. */
  x2: number;
  /** Lower edge. */
  y1: number;
  /** Upper edge. */
  y2: number;
  /** Number of rows in it. */
  count: number;
  /**
   * The series with the largest share of its own rows in the cell, if the rows
   * have series.
   */
  series?: string;
}

/** Cells of one size from the least to the greatest value. */
export function evenGrid(values: Float64Array, count: number): Grid {
  const [min, max] = extentOf(values);
  const isOne = max === min;
  // Equal values lie in a cell that is small compared to them. Part of the
  // least number there is would be zero.
  const size = (isOne ? (Math.abs(min) || 1) * 1e-4 : (max - min) / count) ||
    Number.MIN_VALUE;
  const low = isOne ? min - size * (Math.floor(count / 2) + 0.5) : min;
  return {
    count,
    place: (value) => Math.min(count - 1, Math.floor((value - low) / size)),
    range: (i) => [low + i * size, low + (i + 1) * size],
  };
}

/** The same by logarithm; the first cell has the values that are not above 0. */
export function logGrid(values: Float64Array, count: number): Grid {
  const above = evenGrid(
    values.filter((value) => value > 0).map(Math.log),
    count,
  );
  return {
    count: count + 1,
    place: (value) => value > 0 ? 1 + above.place(Math.log(value)) : 0,
    range(i) {
      if (i === 0) return [-Infinity, 0];
      const [from, to] = above.range(i - 1);
      return [Math.exp(from), Math.exp(to)];
    },
  };
}

/** Counts points in cells; one without an x is in none. Empty cells are left out. */
export function countCells(
  points: { x: Float64Array; y: Float64Array; series?: Series | undefined },
  x: Grid,
  y: Grid,
): GridCell[] {
  const { series } = points;
  const counts = new Uint32Array(x.count * y.count);
  const bySeries = series?.names.map(() => new Uint32Array(counts.length));
  points.x.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const cell = x.place(value) * y.count + y.place(points.y[i]!);
    counts[cell]!++;
    if (bySeries) bySeries[series!.of[i]!]![cell]!++;
  });
  const totals = bySeries?.map((counts) =>
    counts.reduce((sum, count) => sum + count, 0)
  );
  const strongest = (cell: number) => {
    const share = (s: number) => bySeries![s]![cell]! / (totals![s]! || 1);
    let best = 0;
    for (let s = 1; s < bySeries!.length; s++) {
      if (share(s) > share(best)) best = s;
    }
    return series!.names[best]!;
  };
  const cells: GridCell[] = [];
  counts.forEach((count, i) => {
    if (count === 0) return;
    const [x1, x2] = x.range(Math.floor(i / y.count));
    const [y1, y2] = y.range(i % y.count);
    cells.push({
      x1,
      x2,
      y1,
      y2,
      count,
      ...(bySeries && { series: strongest(i) }),
    });
  });
  return cells;
}

/** The least and the greatest of the numbers; 0 and 0 if there are none. */
export function extentOf(values: Float64Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 0] : [low, high];
}
