import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { alignSeries, mostSeries, seriesOf } from "../rows/series.ts";

/** Which columns say what happened when. */
export interface EventChannels {
  /** When, in seconds. The column `time`, or else the first. */
  time?: Channel | undefined;
  /** What events are told apart by: app, executor, run. */
  series?: Channel | undefined;
  /**
   * How many events a row stands for. The column `count`, where there is one;
   * else each row is one. Null: each row is one in any case.
   */
  count?: Channel | null | undefined;
  /** Whether each series is counted from its own start; see `eventRate`. */
  alignStart?: boolean | undefined;
}

/** Events that are read. */
export interface EventTimes {
  /** When each row is, in seconds. */
  time: Float64Array;
  /** The place of its series in `names`. */
  of: Int32Array;
  /** How many events it stands for. */
  weight: Float64Array;
  names: string[];
  /** How wide the bins are that rows with a count stand for, if they say so. */
  given: number | undefined;
  /** The first and the last time, in seconds. */
  domain: [number, number];
  events: number;
  withoutTime: number;
  isAligned: boolean;
}

/** Reads the rows of events. */
export function eventTimes(
  rows: Rows,
  { time, series, count, alignStart }: EventChannels,
): EventTimes {
  const read = readChannels(rows, {
    time: time ?? ["time", 0],
    series: series ?? null,
    count: count === undefined ? ["count", null] : count,
    seconds: count === undefined ? ["seconds", null] : null,
  }, ["time"]);
  const { length } = read;
  const groups = seriesOf(read.series.values, length, mostSeries);
  const counts = read.count.values;
  const times = new Float64Array(length);
  const of = new Int32Array(length);
  const weight = new Float64Array(length);
  let kept = 0;
  let given = 0;
  let withoutTime = 0;
  for (let i = 0; i < length; i++) {
    const moment = read.time.values[i]!;
    const many = counts.length ? Number(counts[i] ?? 0) : 1;
    if (Number.isNaN(moment)) withoutTime++;
    // Bins in which nothing happened are no events, but tell of a width.
    given = Math.max(given, Number(read.seconds.values[i] ?? 0) || 0);
    if (Number.isNaN(moment) || !(many > 0 && many < 1e100)) continue;
    times[kept] = moment;
    of[kept] = groups.of[i]!;
    weight[kept++] = many;
  }
  const events = {
    time: times.subarray(0, kept),
    of: of.subarray(0, kept),
    weight: weight.subarray(0, kept),
    names: groups.names,
  };
  const isAligned = alignSeries(events.time, events, alignStart);
  let [first, last, sum] = [Infinity, -Infinity, 0];
  events.time.forEach((moment, i) => {
    if (moment < first) first = moment;
    if (moment > last) last = moment;
    sum += events.weight[i]!;
  });
  return {
    ...events,
    given: counts.length && given > 0 ? given : undefined,
    domain: kept ? [first, last] : [0, 0],
    events: sum,
    withoutTime,
    isAligned,
  };
}
