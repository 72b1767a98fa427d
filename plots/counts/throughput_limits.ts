// Over 300 lines: one chart, from its rows to its marks and caption.

// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { linesAxis } from "../axes/name_axes.ts";
import { countAxis } from "../axes/number_axes.ts";
import {
  type TimeAxisOptions,
  timeAxisOver,
  tipTimes,
} from "../axes/time_axis.ts";
import { formatDuration, formatShare } from "../axes/units.ts";
import { named, rowsWithoutTime, sentences } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type DrawOptions,
  type FacetData,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { colorScale, colorsFor, legendOfNames } from "../chart/colors.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Panel } from "../chart/plot_types.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import {
  type Channel,
  columnNamesOf,
  finiteNumber,
  isColumnTable,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { Changes, sweep } from "../rows/sweep.ts";
import {
  areaMarks,
  seriesSteps,
  type StackedStep,
  stackSteps,
  stepTips,
} from "./series.ts";

/** Options of {@linkcode throughputLimits}. */
export interface ThroughputLimitsOptions
  extends Pick<TimeAxisOptions, "clock">, HelperOptions {
  /** Start of the bin, in seconds. By default the column "start", or the first. */
  start?: Channel | undefined;
  /** End of the bin, in seconds. By default the column "end", or the second. */
  end?: Channel | undefined;
  /**
   * Numbers of tasks by the name of their place, from the bottom of the stack to
   * its top. By default those of `bottleneck()`.
   */
  queues?: Readonly<Record<string, Channel>> | undefined;
  /**
   * Seconds in which each stage limited the throughput, by its name, from top to
   * bottom. By default those of `bottleneck()`.
   */
  stages?: Readonly<Record<string, Channel>> | undefined;
}

const usualQueues = {
  "returning": "returning_tasks",
  "in a worker": "running_tasks",
  "in a manager": "held_tasks",
  "queued": "queued_tasks",
  "in the DFK": "launching_tasks",
  "waiting on dependencies": "pending_tasks",
};

const usualStages = {
  "submission": "bound_by_submission",
  "dependencies": "bound_by_dependencies",
  "dispatch": "bound_by_dispatch",
  "workers": "bound_by_workers",
  "return": "bound_by_return",
};

/** A stage has the colour of the place that fills if it is the limit. */
const placeOfStage = new Map([
  ["submission", "in the DFK"],
  ["dependencies", "waiting on dependencies"],
  ["dispatch", "queued"],
  ["workers", "in a worker"],
  ["return", "returning"],
]);

/**
 * Draws the stage that limited the throughput over time, below the number of
 * tasks in each place, stacked. Each stage has a line, whose height is its
 * share of the time, with its share of all time on the right.
 *
 * Takes one row per bin of time, as from `bottleneck(db)`: its start and end,
 * the mean number of tasks in each place, and the seconds in which each stage
 * was the limit. Several runs or executors are drawn below each other.
 *
 * @example
 * ```ts
 * import { throughputLimits } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [
 *   { start: 0, end: 10, waiting: 5, running: 2, workers: 10, submission: 0 },
 *   { start: 10, end: 20, waiting: 0, running: 1, workers: 0, submission: 10 },
 * ];
 * const chart = throughputLimits(rows, {
 *   queues: { running: "running", waiting: "waiting" },
 *   stages: { submission: "submission", workers: "workers" },
 * });
 * assert.match(chart.caption, /^Of 20 s, bound by submission for 50%/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function throughputLimits(
  rows: Rows,
  options: ThroughputLimitsOptions = {},
): Chart {
  checkOptions("throughputLimits", options, {
    start: true,
    end: true,
    queues: true,
    stages: true,
    clock: true,
    ...helperOptionNames,
  });
  const held = columnNamesOf(rows);
  const queues = channelsOf(held, options.queues, usualQueues);
  const stages = channelsOf(held, options.stages, usualStages);
  const places = Object.keys(queues);
  const like = new Map(
    Object.keys(stages).map((stage) => [
      stage,
      placeOfStage.get(stage) ?? stage,
    ]),
  );
  const facet = options.facet === undefined ? nameOfRows(held) : options.facet;
  return chartOf(held.rows, { ...options, facet }, {
    height: placesHeight + linesHeight(like.size),
    read: (rows) => readBins(rows, options, { queues, stages }),
    derive(all) {
      const series = places.length + like.size || 1;
      const columns = Math.floor(7000 / all.length / series);
      const limits = all.map((bins) =>
        limitsOf(bins, Math.max(30, Math.min(320, columns)))
      );
      const shown = new Set(
        limits.flatMap(({ shares }) => shares)
          .filter(({ share }) => share >= leastShare).map(({ name }) => name),
      );
      const colors = colorsFor([...places, ...like.values()]);
      colors.set(unknown, unknownColor);
      for (const [stage, place] of like) colors.set(stage, colors.get(place)!);
      const color = colorScale([...places, ...shown], options, colors);
      return {
        title: "Which stage limited the throughput?",
        color,
        legend: legendOfNames(places.toReversed(), color),
        facets: limits.map((one): FacetData => {
          const lines = linesOf(one, shown);
          return {
            extent: one.isEmpty ? undefined : { x: one.domain, isTime: true },
            height: placesHeight + linesHeight(shown.size),
            caption: captionOf(one),
            draw: (sized) => drawLimits(one, lines, sized),
          };
        }),
      };
    },
  });
}

const unknown = "unknown";
const unknownColor = "#e3e6ea";
// A smaller share is not named.
const leastShare = 0.005;

// In pixels.
const placesHeight = 230;
const linesHeight = (lines: number) => 62 + 20 * Math.max(1, lines);
const sharesWidth = 50;

/** The channels that the user gives, or the usual ones that the rows have. */
function channelsOf(
  { names, width }: { names: readonly string[]; width: number },
  given: Readonly<Record<string, Channel>> | undefined,
  usual: Readonly<Record<string, string>>,
): Readonly<Record<string, Channel>> {
  if (given) return given;
  const found = Object.entries(usual)
    .filter(([, name]) => names.includes(name));
  // No rows have no columns.
  return found.length > 0 || width === 0 ? Object.fromEntries(found) : usual;
}

/** A channel of the run and executor of a row, if there are several. */
function nameOfRows(
  { rows, names }: ReturnType<typeof columnNamesOf>,
): Channel | undefined {
  const parts = ["run", "executor"].filter((name) => names.includes(name));
  if (parts.length === 0) return undefined;
  const several = parts.filter((name) => {
    const { values } = readChannels(rows, { values: name }).values;
    return new Set(values).size > 1;
  });
  const [only] = several;
  if (several.length < 2 || isColumnTable(rows)) return only;
  // Where each run has an executor of its own, both may have one name.
  return (row) =>
    [...new Set(several.map((name) => row[name] ?? "(none)"))].join(", ");
}

type Bins = ReturnType<typeof readBins>;

/** Reads bins as changes of the number of tasks, and of the shares of stages. */
function readBins(
  rows: Rows,
  { start, end }: ThroughputLimitsOptions,
  { queues, stages }: Record<
    "queues" | "stages",
    Readonly<Record<string, Channel>>
  >,
) {
  const [places, names] = [Object.keys(queues), Object.keys(stages)];
  const channels = [...Object.values(queues), ...Object.values(stages)];
  const read = readChannels(
    rows,
    {
      start: start ?? ["start", 0],
      end: end ?? ["end", 1],
      ...Object.fromEntries(channels.entries()),
    },
    ["start", "end"],
  );
  const values = channels.map((_, i) => read[`${i}` as "start"].values);
  const room = 2 * read.length;
  const tasks = new Changes(room * places.length);
  const limits = new Changes(room * (names.length + 1));
  let [withoutTime, seconds] = [0, 0];
  for (let i = 0; i < read.length; i++) {
    const [from, to] = [read.start.values[i]!, read.end.values[i]!];
    if (!(to > from)) {
      withoutTime++;
      continue;
    }
    seconds += to - from;
    const add = (changes: Changes, series: number, value: number) => {
      const delta = Math.max(0, value) || 0;
      changes.add(from, series, delta);
      changes.add(to, series, -delta);
    };
    places.forEach((_, s) => add(tasks, s, finiteNumber(values[s]![i])));
    names.forEach((_, s) =>
      add(limits, s, finiteNumber(values[places.length + s]![i]) / (to - from))
    );
    // The number of rows: of several executors, if they are drawn together.
    add(limits, names.length, 1);
  }
  return { places, names, tasks, limits, withoutTime, seconds };
}

type Limits = ReturnType<typeof limitsOf>;

/** Computes the stack of places and the line of each stage, in columns. */
function limitsOf(
  { places, names, tasks, limits, withoutTime, seconds }: Bins,
  columns: number,
) {
  const swept = sweep(limits, names.length + 1, columns);
  const rows = swept.series.at(-1)!;
  const { edges, columnSeconds } = swept;
  const known = Array.from(
    rows.mean,
    (_, i) => sum(names, (_, s) => swept.series[s]!.mean[i]!),
  );
  const means = [
    ...names.map((name, s) => [name, swept.series[s]!.mean] as const),
    // The rest of each row's time.
    [unknown, rows.mean.map((rows, i) => rows - known[i]!)] as const,
  ];
  const shares = means.map(([name, mean]) => ({
    name,
    share: sum(mean, (value, i) => value * (edges[i + 1]! - edges[i]!)) /
      (rows.integral || 1),
    // The share in each column.
    parts: Array.from(mean, (value, i) => value / (rows.mean[i]! || 1)),
  }));
  return {
    domain: [edges[0]!, edges.at(-1)!] as [number, number],
    edges,
    columnSeconds,
    stack: seriesSteps(sweep(tasks, places.length, columns), places),
    shares,
    seconds,
    withoutTime,
    isEmpty: seconds === 0,
  };
}

function captionOf({ shares, seconds, withoutTime, isEmpty }: Limits) {
  if (isEmpty) return sentences("No rows.", rowsWithoutTime(withoutTime));
  const parts = shares.filter(({ share }) => share >= leastShare)
    .toSorted((a, b) =>
      Number(a.name === unknown) - Number(b.name === unknown) ||
      b.share - a.share
    )
    .map(({ name, share }) =>
      `${name === unknown ? "" : "by "}${named(name)} for ${formatShare(share)}`
    );
  return sentences(
    parts.length > 0 &&
      `Of ${formatDuration(seconds)}, bound ${parts.join(", ")}.`,
    rowsWithoutTime(withoutTime),
  );
}

type Lines = ReturnType<typeof linesOf>;

/** A line for each stage that any facet shows, with its share as the height. */
function linesOf({ shares, edges }: Limits, shown: ReadonlySet<string>) {
  const stages = shares.filter(({ name }) => shown.has(name));
  const steps = stages.flatMap(({ name: series, parts }, row) =>
    parts.map((value, i): StackedStep => ({
      time: edges[i]!,
      until: edges[i + 1]!,
      series,
      value,
      minimum: value,
      maximum: value,
      y1: row + 0.9,
      y2: row + 0.9 - 0.8 * Math.min(1, value),
    })).filter(({ value }) => value >= leastShare)
  );
  return { stages, steps };
}

/** The stack of places above the lines. */
function drawLimits(
  { domain, columnSeconds, stack, isEmpty }: Limits,
  { stages, steps }: Lines,
  { height, ...others }: ThroughputLimitsOptions & DrawOptions,
): Panel[][] {
  const { clock } = others;
  const empty = isEmpty ? noRows : undefined;
  const options = { marginRight: sharesWidth, ...others, y: undefined };
  const lower = Math.min(linesHeight(stages.length), height / 2);
  const below = frame({ ...options, height: lower }, {
    x: timeAxisOver(domain, { clock, grid: true }),
    y: (_, pixels) =>
      linesAxis(
        stages.map(({ name }, row) => ({ name, row, lanes: 1 })),
        { rows: stages.length, pixels, label: "bound by" },
      ),
    grid: false,
    draw: ({ x, clip }) => ({
      marks: [
        Plot.ruleY(stages, {
          y: (_, row) => row + 0.9,
          stroke: style.grid,
        }),
        areaMarks(steps, { clip }),
        Plot.text(stages, {
          x: (x.domain as number[])[1],
          y: (_, row) => row + 0.5,
          text: ({ share }) => formatShare(share),
          textAnchor: "start",
          dx: 6,
        }),
      ],
    }),
    tips: () =>
      stepTips(steps, tipTimes(domain, columnSeconds, clock), formatShare),
  });
  const above = frame({
    ...options,
    height: height - lower,
    x: { ...options.x, label: null },
    marginLeft: below.marginLeft,
    marginBottom: 24,
    marks: [],
  }, {
    x: timeAxisOver(domain, { clock, grid: true }),
    y: (_, pixels) => countAxis(stack.peak, { pixels, label: "tasks" }),
    zero: "y",
    draw: ({ clip }) => ({
      marks: [areaMarks(stackSteps(stack.steps, "counts"), { clip })],
    }),
    tips: () => stepTips(stack.steps, tipTimes(domain, columnSeconds, clock)),
    empty,
  });
  return [[above], [below]];
}
