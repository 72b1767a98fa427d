/** How many were under way in each of a row of columns of time. */
export interface CountOverTime {
  /** The mean over each column. */
  mean: Float64Array;
  /** The least at any time of each column. */
  minimum: Float64Array;
  /** The most at any time of each column. */
  maximum: Float64Array;
}

/**
 * How many are under way, from when each started and when each ended, both in
 * the order of time. Only what lasts counts: all that starts and ends at one
 * time is one change. The work grows with the times and the columns, not with
 * their product.
 *
 * `edges` are where the columns begin, and where the last ends.
 */
export function runningCount(
  starts: Float64Array,
  ends: Float64Array,
  edges: ArrayLike<number>,
): CountOverTime {
  const columns = edges.length - 1;
  const last = edges[columns]!;
  const mean = new Float64Array(columns);
  const minimum = new Float64Array(columns).fill(Infinity);
  const maximum = new Float64Array(columns).fill(-Infinity);
  let [i, j, count, column, since] = [0, 0, 0, 0, edges[0]!];
  for (;;) {
    const start = i < starts.length ? starts[i]! : Infinity;
    const end = j < ends.length ? ends[j]! : Infinity;
    const now = Math.min(start, end, last);
    for (;; column++) {
      const [left, right] = [edges[column]!, edges[column + 1]!];
      const from = Math.max(since, left);
      const to = Math.min(now, right);
      if (to > from) {
        if (count) mean[column]! += count * ((to - from) / (right - left));
        if (count < minimum[column]!) minimum[column] = count;
        if (count > maximum[column]!) maximum[column] = count;
      }
      if (column === columns - 1 || right > now) break;
    }
    if (i >= starts.length && j >= ends.length) break;
    for (; i < starts.length && starts[i]! <= now; i++) count++;
    for (; j < ends.length && ends[j]! <= now; j++) count--;
    since = now;
    if (now >= last) break;
  }
  for (let c = 0; c < columns; c++) {
    if (minimum[c]! <= maximum[c]!) continue;
    minimum[c] = maximum[c] = count;
  }
  // What is there at the last time of all stays, as far as is known.
  if (columns && count > maximum[columns - 1]!) maximum[columns - 1] = count;
  return { mean, minimum, maximum };
}

/**
 * Where columns begin and end: at each time of change, in the order of time, if
 * there are at most so many, else so many columns of the same length.
 */
export function columnEdges(
  sorted: Float64Array,
  columns: number,
): { edges: number[]; columnSeconds: number | undefined } {
  if (sorted.length === 0) return { edges: [0, 1], columnSeconds: undefined };
  const first = sorted[0]!;
  // All at one moment: a second of it can be drawn, nothing cannot.
  const last = sorted.at(-1)! > first ? sorted.at(-1)! : first + 1;
  const moments: number[] = [];
  for (const time of sorted) {
    if (moments.length && moments.at(-1) === time) continue;
    if (moments.length > columns) break;
    moments.push(time);
  }
  if (moments.length <= columns) {
    return { edges: [...moments, last], columnSeconds: undefined };
  }
  const columnSeconds = (last - first) / columns;
  return {
    edges: Array.from(
      { length: columns + 1 },
      (_, i) => i === columns ? last : first + (last - first) * (i / columns),
    ),
    columnSeconds,
  };
}
