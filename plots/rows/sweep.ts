import { timeOrder, valuesByGroup } from "./row_order.ts";

/** Changes of counts over time, in any order. */
export class Changes {
  /** Number of changes; the columns may have room for more. */
  length = 0;
  readonly time: Float64Array;
  readonly series: Uint32Array;
  readonly delta: Float64Array;

  constructor(room: number) {
    this.time = new Float64Array(room);
    this.series = new Uint32Array(room);
    this.delta = new Float64Array(room);
  }

  /**
   * Adds `delta` to the count of a series, numbered from 0, at a time in
   * seconds; 0 only extends the time that is swept.
   */
  add(time: number, series: number, delta: number): void {
    const i = this.length++;
    this.time[i] = time;
    this.series[i] = series;
    this.delta[i] = delta;
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
 *
 * @param isDrawn whether a column must also be as wide as the others: a picture
 * cannot show that a count changed for less than that
 */
export function sweep(
  changes: Changes,
  names: number,
  columns: number = 640,
  isDrawn: boolean = false,
): Sweep {
  const { series, length } = changes;
  const time = changes.time.subarray(0, length);
  const order = timeOrder(time);
  const cut = columnsOf(time, order, columns, isDrawn);
  const last = time[order.at(-1) ?? -1] ?? 0;
  const countOf = (places: Uint32Array) =>
    countSeries(changes, places, cut.edges, last);
  const total = countOf(order);
  return {
    ...cut,
    // A single series is the total.
    series: names === 1
      ? [total]
      : valuesByGroup(order, names, (k) => series[order[k]!]!).map(countOf),
    total,
  };
}

/** Cuts times, which `order` puts in order, into columns. */
export function columnsOf(
  time: Float64Array,
  order: Uint32Array = timeOrder(time),
  columns: number = 640,
  isDrawn: boolean = false,
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
  const least = isDrawn ? (last - first) / columns : 0;
  const isWide = (moment: number, i: number) =>
    (moments[i + 1] ?? last) - moment >= least || moment === last;
  if (moments.length <= columns && moments.every(isWide)) {
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

/**
 * Counts the changes at some places, which are in the order of time, up to the
 * last moment of all.
 */
function countSeries(
  { time, delta }: Changes,
  places: Uint32Array,
  edges: Float64Array,
  last: number,
): SweptSeries {
  const columns = edges.length - 1;
  const mean = new Float64Array(columns);
  const minimum = new Float64Array(columns).fill(Infinity);
  const maximum = new Float64Array(columns).fill(-Infinity);
  let [peak, integral, sum, now] = [0, 0, 0, 0];
  let [column, since] = [0, edges[0]!];
  for (let k = 0; k <= places.length; k++) {
    const isEnd = k === places.length;
    const until = isEnd ? edges[columns]! : time[places[k]!]!;
    if (until > since || isEnd) {
      now = whole(sum);
      integral += now * (Math.min(until, last) - since);
      for (;; column++) {
        const [left, right] = [edges[column]!, edges[column + 1]!];
        const from = Math.max(since, left);
        const to = Math.min(until, right);
        if (to > from) {
          mean[column]! += now * ((to - from) / (right - left));
          if (now < minimum[column]!) minimum[column] = now;
          if (now > maximum[column]!) maximum[column] = now;
        }
        if (column === columns - 1 || right > until) break;
      }
      if (now > peak) peak = now;
      since = until;
    }
    if (!isEnd) sum += delta[places[k]!]!;
  }
  // The count at the last moment lasts no time, and is a maximum.
  for (let c = 0; c < columns; c++) {
    if (minimum[c]! > maximum[c]!) minimum[c] = maximum[c] = now;
  }
  maximum[columns - 1] = Math.max(maximum[columns - 1]!, now);
  const start = time[places[0] ?? -1] ?? NaN;
  const end = time[places.at(-1) ?? -1] ?? NaN;
  return { mean, minimum, maximum, peak, start, end, integral };
}
