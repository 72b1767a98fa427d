import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { alignSeries, mostSeries, seriesOf } from "../rows/series.ts";
import { NumberList } from "../rows/number_list.ts";

/** Which columns say from when to when each span runs. */
export interface RunningChannels {
  /** When it started, in seconds. First column. */
  start?: Channel | undefined;
  /** When it ended, in seconds; null, where that is not known. Second column. */
  end?: Channel | undefined;
  /** What spans are told apart by: app, executor, worker, run. */
  series?: Channel | undefined;
  /** Whether each series is counted from its own start; see `runningSpans`. */
  alignStart?: boolean | undefined;
}

/** Spans that are read, by series, each part in the order of time. */
export interface RunningRead {
  /** The names of the series. */
  names: string[];
  /** When the spans of each started. */
  starts: Float64Array[];
  /** When those ended that have an end. */
  ends: Float64Array[];
  /** For each that has none, the last time known. */
  unendedSeconds: number[][];
  /** The last times that are known. */
  last: number[];
  /** Whether the time of each series is counted from its own start. */
  isAligned: boolean;
  /** What is not drawn as it is. */
  left: Left;
}

interface Left {
  unended: number;
  reversed: number;
  instant: number;
  withoutTime: number;
}

/** Reads the rows of running spans. */
export function readRunning(
  rows: Rows,
  { start, end, series, alignStart }: RunningChannels,
): RunningRead {
  const read = readChannels(rows, { start, end, series: series ?? null }, [
    "start",
    "end",
  ]);
  const { length } = read;
  const { of, names } = seriesOf(read.series.values, length, mostSeries);
  // The starts of all rows, and behind them the ends.
  const time = new Float64Array(2 * length);
  const twice = new Int32Array(2 * length);
  for (let i = 0; i < length; i++) {
    const from = read.start.values[i]!;
    time[i] = from;
    time[length + i] = Number.isNaN(from) ? NaN : read.end.values[i]!;
    twice[i] = twice[length + i] = of[i]!;
  }
  const isAligned = alignSeries(time, { of: twice, names }, alignStart);
  const last = names.map(() => -Infinity);
  time.forEach((value, i) => {
    const s = isAligned ? twice[i]! : 0;
    if (value > last[s]!) last[s] = value;
  });
  const latest = Math.max(...last);
  const left = { unended: 0, reversed: 0, instant: 0, withoutTime: 0 };
  const starts = names.map(() => new NumberList());
  const ends = names.map(() => new NumberList());
  const unendedSeconds = names.map((): number[] => []);
  for (let i = 0; i < length; i++) {
    const from = time[i]!;
    const to = time[length + i]!;
    const s = of[i]!;
    if (Number.isNaN(from)) left.withoutTime++;
    else if (to < from) left.reversed++;
    else {
      starts[s]!.push(from);
      if (to === from) left.instant++;
      if (!Number.isNaN(to)) ends[s]!.push(to);
      else {
        left.unended++;
        const until = last[isAligned ? s : 0]!;
        // It goes on to the end of the chart; beside series that go on for
        // longer, it goes to the end of its own.
        if (until === latest) unendedSeconds[s]!.push(until);
        else ends[s]!.push(until);
      }
    }
  }
  const sorted = (parts: NumberList[]) =>
    parts.map((list) => list.values().slice().sort());
  return {
    names,
    starts: sorted(starts),
    ends: sorted(ends),
    unendedSeconds,
    last: last.filter(Number.isFinite),
    isAligned,
    left,
  };
}
