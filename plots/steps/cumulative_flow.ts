// Over 300 lines: one chart, with the transform behind it.

// @ts-types="npm:@types/d3-array@3.2.2"
import { bisectLeft, greatest, max } from "d3-array";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import { countAxis } from "../axes/number_axes.ts";
import {
  type TimeAxisOptions,
  timeAxisOver,
  tipTimes,
} from "../axes/time_axis.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import {
  count,
  counted,
  notes,
  plural,
  rowsLeftOut,
  sentences,
} from "../chart/captions.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish } from "../chart/plot_types.ts";
import {
  areaMarks,
  type StackedStep,
  stepLines,
  stepTips,
} from "../counts/series.ts";
import { style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { byStep, firstArrivals, pathsOf, usualOrder } from "../rows/paths.ts";
import { inKnownOrder } from "../rows/state_order.ts";
import { largest } from "../rows/series.ts";
import {
  leftOut,
  type StepChannels,
  type StepRows,
  stepRows,
  type StepRowsLeft,
} from "../rows/step_rows.ts";
import { columnsOf } from "../rows/sweep.ts";

/** Options of {@linkcode cumulativeFlow}. */
export interface CumulativeFlowOptions
  extends
    Omit<StepChannels, "series">,
    ArrivalOptions,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {}

/**
 * Draws a cumulative flow diagram: the number of spans that have reached each
 * step over time. Each step is a line, with the colour of the step filling the
 * area down to the next line. The horizontal distance between two lines is
 * roughly the time that a span takes from one step to the next, and the
 * vertical distance the number of spans between them, the length of the queue.
 * Diverging lines show a step that does not keep up, a flat line a step that
 * stands still.
 *
 * Takes one row per span and step with the span, the time in seconds and the
 * step, as from `statesOverTime()` and `eventsOf()`, or in named columns. A
 * span counts once per step, at its first arrival. A step that only some spans
 * reach (failed, done) is a line without colour below it if it crosses others;
 * `steps` selects the steps to draw.
 *
 * @example
 * ```ts
 * import { cumulativeFlow } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = cumulativeFlow([
 *   { task: 1, time: 0, step: "launched" },
 *   { task: 2, time: 1, step: "launched" },
 *   { task: 1, time: 3, step: "done" },
 * ]);
 * assert.match(chart.caption, /^2 spans: 2 reached launched, 1 done/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function cumulativeFlow(
  rows: Rows,
  options: CumulativeFlowOptions = {},
): Chart {
  checkOptions("cumulativeFlow", options, {
    ...arrivalOptionNames,
    clock: true,
    ...helperOptionNames,
  });
  return chartOf(rows, options, {
    height: 340,
    read: (rows) => stepRows(rows, { ...options, series: undefined }),
    derive(columns) {
      const all = columns.map((read) => {
        const areas = Math.min(21, options.steps?.length ?? read.steps.length);
        const fitting = Math.floor(maxEdges / columns.length / (areas || 1));
        return arrivalsAt(read, {
          columns: Math.max(30, Math.min(640, fitting)),
          ...options,
        });
      });
      const inFlow = new Map<string, boolean>();
      for (const { step, inFlow: isIn } of all.flatMap(({ steps }) => steps)) {
        inFlow.set(step, isIn || inFlow.get(step) === true);
      }
      const color = colorScale([...inFlow.keys()], options);
      return {
        title: `How many ${plural(columns[0]!.noun)} had reached each step?`,
        color,
        legend: legendOfNames(inFlow.keys(), color).map((entry) => ({
          ...entry,
          shape: inFlow.get(entry.label) ? "square" : "line",
        })),
        facets: all.map((arrivals) => {
          const { domain, steps } = arrivals;
          const highest = Math.max(1, max(steps, ({ spans }) => spans) ?? 1);
          // Each step from the next step of the flow up to itself.
          const values = arrivals.arrivals.map((
            { time, until, step: series, count: value, below: y1 },
          ): StackedStep => ({
            time,
            until,
            series,
            value,
            y1,
            y2: value,
            minimum: value,
            maximum: value,
          }));
          return {
            caption: captionOf(arrivals),
            extent: values.length
              ? { x: domain, y: [0, highest], isTime: true }
              : undefined,
            draw: (sized) =>
              frame(sized, {
                x: timeAxisOver(domain, { clock: options.clock }),
                y: (asked, pixels) =>
                  countAxis(asked?.[1] ?? highest, {
                    pixels,
                    label: `${
                      plural(arrivals.noun)
                    } that have reached the step`,
                  }),
                zero: "y",
                draw: ({ clip }) => ({ marks: flowMarks(steps, values, clip) }),
                tips: () =>
                  stepTips(
                    values.toReversed(),
                    tipTimes(domain, undefined, options.clock),
                  ),
                empty: values.length ? undefined : noRows,
              }),
          };
        }),
      };
    },
  });
}

// An area and a line for each step, however many facets there are.
const maxEdges = 5000;

function flowMarks(
  steps: Arrivals["steps"],
  values: readonly StackedStep[],
  clip: boolean,
): Markish[] {
  const flow = new Set(
    steps.filter(({ inFlow }) => inFlow).map(({ step }) => step),
  );
  const { areas = [], others = [] } = Object.groupBy(
    values,
    ({ series }) => flow.has(series) ? "areas" : "others",
  );
  return [
    areaMarks(areas, { clip }),
    // The colours of some states are pale beside each other.
    stepLines(areas, 0.75, { clip, color: style.mutedInk }),
    stepLines(others, 3.5, { clip, color: style.background }),
    stepLines(others, 1.75, { clip }),
  ];
}

function captionOf(arrivals: Arrivals): string {
  const { steps, spans, noun, widest, left } = arrivals;
  const leftOut = rowsLeftOut(arrivals);
  if (spans === 0 && leftOut.length === 0) return "No rows.";
  const named = steps.slice(0, 8).map(({ step, spans }, i) =>
    `${count(spans)} ${i ? "" : "reached "}${step}`
  );
  const more = steps.length - named.length;
  if (more > 0) named.push(`and ${counted(more, "more step")}`);
  return sentences(
    `${counted(spans, noun)}${named.length ? ": " : ""}${named.join(", ")}.`,
    widest &&
      `At most ${count(widest.spans)} at once between ${widest.from} and ` +
        `${widest.to}.`,
    notes([left, "more step", "not drawn"]),
    leftOut,
  );
}

/** Steps to count, and the resolution. */
export interface ArrivalOptions {
  /**
   * Steps to count, in order. By default all steps in their usual order, or the
   * 20 that most spans reach.
   */
  steps?: readonly string[] | undefined;
  /**
   * Maximum number of columns of time. If counts change more often, time is
   * divided into this many equal columns. 640 by default.
   */
  columns?: number | undefined;
}

const arrivalOptionNames: OptionNames<
  Omit<StepChannels, "series"> & ArrivalOptions
> = { span: true, time: true, step: true, steps: true, columns: true };

/** Number of spans that have reached a step by the end of a column of time. */
export interface StepArrivals {
  /** Start of the column, in seconds. */
  time: number;
  /** End of the column, in seconds; the last column may have no length. */
  until: number;
  /** Name of the step. */
  step: string;
  /** Number of spans that have reached the step; never 0. */
  count: number;
  /**
   * Number that have reached the next step of the flow; equals `count` if the
   * step is not in the flow.
   */
  below: number;
}

/** Arrivals at steps over time. */
export interface Arrivals extends StepRowsLeft {
  /** By step in their order, then by time. */
  arrivals: StepArrivals[];
  /**
   * The steps with the number of spans that reached each. Steps in the flow
   * follow one another: a later one is never ahead of an earlier one by more
   * than 5% of the spans that reached the earlier one.
   */
  steps: { step: string; spans: number; inFlow: boolean }[];
  /**
   * The longest queue between two consecutive steps of the flow. Unless `steps`
   * are given, only between steps from which at least half of the spans
   * continue.
   */
  widest: WidestQueue | undefined;
  /** The first and the last time, in seconds. */
  domain: [number, number];
  /** Number of spans. */
  spans: number;
  /** What a span is, in the singular: "span", unless it is known. */
  noun: string;
  /** Number of steps that are not counted. */
  left: number;
  /** Length of a column in seconds, if columns are of equal length. */
  columnSeconds: number | undefined;
}

/** Maximum number of spans between two steps at one moment. */
export interface WidestQueue {
  /** The step that these spans had reached. */
  from: string;
  /** The next step, which they had not reached. */
  to: string;
  /** Number of spans. */
  spans: number;
}

/**
 * Counts the spans that have reached each step over time: the transform behind
 * {@linkcode cumulativeFlow}. Takes one row per span and step, in any order. A
 * span that reaches a step again, such as a retried task, counts at its first
 * arrival.
 *
 * @example
 * ```ts
 * import { arrivalsOf } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { steps, widest } = arrivalsOf([
 *   { task: 1, time: 0, step: "launched" },
 *   { task: 2, time: 1, step: "launched" },
 *   { task: 1, time: 3, step: "done" },
 * ]);
 * assert.deepEqual(steps, [
 *   { step: "launched", spans: 2, inFlow: true },
 *   { step: "done", spans: 1, inFlow: true },
 * ]);
 * assert.deepEqual(widest, { from: "launched", to: "done", spans: 2 });
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `columns` is not at least 1.
 */
export function arrivalsOf(
  rows: Rows,
  options:
    & Omit<StepChannels, "series">
    & ArrivalOptions = {},
): Arrivals {
  checkOptions("arrivalsOf", options, arrivalOptionNames);
  const { steps, columns, ...channels } = options;
  return arrivalsAt(stepRows(rows, channels), { steps, columns });
}

const maxSteps = 20;

/** The same of rows that are read already. */
function arrivalsAt(
  read: StepRows,
  { steps, columns = 640 }: ArrivalOptions,
): Arrivals {
  const stepCount = read.steps.length;
  const arrived = firstArrivals(pathsOf(read), stepCount);
  const times = byStep(arrived, stepCount, arrived.time)
    .map((own) => own.sort());
  const usual = steps
    ? []
    : inKnownOrder(usualOrder([arrived], stepCount), read.steps);
  const kept = steps
    ? steps.map((step) => read.steps.indexOf(step)).filter((s) => s >= 0)
    : largest(usual.map((s) => times[s]!.length), maxSteps)
      .map((place) => usual[place]!);
  const { edges, columnSeconds } = columnsOf(read.time, undefined, columns);
  const counts = kept.map((s) => countsAt(times[s]!, edges));
  const names = kept.map((s) => read.steps[s]!);
  const flow = flowOf(counts);
  return {
    arrivals: counts.flatMap((own, i) => {
      const place = flow.indexOf(i);
      const next = counts[flow[place + 1]!];
      return Array.from(own, (count, column) => ({
        time: edges[column]!,
        until: edges[column + 1]!,
        step: names[i]!,
        count,
        below: place < 0 ? count : Math.min(count, next?.[column] ?? 0),
      })).filter(({ count }) => count > 0);
    }),
    steps: kept.map((s, i) => ({
      step: names[i]!,
      spans: times[s]!.length,
      inFlow: flow.includes(i),
    })),
    widest: widestOf(
      flow.map((i) => ({ step: names[i]!, times: times[kept[i]!]! })),
      steps !== undefined,
    ),
    domain: [edges[0]!, edges.at(-1)!],
    spans: read.spans.length,
    noun: read.noun,
    left: stepCount - kept.length,
    columnSeconds,
    ...leftOut(read),
  };
}

/** How many times lie before the end of each column. */
const countsAt = (times: Float64Array, edges: Float64Array): Float64Array =>
  Float64Array.from(
    edges.subarray(1),
    (end, column) =>
      column === edges.length - 2 ? times.length : bisectLeft(times, end),
  );

/**
 * The heaviest chain of steps in which no later one is ahead of an earlier one
 * by more than a few spans. A step that only some spans reach (failed, and
 * done) would hide the areas below it.
 */
function flowOf(counts: readonly Float64Array[]): number[] {
  const chains: { weight: number; steps: number[] }[] = [];
  const heaviest = (chosen: typeof chains) =>
    greatest(chosen, ({ weight }) => weight) ?? { weight: 0, steps: [] };
  counts.forEach((own, i) => {
    const { weight, steps } = heaviest(
      chains.filter((_, j) => isBelow(own, counts[j]!)),
    );
    chains.push({ weight: weight + (own.at(-1) ?? 0), steps: [...steps, i] });
  });
  return heaviest(chains).steps;
}

// Clocks differ, and a few spans skip a step: neither breaks the flow.
const tolerance = 0.05;
const isBelow = (later: Float64Array, earlier: Float64Array) => {
  const extra = Math.floor((earlier.at(-1) ?? 0) * tolerance);
  return later.every((count, column) => count <= earlier[column]! + extra);
};

/**
 * The maximum number of spans at one moment that reached a step but not the
 * next.
 */
function widestOf(
  flow: readonly { step: string; times: ArrayLike<number> }[],
  isAsked: boolean,
): WidestQueue | undefined {
  let widest: WidestQueue | undefined;
  flow.slice(1).forEach(({ step: to, times: after }, n) => {
    const { step: from, times: before } = flow[n]!;
    // A step that few spans go on to is a way out rather than a queue.
    if (!isAsked && after.length * 2 < before.length) return;
    let j = 0;
    for (let i = 0; i < before.length; i++) {
      // Count all that arrive at one moment together.
      if (before[i + 1] === before[i]) continue;
      while (after[j]! <= before[i]!) j++;
      const spans = i + 1 - j;
      if (spans > (widest?.spans ?? 0)) widest = { from, to, spans };
    }
  });
  return widest;
}
