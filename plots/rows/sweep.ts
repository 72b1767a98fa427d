import { timeOrder } from "./time_order.ts";

/** Changes of counts over time, in any order. */
export class Changes {
  readonly time: number[] = [];
  readonly series: number[] = [];
  readonly delta: number[] = [];

  /**
   * Adds `delta` to the count of a series, numbered from 0, at a time in
   * seconds; 0 only extends the time that is swept.
   */
  add(time: number, series: number, delta: number): void {
    this.time.push(time);
    this.series.push(series);
    this.delta.push(delta);
  }
}

/** The count of one series over time. */
export interface SweptSeries {
  /** Mean over each column. */
  mean: Float64Array;
  /** Least count at any time of each column. */
  minimum: Float64Array;
  /** Greatest count at any time of each column. */
  maximum: Float64Array;
  /** Greatest count of all. */
  peak: number;
  /** First and last time of a change, in seconds. */
  start: number;
  end: number;
  /** The count, multiplied with the seconds that it lasted, summed up. */
  integral: number;
}

/** Counts over time, by series and of all series together. */
export interface Sweep {
  /** Start of each column, and the end of the last, in seconds. */
  edges: Float64Array;
  /** Width of a column, in seconds; undefined if each moment of change has one. */
  columnSeconds: number | undefined;
  series: SweptSeries[];
  total: SweptSeries;
}

/**
 * Adds up changes of the counts of several series over time. Each moment of
 * change begins a column, unless there are more of them than `columns`: then
 * time is divided into this many columns of equal width. Linear, but for one
 * sort.
 *
 * Only what lasts is counted: changes at one moment are one change. A count at
 * the last moment of all stays, as far as is known, and counts as a maximum.
 */
export function sweep(
  { time, series, delta }: Changes,
  names: number,
  columns: number = 640,
): Sweep {
  const times = new Float64Array(time);
  const order = timeOrder(times);
  const cut = columnsOf(times, order, columns);
  const all = Array.from({ length: names }, () => counterOf(cut.edges));
  const [only] = all;
  // A single series is the total.
  const total = names === 1 && only ? only : counterOf(cut.edges);
  for (const i of order) {
    all[series[i]!]!.add(time[i]!, delta[i]!);
    if (total !== only) total.add(time[i]!, delta[i]!);
  }
  const last = time[order.at(-1) ?? -1] ?? 0;
  return {
    ...cut,
    series: all.map((counter) => counter.end(last)),
    total: total.end(last),
  };
}

/** The counts of each series from each moment of change on, in seconds. */
export function sweepSteps(
  changes: Changes,
  names: number,
): { time: Float64Array; counts: Float64Array[] } {
  const { series, delta } = changes;
  const time = new Float64Array(changes.time);
  const order = timeOrder(time);
  const moments = new Float64Array(time.length);
  const counts = Array.from({ length: names }, () => moments.slice());
  const level = new Float64Array(names);
  let length = 0;
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    level[series[i]!]! += delta[i]!;
    // Changes at one moment are one change.
    if (time[order[k + 1]!] === time[i]) continue;
    for (let s = 0; s < names; s++) counts[s]![length] = whole(level[s]!);
    moments[length++] = time[i]!;
  }
  return {
    time: moments.subarray(0, length),
    counts: counts.map((own) => own.subarray(0, length)),
  };
}

/** Cuts times, which `order` puts in order, into columns. */
export function columnsOf(
  time: Float64Array,
  order: Uint32Array = timeOrder(time),
  columns: number = 640,
): Pick<Sweep, "edges" | "columnSeconds"> {
  if (!(columns >= 1)) throw new RangeError("columns must be at least 1");
  const first = time[order[0]!] ?? 0;
  const end = time[order.at(-1)!] ?? first;
  // A single moment gets one second, since nothing has no width to draw.
  const last = end > first ? end : first + 1;
  const moments = [first];
  for (let k = 1; k < order.length && moments.length <= columns; k++) {
    const moment = time[order[k]!]!;
    if (moment > moments.at(-1)!) moments.push(moment);
  }
  if (moments.length <= columns) {
    const edges = new Float64Array([...moments, last]);
    return { edges, columnSeconds: undefined };
  }
  const range = last - first;
  const edges = new Float64Array(columns + 1)
    .map((_, i) => i === columns ? last : first + range * (i / columns));
  return { edges, columnSeconds: range / columns };
}

/** Removes the rounding error of a sum of fractions from a count. */
const whole = (count: number) => Math.round(count * 1e6) / 1e6;

/** Counts one series, whose changes come in the order of time. */
function counterOf(edges: Float64Array) {
  const columns = edges.length - 1;
  const mean = new Float64Array(columns);
  const minimum = new Float64Array(columns).fill(Infinity);
  const maximum = new Float64Array(columns).fill(-Infinity);
  let [start, end, peak, integral] = [NaN, NaN, 0, 0];
  let [column, sum, since] = [0, 0, edges[0]!];

  /** Lets the count last until a time. */
  function hold(until: number): number {
    const count = whole(sum);
    const started = since;
    let at = column;
    for (;; at++) {
      const left = edges[at]!;
      const right = edges[at + 1]!;
      const from = Math.max(started, left);
      const to = Math.min(until, right);
      if (to > from) {
        mean[at]! += count * ((to - from) / (right - left));
        if (count < minimum[at]!) minimum[at] = count;
        if (count > maximum[at]!) maximum[at] = count;
      }
      if (at === columns - 1 || right > until) break;
    }
    column = at;
    if (count > peak) peak = count;
    since = until;
    return count;
  }

  return {
    add(time: number, delta: number): void {
      if (Number.isNaN(start)) start = time;
      if (time > since) {
        const seconds = time - since;
        integral += hold(time) * seconds;
      }
      end = time;
      sum += delta;
    },

    /** The result, if `last` is the time of the last change of any series. */
    end(last: number): SweptSeries {
      integral += whole(sum) * Math.max(0, last - since);
      // The count at the last moment lasts no time, and is a maximum.
      const count = hold(edges[columns]!);
      for (let c = 0; c < columns; c++) {
        if (minimum[c]! > maximum[c]!) minimum[c] = maximum[c] = count;
      }
      maximum[columns - 1] = Math.max(maximum[columns - 1]!, count);
      return { mean, minimum, maximum, peak, start, end, integral };
    },
  };
}
