import type { MetricPoints } from "./metric_points.ts";

/** A cell of a grid over time and value that has points in it. */
export interface MetricCell {
  x1: number;
  x2: number;
  y1: number;
  y2: number;
  /** The series that most of its points are of. */
  name: string;
  count: number;
}

/** How many points are in each cell of a grid, and of which series the most. */
export function metricCells(
  { time, value, of, series }: MetricPoints,
  chosen: ArrayLike<number>,
  [left, right]: readonly [number, number],
  [low, high]: readonly [number, number],
  { columns, lines }: { columns: number; lines: number },
): MetricCell[] {
  const width = (right - left) / columns || 1;
  const height = (high - low) / lines || 1;
  const counts = new Uint32Array(columns * lines * series.length);
  for (let k = 0; k < chosen.length; k++) {
    const i = chosen[k]!;
    const [moment, number] = [time[i]!, value[i]!];
    // Beyond the part of the axis that the user asks for.
    if (moment < left || moment > right || number < low || number > high) {
      continue;
    }
    const x = Math.min(columns - 1, Math.floor((moment - left) / width));
    const y = Math.min(lines - 1, Math.floor((number - low) / height));
    counts[(x * lines + y) * series.length + of[i]!]!++;
  }
  const cells: MetricCell[] = [];
  for (let cell = 0; cell < columns * lines; cell++) {
    let [most, sum] = [0, 0];
    for (let s = 0; s < series.length; s++) {
      const count = counts[cell * series.length + s]!;
      sum += count;
      if (count > counts[cell * series.length + most]!) most = s;
    }
    if (sum === 0) continue;
    const x = Math.floor(cell / lines);
    const y = cell % lines;
    cells.push({
      x1: left + x * width,
      x2: left + (x + 1) * width,
      y1: low + y * height,
      y2: low + (y + 1) * height,
      name: series[most]!.name,
      count: sum,
    });
  }
  return cells;
}
