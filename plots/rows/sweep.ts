import { NumberList } from "./number_list.ts";
import { timeOrder } from "./time_order.ts";

/** Changes of counts over time, in any order. */
export class Changes {
  #time: NumberList;
  #series: NumberList;
  #delta: NumberList;

  /** Creates it with room for this many before it has to grow. */
  constructor(room?: number) {
    this.#time = new NumberList(room);
    this.#series = new NumberList(room);
    this.#delta = new NumberList(room);
  }

  /**
   * Adds `delta` to the count of a series, numbered from 0, at a time in
   * seconds; 0 only extends the time that is swept.
   */
  add(time: number, series: number, delta: number): void {
    this.#time.push(time);
    this.#series.push(series);
    this.#delta.push(delta);
  }

  /** The changes as columns of one length. */
  columns(): Record<"time" | "series" | "delta", Float64Array> {
    return {
      time: this.#time.values(),
      series: this.#series.values(),
      delta: this.#delta.values(),
    };
  }
}

/** Columns of time. */
export interface Columns {
  /** Start of each column, and the end of the last, in seconds. */
  edges: Float64Array;
  /** Width of a column, in seconds; undefined if each moment of change has one. */
  columnSeconds: number | undefined;
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
export interface Sweep extends Columns {
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
  changes: Changes,
  names: number,
  columns: number = 640,
): Sweep {
  const { time, series, delta } = changes.columns();
  const order = timeOrder(time);
  const cut = columnsOf(time, order, columns);
  const last = time[order.at(-1) ?? -1] ?? 0;
  const all = Array.from({ length: names }, () => new Counter(cut.edges));
  const [only] = all;
  // A single series is the total.
  const total = names === 1 && only ? only : new Counter(cut.edges);
  for (const i of order) {
    all[series[i]!]!.add(time[i]!, delta[i]!);
    if (total !== only) total.add(time[i]!, delta[i]!);
  }
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
  const { time, series, delta } = changes.columns();
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
  order: ArrayLike<number> = timeOrder(time),
  columns: number = 640,
): Columns {
  if (!(columns >= 1)) throw new RangeError("columns must be at least 1");
  const { length } = order;
  if (length === 0) {
    return { edges: Float64Array.of(0, 1), columnSeconds: undefined };
  }
  const first = time[order[0]!]!;
  const end = time[order[length - 1]!]!;
  // A single moment gets one second, since nothing has no width to draw.
  const last = end > first ? end : first + 1;
  const moments = [first];
  for (let k = 1; k < length && moments.length <= columns; k++) {
    const moment = time[order[k]!]!;
    if (moment > moments.at(-1)!) moments.push(moment);
  }
  if (moments.length <= columns) {
    return {
      edges: Float64Array.from([...moments, last]),
      columnSeconds: undefined,
    };
  }
  const range = last - first;
  const edges = new Float64Array(columns + 1)
    .map((_, i) => first + range * (i / columns));
  edges[columns] = last;
  return { edges, columnSeconds: range / columns };
}

/** Removes the rounding error of a sum of fractions from a count. */
const whole = (count: number) => Math.round(count * 1e6) / 1e6;

/** The count of one series, which gets its changes in the order of time. */
class Counter {
  #edges: Float64Array;
  #column = 0;
  #count = 0;
  #since: number;
  #result: SweptSeries;

  constructor(edges: Float64Array) {
    const columns = edges.length - 1;
    this.#edges = edges;
    this.#since = edges[0]!;
    this.#result = {
      mean: new Float64Array(columns),
      minimum: new Float64Array(columns).fill(Infinity),
      maximum: new Float64Array(columns).fill(-Infinity),
      peak: 0,
      start: NaN,
      end: NaN,
      integral: 0,
    };
  }

  add(time: number, delta: number): void {
    const result = this.#result;
    if (Number.isNaN(result.start)) result.start = time;
    if (time > this.#since) {
      const count = whole(this.#count);
      result.integral += count * (time - this.#since);
      this.#hold(count, time);
    }
    result.end = time;
    this.#count += delta;
  }

  /** Lets a count last until a time. */
  #hold(count: number, until: number) {
    const { mean, minimum, maximum } = this.#result;
    const edges = this.#edges;
    const last = mean.length - 1;
    let column = this.#column;
    for (;; column++) {
      const left = edges[column]!;
      const right = edges[column + 1]!;
      const from = Math.max(this.#since, left);
      const to = Math.min(until, right);
      if (to > from) {
        mean[column]! += count * ((to - from) / (right - left));
        if (count < minimum[column]!) minimum[column] = count;
        if (count > maximum[column]!) maximum[column] = count;
      }
      if (column === last || right > until) break;
    }
    this.#column = column;
    if (count > this.#result.peak) this.#result.peak = count;
    this.#since = until;
  }

  /** The result, if `last` is the time of the last change of any series. */
  end(last: number): SweptSeries {
    const { mean, minimum, maximum } = this.#result;
    const count = whole(this.#count);
    this.#result.integral += count * Math.max(0, last - this.#since);
    const until = this.#edges.at(-1)!;
    // The count at the last moment lasts no time, and is a maximum.
    this.#hold(count, until);
    for (let c = 0; c < mean.length; c++) {
      if (minimum[c]! > maximum[c]!) minimum[c] = maximum[c] = count;
    }
    const lastColumn = maximum.length - 1;
    if (count > maximum[lastColumn]!) maximum[lastColumn] = count;
    return this.#result;
  }
}
