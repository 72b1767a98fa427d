// @ts-types="npm:@types/d3-array@3.2.2"
import { max, sum } from "d3-array";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import { counted, notes, plural, rowsWithoutTime } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  type Channel,
  finiteNumber,
  nounOf,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import {
  alignSeries,
  seriesChannelNames,
  type SeriesChannels,
  seriesOf,
} from "../rows/series.ts";
import { Changes, sweep, type SweptSeries } from "../rows/sweep.ts";
import {
  columnOptionNames,
  type ColumnOptions,
  seriesChart,
  seriesOptionNames,
  type SeriesOptions,
  type SeriesSteps,
  seriesSteps,
} from "./series.ts";
import {
  formatSum,
  formatWeight,
  howMuch,
  measureOfWeights,
  sumAxis,
  weightChannelNames,
  type WeightChannels,
  type WeightedCounts,
  withoutWeight,
} from "./weights.ts";

/** Columns with the start and end of each span. */
export interface RunningChannels extends SeriesChannels, WeightChannels {
  /** Start, in seconds. By default the first column. */
  start?: Channel | undefined;
  /** End, in seconds; null if unknown. By default the second column. */
  end?: Channel | undefined;
}

const runningCountNames: OptionNames<RunningChannels & ColumnOptions> = {
  start: true,
  end: true,
  ...seriesChannelNames,
  ...weightChannelNames,
  ...columnOptionNames,
};

/** Options of {@linkcode runningSpans}. */
export interface RunningSpansOptions
  extends RunningChannels, ColumnOptions, SeriesOptions {}

/**
 * Draws how many spans run at once (concurrency), as a step line. Takes one row
 * per span with its start and end in seconds, in the first two columns or in
 * named ones.
 *
 * A span without an end runs until the last known time; a span that ends before
 * it starts is not counted. The caption gives the number of both, the maximum
 * that ran at once and the mean from the first start to the last end. If the
 * count changes more often than there are pixel columns, each column shows its
 * mean, minimum and maximum.
 *
 * `weight: "cores"` draws the sum of a number of the running spans in place of
 * their count.
 *
 * Each series, such as an app, executor or worker, has its own colour. Runs
 * that do not overlap in time each start at the left, unless `alignStart` is
 * false.
 *
 * @example
 * ```ts
 * import { runningSpans } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = runningSpans([
 *   { running: 0, done: 3, app: "top" },
 *   { running: 1, done: 4, app: "left" },
 * ], { series: "app" });
 * assert.match(chart.caption, /^2 spans: at most 2 at once, 1.5 on average/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function runningSpans(
  rows: Rows,
  options: RunningSpansOptions = {},
): Chart {
  const optionNames = { ...runningCountNames, ...seriesOptionNames };
  checkOptions("runningSpans", options, optionNames);
  return seriesChart(rows, options, {
    height: 300,
    read: (rows) => readRunning(rows, options),
    count: (all, columnsFor) =>
      all.map((spans) => countRunning(spans, columnsFor(spans.names.length))),
    title: ({ measure, noun }) =>
      measure
        ? `${howMuch(measure)} did ${plural(noun)} have that ran at once?`
        : `How many ${plural(noun)} ran at once?`,
    caption({ total, noun, series, isAligned, measure, unweighted, ...left }) {
      const { unended, reversed, instant, withoutTime } = left;
      const peak = max(series, ({ peak }) => peak) ?? 0;
      const numbersOf = ({ peak, mean }: RunningSeries) =>
        `at most ${formatSum(peak, measure)} at once` +
        (mean > 0 ? `, ${formatWeight(mean, measure)} on average` : "");
      const numbers = !isAligned
        ? numbersOf(total)
        : series.length <= 4
        ? series.map((own) => `${own.name} ${numbersOf(own)}`).join("; ")
        : `at most ${formatSum(peak, measure)} at once in one series`;
      return [
        total.spans > 0 &&
        `${counted(total.spans, noun)}: ${numbers}.`,
        ...notes(
          [unended, noun, withoutEnd],
          [reversed, noun, "not counted, with an end before the start"],
          [instant, noun, "of 0 s runs beside none"],
        ),
        ...withoutWeight(unweighted, noun),
        ...rowsWithoutTime(withoutTime, noun),
      ];
    },
    y: ([, high], pixels, _, { measure, noun }) =>
      sumAxis(high, measure, { pixels, label: runningAtOnce(noun) }),
    format: (value, { measure, names, noun }) =>
      formatWeight(value, measure) +
      (measure || names.some(Boolean)
        ? ""
        : ` ${value === 1 ? noun : plural(noun)}`),
    empty: "No span runs for any time",
  });
}

const runningAtOnce = (noun: string) => `${plural(noun)} running at once`;
const withoutEnd =
  "without an end counted as running until the last known time";

/** Numbers of one series. */
export interface RunningSeries {
  /** Its name; "" if there is only one. */
  name: string;
  /** Number of spans. */
  spans: number;
  /** Maximum number that ran at once, or of the sum of their weights. */
  peak: number;
  /** Mean from the first start to the last end. */
  mean: number;
  /** Total running time of its spans, in seconds; each times its weight. */
  seconds: number;
}

