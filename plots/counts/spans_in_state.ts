// Over 300 lines: one chart, with the transform behind it.

// @ts-types="npm:@types/d3-array@3.2.2"
import { sort } from "d3-array";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import { shareAxis, thicknessAxis } from "../axes/number_axes.ts";
import { counted, plural, rowsLeftOut } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import type { Channel, Rows } from "../rows/channels.ts";
import { foldNames, maxSeries } from "../rows/series.ts";
import { inKnownOrder } from "../rows/state_order.ts";
import {
  leftOut,
  stepEntries,
  type StepRows,
  stepRows,
  type StepRowsLeft,
} from "../rows/step_rows.ts";
import { Changes, sweep } from "../rows/sweep.ts";
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

/** Columns with changes of state: the span, the time and the state. */
export interface StateChannels extends WeightChannels {
  /**
   * The span: any value that identifies it. By default the column "root_id" or
   * "span", or else the first.
   */
  span?: Channel | undefined;
  /** The time in seconds. By default the column "time", or else the second. */
  time?: Channel | undefined;
  /**
   * The state entered, or null if the span left. By default the column "step",
   * "state" or "event_type", or else the third.
   */
  state?: Channel | undefined;
}

/** Resolution of the counts. */
export interface StateCountOptions extends ColumnOptions {
  /**
   * Maximum number of states, those with the most time. The others are combined
   * as "other (n)". 14 by default.
   */
  maxStates?: number | undefined;
}

const stateCountNames: OptionNames<StateChannels & StateCountOptions> = {
  span: true,
  time: true,
  state: true,
  ...weightChannelNames,
  maxStates: true,
  ...columnOptionNames,
};

/** Options of {@linkcode spansInState}. */
export interface SpansInStateOptions
  extends StateChannels, StateCountOptions, SeriesOptions {}

/**
 * Draws how many spans are in each state over time, stacked. Takes one row per
 * change of state with the span, the time in seconds and the new state, in the
 * first three columns or in named ones. Rows may come in any order; rows at
 * equal times count in the order given. A state of null removes a span from the
 * chart.
 *
 * `weight: "cores"` draws the sum of a number of the spans in each state in
 * place of their count, as from `statesOverTime(roots, { weight: "cores" })`.
 *
 * The states may be components, as from `whereIsEveryTask()`. `facet` draws
 * runs, executors or blocks below each other.
 *
 * `stack` draws the states as stacked `counts`, as `shares` of the spans in any
 * state, as a `streamgraph` around the middle, or as `lines`, each from zero. A
 * state has the same colour in every chart; change it with `color: { domain,
 * range }`.
 *
 * @example
 * ```ts
 * import { spansInState } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = spansInState([
 *   { task: 1, time: 0, state: "pending" },
 *   { task: 1, time: 2, state: "running" },
 *   { task: 1, time: 5, state: null },
 * ]);
 * assert.match(chart.caption, /^1 span in 2 states/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function spansInState(
  rows: Rows,
  options: SpansInStateOptions = {},
): Chart {
  checkOptions("spansInState", options, {
    ...stateCountNames,
    ...seriesOptionNames,
  });
  const { maxStates } = options;
  return seriesChart(rows, options, {
    height: 360,
    read: (rows) => readStates(rows, options),
    count: (all, columnsFor) =>
      all.map((changes) => {
        const { length } = changes.steps;
        const series = Math.min(length, (maxStates ?? maxSeries) + 1);
        return countStates(changes, { columns: columnsFor(series), maxStates });
      }),
    title: ({ measure, noun }) =>
      measure
        ? `${howMuch(measure)} did ${plural(noun)} in each state have?`
        : `How many ${plural(noun)} were in each state?`,
    caption: ({ names, spans, noun, peak, measure, unweighted, ...left }) => [
      (spans > 0 || rowsLeftOut(left).length > 0) &&
      `${counted(spans, noun)} in ${counted(names.length, "state")}, ` +
        `at most ${formatSum(peak, measure)} at once.`,
      ...withoutWeight(unweighted, noun),
      ...rowsLeftOut(left),
    ],
    y([low, high], pixels, stack, { measure, noun }) {
      const nouns = plural(noun);
      const label = `${nouns} in state`;
      if (stack === "counts" || stack === "lines") {
        return sumAxis(high, measure, { pixels, label });
      }
      const { name, unit } = measure ?? {};
      if (stack === "shares") {
        const of = name === undefined ? nouns : `${name} of ${nouns}`;
        const label = `share of the ${of} in any state`;
        return shareAxis([low, high], { pixels, label });
      }
      const in_ = unit === undefined ? "" : ` (${unit})`;
      return thicknessAxis(high - low, {
        pixels,
        label: name === undefined ? label : `${name}${in_} of ${label}`,
      });
    },
    format: (value, { measure }) => formatWeight(value, measure),
  });
}

/** Counts of spans in states over time; the series are the states. */
export interface StateCounts extends SeriesSteps, StepRowsLeft, WeightedCounts {
  /** Number of spans. */
  spans: number;
  /** What a span is, in the singular: "span", unless it is known. */
  noun: string;
}

/**
 * Counts the spans in each state over time, as drawn by
 * {@linkcode spansInState}. Takes one row per change of state, in any order; rows at equal
 * times count in the order given. A span is in a state from that row to its
 * next one, or to the end of all rows. A state of null removes it.
 *
 * If the counts change more often than there are columns, each column has its
 * mean, so that the time in a state is right for spans far shorter than a
 * column.
 *
 * @example
 * ```ts
 * import { stateCounts } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { steps, peak } = stateCounts([
 *   { task: 1, time: 0, state: "running" },
 *   { task: 2, time: 1, state: "running" },
 *   { task: 1, time: 3, state: null },
 *   { task: 2, time: 4, state: null },
 * ]);
 * assert.deepEqual(
 *   steps.map(({ time, until, value }) => [time, until, value]),
 *   [[0, 1, 1], [1, 3, 2], [3, 4, 1]],
 * );
 * assert.equal(peak, 2);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `columns` or `maxStates` is not at least 1.
 */
export function stateCounts(
  rows: Rows,
  options: StateChannels & StateCountOptions = {},
): StateCounts {
  checkOptions("stateCounts", options, stateCountNames);
  return countStates(readStates(rows, options), options);
}

/** Reads changes of state in the order of time. */
function readStates(rows: Rows, channels: StateChannels) {
  const { span, time, state, weight } = channels;
  const read = stepRows(rows, { span, time, step: state, weight });
  return { ...read, measure: measureOfWeights(channels, read.weightName) };
}

/** Counts the spans in each state. */
function countStates(
  changes: ReturnType<typeof readStates>,
  { columns, maxStates = maxSeries }: StateCountOptions,
): StateCounts {
  if (!(maxStates >= 1)) throw new RangeError("maxStates must be at least 1");
  const { steps } = changes;
  // Not folded yet: the seconds in each state decide which ones are.
  let { names, places } = foldNames(steps, [], Infinity);
  if (steps.length > maxStates) {
    const { series } = sweep(staysOf(changes, places), steps.length, 1);
    const seconds = series.map(({ integral }) => integral);
    ({ names, places } = foldNames(steps, seconds, maxStates));
  }
  const swept = sweep(staysOf(changes, places), names.length, columns);
  // Folded states lie on top of all.
  const order = sort(
    new Set(stackOrder(changes).map((s) => places[s]!)),
    (s) => Number(s >= maxStates),
  );
  return {
    ...seriesSteps(
      { ...swept, series: order.map((s) => swept.series[s]!) },
      order.map((s) => names[s]!),
    ),
    spans: changes.spans.length,
    noun: changes.noun,
    measure: changes.measure,
    unweighted: unweightedOf(changes),
    ...leftOut(changes),
  };
}

/** Number of spans that have no weight in any row. */
function unweightedOf({ span, weight, spans }: StepRows): number {
  if (weight === undefined) return 0;
  const known = new Set(span.filter((_, i) => !Number.isNaN(weight[i])));
  return spans.length - known.size;
}

/** Entering a state adds the weight of the span, leaving it takes it away. */
function staysOf(
  { time, span, step, weight, length, spans }: StepRows,
  places: Int32Array,
): Changes {
  const current = new Int32Array(spans.length).fill(-1);
  const weights = new Float64Array(spans.length);
  const changes = new Changes(2 * length);
  for (let i = 0; i < length; i++) {
    const before = current[span[i]!]!;
    const after = step[i]!;
    const taken = before >= 0 ? weights[span[i]!]! : 0;
    const added = weight ? weight[i]! || 0 : 1;
    if (before >= 0 && before !== after) {
      changes.add(time[i]!, places[before]!, -taken);
    }
    if (after >= 0) {
      const kept = before === after ? taken : 0;
      changes.add(time[i]!, places[after]!, added - kept);
    }
    current[span[i]!] = after;
    weights[span[i]!] = added;
  }
  return changes;
}

/**
 * The states from the bottom of a stack to its top. States in which spans end
 * lie at the bottom, success first: finished work grows from the ground. Above
 * them, the later a state is in a span's life the lower, so that waiting lies on
 * top.
 */
function stackOrder(changes: StepRows): number[] {
  const { steps } = changes;
  const { entries, meanRank, isFinal } = stepEntries(changes);
  const all = [...steps.keys()];
  const ends = all.filter((s) => isFinal[s])
    .sort((a, b) => entries[b]! - entries[a]! || b - a);
  const others = all.filter((s) => !isFinal[s])
    .sort((a, b) => meanRank[a]! - meanRank[b]! || a - b);
  return [
    ...inKnownOrder(ends, steps),
    ...inKnownOrder(others, steps).reverse(),
  ];
}