/** Numbers of running spans over time. */
export interface RunningCounts extends SeriesSteps, WeightedCounts {
  /** What a row is about, in the singular: "span", unless it is known. */
  noun: string;
  /** Each series. */
  series: RunningSeries[];
  /** All series together. */
  total: RunningSeries;
  /** Number of spans without an end, which run until the last known time. */
  unended: number;
  /** Number of spans that end before they start, which are not counted. */
  reversed: number;
  /** Number of spans of 0 seconds, which run beside no other span. */
  instant: number;
  /** Rows left out because they have no start. */
  withoutTime: number;
}

/**
 * Counts the spans that run at once over time, as drawn by
 * {@linkcode runningSpans}. Takes one row per span, in any order.
 *
 * If the count changes more often than there are columns, each column has its
 * mean, minimum and maximum.
 *
 * @example
 * ```ts
 * import { runningCounts } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { steps, total } = runningCounts([
 *   { start: 0, end: 3 },
 *   { start: 1, end: 4 },
 * ]);
 * assert.deepEqual(
 *   steps.map(({ time, until, value }) => [time, until, value]),
 *   [[0, 1, 1], [1, 3, 2], [3, 4, 1]],
 * );
 * assert.deepEqual([total.peak, total.mean], [2, 1.5]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `columns` is not at least 1.
 */
export function runningCounts(
  rows: Rows,
  options: RunningChannels & ColumnOptions = {},
): RunningCounts {
  checkOptions("runningCounts", options, runningCountNames);
  return countRunning(readRunning(rows, options), options.columns);
}

/** Reads the starts and ends of spans. */
function readRunning(rows: Rows, channels: RunningChannels) {
  const { start, end, series, alignStart, weight } = channels;
  const read = readChannels(rows, {
    start,
    end,
    series: series ?? null,
    weight: weight ?? null,
  }, ["start", "end"]);
  const measure = measureOfWeights(channels, read.weight.name);
  const { length } = read;
  const { of, names, own, owners } = seriesOf(read.series.values, length);
  // The starts of all rows, and behind them the ends.
  const time = new Float64Array(2 * length);
  time.set(read.start.values);
  // Omits rows without a start: their end does not count as last known time.
  time.set(
    read.end.values.map((end, i) => Number.isNaN(time[i]) ? NaN : end),
    length,
  );
  const twice = new Int32Array(2 * length).map((_, i) => own[i % length]!);
  const isAligned = alignSeries(time, { own: twice, owners }, alignStart);
  const last = new Float64Array(isAligned ? owners : 1).fill(-Infinity);
  time.forEach((value, i) => {
    const s = isAligned ? twice[i]! : 0;
    if (value > last[s]!) last[s] = value;
  });
  const latest = max(last) ?? -Infinity;
  const changes = new Changes(2 * length);
  const spans = names.map(() => 0);
  let [unended, reversed, instant, withoutTime, unweighted] = [0, 0, 0, 0, 0];
  for (let i = 0; i < length; i++) {
    const [s, from, to] = [of[i]!, time[i]!, time[length + i]!];
    if (Number.isNaN(from)) withoutTime++;
    else if (to < from) reversed++;
    else {
      spans[s]!++;
      if (from === to) instant++;
      const given = measure ? finiteNumber(read.weight.values[i]) : 1;
      const added = given || 0;
      if (Number.isNaN(given)) unweighted++;
      changes.add(from, s, added);
      if (Number.isNaN(to)) {
        unended++;
        const until = last[isAligned ? own[i]! : 0]!;
        // At the end of the chart it still runs; beside series that go on for
        // longer, it ends with its own.
        changes.add(until, s, until === latest ? 0 : -added);
      } else changes.add(to, s, -added);
    }
  }
  const left = { unended, reversed, instant, withoutTime, unweighted };
  const noun = nounOf(rows);
  return { changes, names, spans, noun, isAligned, measure, ...left };
}

function countRunning(
  { changes, names, spans, isAligned, ...rest }: ReturnType<typeof readRunning>,
  columns: number | undefined,
): RunningCounts {
  const swept = sweep(changes, names.length, columns);
  const summaryOf = (
    { peak, integral, start, end }: SweptSeries,
    name: string,
    spans: number,
  ): RunningSeries => ({
    name,
    spans,
    peak,
    mean: end > start ? integral / (end - start) : 0,
    seconds: integral,
  });
  return {
    ...seriesSteps(swept, names, isAligned),
    series: swept.series
      .map((own, s) => summaryOf(own, names[s]!, spans[s]!))
      .filter(({ spans }) => spans > 0),
    total: summaryOf(swept.total, "", sum(spans)),
    ...rest,
  };
}
