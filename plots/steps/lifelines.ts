// Over 300 lines: one chart, with the transform behind it.

import type { LinkOptions } from "@observablehq/plot";
// @ts-types="npm:@types/d3-array@3.2.2"
import { greatest, max, median, quantile, range, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { durationAxis } from "../axes/duration_axis.ts";
import { linesAxis } from "../axes/name_axes.ts";
import { formatDuration, formatShare } from "../axes/units.ts";
import {
  counted,
  named,
  plural,
  rowsLeftOut,
  sentences,
} from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { withSeriesOfRuns } from "../chart/facets.ts";
import { colorScale, legendOfNames, lineColorsFor } from "../chart/colors.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { compactLinks } from "../drawing/compact.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { givenDomain } from "../drawing/merge.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { valuesByGroup } from "../rows/row_order.ts";
import {
  byStep,
  firstArrivals,
  medianOf,
  pathsOf,
  usualOrder,
} from "../rows/paths.ts";
import {
  foldNames,
  maxLineSeries,
  type Series,
  seriesOf,
} from "../rows/series.ts";
import { inKnownOrder } from "../rows/state_order.ts";
import {
  leftOut,
  stepChannelNames,
  type StepChannels,
  type StepRows,
  stepRows,
  type StepRowsLeft,
} from "../rows/step_rows.ts";

/** Options of {@linkcode lifelines}. */
export interface LifelinesOptions extends StepChannels, HelperOptions {
  /** Number of slowest spans to emphasize. 3 by default. */
  slowest?: number | undefined;
  /** Steps from bottom to top. By default in their usual order. */
  steps?: readonly string[] | undefined;
}

/**
 * Draws how spans go through their steps: x is the time since the start of the
 * span, y the steps in their usual order, and each span is a line. A flat line
 * is a slow step. The median of all spans is bold and the slowest spans are
 * emphasized; a few hundred spans or more become bundles of lines.
 *
 * Takes one row per span and step with the span, the time in seconds and the
 * step, as from `eventsOf()` and `statesOverTime()`, or in the first three
 * columns. `series` colours spans, and each series has its own median.
 *
 * @example
 * ```ts
 * import { lifelines } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = lifelines([
 *   { task: 1, time: 10, step: "launched" },
 *   { task: 1, time: 14, step: "running" },
 *   { task: 1, time: 15, step: "done" },
 * ]);
 * assert.match(chart.caption, /from launched to running, 80% of the time/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function lifelines(given: Rows, asked: LifelinesOptions = {}): Chart {
  checkOptions("lifelines", asked, {
    ...stepChannelNames,
    slowest: true,
    steps: true,
    ...helperOptionNames,
  });
  const { rows, options } = withSeriesOfRuns(given, asked);
  const { slowest = 3 } = options;
  return chartOf(rows, options, {
    height: 360,
    read: (rows) => foldedSteps(stepRows(rows, options, true)),
    derive(columns) {
      const order = options.steps ??
        (columns.length > 1 ? commonSteps(columns) : undefined);
      const maxOfFacet = Math.floor(maxSegments / columns.length);
      const all = columns.map((read) =>
        dataOf(
          lifelinesIn(read, order),
          maxOfFacet,
          slowest,
          options.series === "run",
        )
      );
      const names = new Set(all.flatMap(({ series }) => series.names));
      const color = colorScale(names, options, lineColorsFor(names));
      return {
        title: `How long did each ${all[0]!.noun} take to each step?`,
        color,
        legend: names.size > 1
          ? [
            ...legendOfNames(names, color, "line"),
            ...slowEntry(slowest, style.ink),
          ]
          : [
            ...segmentsLegend(all),
            { label: "median", color: style.ink, shape: "line" },
            ...slowEntry(slowest, slowColor),
          ],
        facets: all.map((data) => {
          const { steps, length, since } = data;
          const longest = max(since) || 1;
          return {
            caption: captionOf(data, slowest),
            extent: length ? { x: [0, max(since)!] } : undefined,
            height: 68 + Math.min(480, Math.max(200, steps.length * 36)),
            draw: (sized) =>
              frame(sized, {
                x: (asked, pixels) => ({
                  ...durationAxis(asked ?? [0, longest], {
                    pixels,
                    label: `time since the start of the ${all[0]!.noun}`,
                  }),
                  grid: true,
                }),
                y: (_, pixels) => ({
                  ...linesAxis(
                    steps.map(({ name }, row) => ({ name, row, lanes: 1 })),
                    { rows: steps.length, pixels, label: "step" },
                  ),
                  domain: [0, steps.length || 1],
                }),
                draw: ({ clip }) => ({
                  marks: lifelineMarks(
                    data,
                    slowest,
                    legendOfNames(data.series.names, color)
                      .map(({ color }) => color),
                    givenDomain(sized.x),
                    clip,
                  ),
                }),
                tips: () => tipsOf(data),
                empty: length ? undefined : noRows,
              }),
          };
        }),
      };
    },
  });
}

// However many facets there are.
const maxSegments = 4000;
// If spans are few, each has tips.
const maxSlow = 300;

type LifelinesData = ReturnType<typeof dataOf>;

function dataOf(
  lines: Lifelines,
  maxSegments: number,
  slowest: number,
  ofRuns: boolean,
) {
  const { spans, first, since, series } = lines;
  // Tasks of several runs have the same numbers.
  const nameOf = (s: number) =>
    ofRuns ? `${spans[s]!}, run ${series.names[series.of[s]!]}` : spans[s]!;
  const seconds = spans.map((_, s) => since[first[s + 1]! - 1] ?? 0);
  return {
    ...lines,
    ...lifeSegments(lines, maxSegments),
    medians: medianSteps(lines),
    /** How long each span took. */
    seconds,
    /** The slowest spans, limited to those with tips, with the index of each row. */
    slow: range(spans.length)
      .sort((a, b) => seconds[b]! - seconds[a]! || a - b)
      .slice(0, spans.length <= maxSlow ? maxSlow : slowest)
      .map((s) => ({
        name: nameOf(s),
        seconds: seconds[s]!,
        places: range(first[s]!, first[s + 1]!),
      })),
  };
}

function captionOf(data: LifelinesData, slowest: number): string {
  const { spans, noun, steps, seconds, slow, medians, binSeconds } = data;
  if (spans.length === 0) return sentences("No rows.", rowsLeftOut(data));
  const names = slow.slice(0, slowest).map(({ name, seconds }) =>
    `${named(name)} (${formatDuration(seconds)})`
  );
  return sentences(
    `${counted(spans.length, noun)} through ` +
      `${counted(steps.length, "step")} in median ` +
      `${formatDuration(quantile(seconds, 0.5)!)}, ` +
      `95% within ${formatDuration(quantile(seconds, 0.95)!)}, ` +
      `maximum ${formatDuration(max(seconds)!)}.`,
    longestStep(data),
    slowest > 0 && spans.length > slowest && `Slowest: ${names.join("; ")}.`,
    medians.flat().some(({ isUsual }) => !isUsual) &&
      "Open dots: medians of steps that fewer than half of the " +
        `${plural(noun)} reach.`,
    binSeconds !== undefined &&
      `Lines are bundles of ${plural(noun)} that reach both steps within ` +
        `the same ${formatDuration(binSeconds)}.`,
    rowsLeftOut(data),
  );
}

/** A sentence about the two steps between which most of the time passes. */
function longestStep({ span, since, step, steps }: Lifelines) {
  const gap = (k: number) => since[k + 1]! - since[k]!;
  const pairs = Map.groupBy(
    range(span.length).filter((k) => span[k] === span[k + 1]),
    (k) => step[k]! * steps.length + step[k + 1]!,
  );
  const sums = [...pairs].map(([key, own]) => ({
    key,
    own,
    sum: sum(own, gap),
  }));
  const total = sum(sums, ({ sum }) => sum);
  if (!(total > 0)) return undefined;
  const { key, own, sum: seconds } = greatest(sums, ({ sum }) => sum)!;
  const [from, to] = [Math.floor(key / steps.length), key % steps.length];
  return `Longest step: from ${named(steps[from]!.name)} to ` +
    `${named(steps[to]!.name)}, ${formatShare(seconds / total)} of the time, ` +
    `median ${formatDuration(median(own, gap)!)}.`;
}

const slowEntry = (slowest: number, color: string): LegendEntry[] =>
  slowest > 0 ? [{ label: "slowest", color, shape: "line" }] : [];

/** Legend of segments, as far as bundles are as large. */
function segmentsLegend(all: readonly LifelinesData[]): LegendEntry[] {
  const largest = max(all, ({ segments }) => segments.at(-1)?.count) ?? 0;
  const shown = all.some(({ binSeconds }) => binSeconds)
    ? bundleLevels.filter(({ from }) => from <= largest)
    : [{ label: `a ${all[0]!.noun}`, color: bundleLevels[2].color }];
  return shown.map(({ label, color }) => ({
    label: label === "1 span" ? `1 ${all[0]!.noun}` : label,
    color,
    shape: "line",
  }));
}

/** The lines, the slowest spans and the medians; the first step is at 0.5. */
function lifelineMarks(
  data: LifelinesData,
  slowest: number,
  colors: readonly string[],
  domain: readonly [number, number] | undefined,
  clip: boolean,
): Markish[] {
  const { segments, since, step, slow, medians, binSeconds } = data;
  const isSeries = colors.length > 1;
  const isBundled = binSeconds !== undefined;
  const each = <Value>(value: (segment: LifeSegment) => Value) => ({
    value: segments.map(value),
    scale: null,
  });
  return [
    Plot.link(segments, {
      x1: "x1",
      x2: "x2",
      y1: ({ from }) => from + 0.5,
      y2: ({ to }) => to + 0.5,
      stroke: each(({ count, series }) =>
        isSeries
          ? colors[series]!
          : (isBundled ? bundleLevelOf(count) : bundleLevels[2]).color
      ),
      opacity: each(({ count }) =>
        isSeries
          ? isBundled
            ? 0.25 + 0.12 * bundleLevels.indexOf(bundleLevelOf(count))
            : 0.5
          : isBundled
          ? 0.7
          : 0.6
      ),
      strokeWidth: each(({ count }) => bundleLevelOf(count).width),
      clip,
      render: compactLinks,
    } as LinkOptions),
    ...slow.slice(0, slowest).map(({ places }) =>
      Plot.line(places, {
        x: (k) => since[k],
        y: (k) => step[k]! + 0.5,
        stroke: isSeries ? style.ink : slowColor,
        strokeWidth: 1.5,
        clip,
      })
    ),
    ...medians.flatMap((points, s) => {
      const line = points.filter(({ isUsual }) => isUsual);
      const stroke = isSeries ? colors[s]! : style.ink;
      const place = { x: "x", y: "y", clip };
      return [
        Plot.line(line, { ...place, stroke: style.background, strokeWidth: 5 }),
        Plot.line(line, { ...place, stroke, strokeWidth: 2.5 }),
        // Not clipped: a dot at the edge is whole.
        Plot.dot(
          points.filter(({ x }) => !domain || x >= domain[0] && x <= domain[1]),
          {
            x: "x",
            y: "y",
            r: 3,
            stroke,
            strokeWidth: 1.5,
            fill: ({ isUsual }) => isUsual ? stroke : style.background,
          },
        ),
      ];
    }),
  ];
}

// Beside series, which have the other colours, slow spans have that of text.
const slowColor = "#d55e00";

// By the number of spans in a bundle.
const bundleLevels = [
  { from: 1, label: "1 span", color: "#86b6d9", width: 0.75 },
  { from: 2, label: "2 to 9", color: "#5b9ccb", width: 1 },
  { from: 10, label: "10 to 99", color: "#2f7fb8", width: 1.5 },
  { from: 100, label: "100 to 999", color: "#125a92", width: 2.25 },
  { from: 1000, label: "1,000 and more", color: "#08305a", width: 3 },
] as const;

const bundleLevelOf = (count: number) =>
  bundleLevels.findLast(({ from }) => count >= from) ?? bundleLevels[0];

function tipsOf(
  { steps, since, step, slow, noun, segments }: LifelinesData,
): Tip[] {
  const medians = steps.map(({ name, median, count: spans }, n) => ({
    x: median,
    y: n + 0.5,
    text: `${name}: median ${formatDuration(median)}\n${counted(spans, noun)}`,
    spans,
  })).filter(({ spans }) => spans > 0);
  const places = slow.flatMap(({ name, places }) =>
    places.map((k) => ({
      x: since[k]!,
      y: step[k]! + 0.5,
      text: `${name}\n${steps[step[k]!]!.name} after ` +
        formatDuration(since[k]!),
    }))
  );
  // The few that go another way than most come first.
  const bundles = segments.slice(0, 1500 - Math.min(1000, places.length))
    .map(({ x1, x2, from, to, count }) => ({
      x: x2,
      y: to + 0.5,
      text: `${counted(count, noun)}: ${steps[to]!.name} after ` +
        `${formatDuration(x2)}\n${steps[from]!.name} after ` +
        formatDuration(x1),
    }));
  return [...medians, ...places.slice(0, 1000), ...bundles];
}

/** A step that spans reach. */
export interface LifeStep {
  /** Name of the step. */
  name: string;
  /** Number of spans that reach it. */
  count: number;
  /** Median seconds from a span's start to its first arrival; NaN for none. */
  median: number;
}

/** The path of each span through its steps, as columns of one length. */
export interface Lifelines extends StepRowsLeft {
  /** Number of rows. */
  length: number;
  /** The rows of span `s` are from `first[s]` up to `first[s + 1]`, by time. */
  first: Uint32Array;
  /** The number of each row's span. */
  span: Uint32Array;
  /** Seconds since the span's first row. */
  since: Float64Array;
  /** Index of each row's step in `steps`. */
  step: Int32Array;
  /** The names of the spans. */
  spans: string[];
  /** What a span is, in the singular: "span", unless it is known. */
  noun: string;
  /** In their usual order. */
  steps: LifeStep[];
  /** The series of each span. */
  series: Series;
}

/**
 * Computes the path of each span through its steps, in seconds since its start:
 * the transform behind {@linkcode lifelines}. Takes one row per span and step,
 * in any order. Steps are in their usual order. If there are more than 100,
 * those with the fewest rows are combined as "other (n)".
 *
 * @example
 * ```ts
 * import { lifelinesOf } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { steps } = lifelinesOf([
 *   { task: 1, time: 10, step: "launched" },
 *   { task: 1, time: 14, step: "running" },
 *   { task: 2, time: 20, step: "launched" },
 *   { task: 2, time: 22, step: "running" },
 * ]);
 * assert.deepEqual(steps.map(({ name, median }) => [name, median]), [
 *   ["launched", 0],
 *   ["running", 3],
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function lifelinesOf(
  rows: Rows,
  channels: StepChannels = {},
): Lifelines {
  checkOptions("lifelinesOf", channels, stepChannelNames);
  return lifelinesIn(foldedSteps(stepRows(rows, channels, true)));
}

// More steps cannot be distinguished or drawn at a reasonable size.
const maxSteps = 100;

/** Makes one step, "other (n)", of the steps that have the fewest rows. */
function foldedSteps(read: StepRows): StepRows {
  const rows = new Uint32Array(read.steps.length);
  for (const s of read.step) if (s >= 0) rows[s]!++;
  const { names, places } = foldNames(read.steps, rows, maxSteps);
  const step = read.step.map((s) => s < 0 ? s : places[s]!);
  return { ...read, step, steps: names };
}

/** Lifelines with the steps that are named first, then the others as usual. */
function lifelinesIn(
  read: StepRows,
  named: readonly string[] = [],
): Lifelines {
  const { steps, spans } = read;
  const { first, span, since, ...paths } = pathsOf(read);
  const arrivals = firstArrivals({ span, since, ...paths }, steps.length);
  const waits = byStep(arrivals, steps.length, arrivals.since);
  const usual = inKnownOrder(usualOrder([arrivals], steps.length), steps)
    .map((s) => steps[s]!);
  const names = [...new Set([...named, ...usual])];
  const places = steps.map((name) => names.indexOf(name));
  return {
    length: since.length,
    first,
    span,
    since,
    step: paths.step.map((s) => places[s]!),
    spans: read.names?.names ?? spans.map((name) => String(name ?? "(none)")),
    noun: read.noun,
    steps: names.map((name) => {
      const own = waits[steps.indexOf(name)] ?? [];
      return { name, count: own.length, median: medianOf(own) ?? NaN };
    }),
    series: seriesOf(read.series ?? [], spans.length, maxLineSeries),
    ...leftOut(read),
  };
}

/** A common order for the steps of several facets, by the paths of all spans. */
function commonSteps(parts: readonly StepRows[]): string[] {
  const names = [...new Set(parts.flatMap(({ steps }) => steps))];
  const arrivals = parts.map((part) => {
    const own = firstArrivals(pathsOf(part), part.steps.length);
    const places = part.steps.map((name) => names.indexOf(name));
    return { ...own, step: own.step.map((s) => places[s]!) };
  });
  return inKnownOrder(usualOrder(arrivals, names.length), names)
    .map((n) => names[n]!);
}

/** A line from one step to the next: of one span, or of a bundle of spans. */
interface LifeSegment {
  /** Seconds since the start of the span at the first step. */
  x1: number;
  /** The same at the second step. */
  x2: number;
  /** The place of the first step in `steps`. */
  from: number;
  /** The place of the second step. */
  to: number;
  /** The place of the series. */
  series: number;
  /** Number of spans. */
  count: number;
}

// More lines cannot be distinguished, and more bundles are no clearer.
const maxLines = 300;

/**
 * The lines of lifelines from each step to the next, the largest last. If there
 * are too many to distinguish, spans that go from the same bin of time at one
 * step to the same bin at the next become one bundle. A bundle of one span keeps
 * the times of that span, so that outliers stay where they are.
 */
export function lifeSegments(lifelines: Lifelines, max = maxSegments) {
  const { spans, since, length } = lifelines;
  if (spans.length <= maxLines && length <= 3 * max) {
    return { segments: segmentsOf(lifelines), binSeconds: undefined };
  }
  const longest = since.reduce((a, b) => Math.max(a, b), 0);
  let segments: LifeSegment[] = [];
  let binSeconds: number | undefined;
  for (const bins of [150, 100, 70, 50, 35, 25, 16, 10, 6, 3, 1]) {
    binSeconds = longest / bins || 1;
    segments = segmentsOf(lifelines, binSeconds);
    if (segments.length <= max) break;
  }
  return {
    segments: segments.slice(-4 * max),
    /** Width of a bundle at each end in seconds, if lines are bundled. */
    binSeconds,
  };
}

/** Each segment, or bundles of segments with both ends in the same bins. */
function segmentsOf(
  { span, since, step, steps, series }: Lifelines,
  bin?: number,
): LifeSegment[] {
  const bundles = new Map<number, LifeSegment>();
  for (let k = 0; k + 1 < span.length; k++) {
    if (span[k] !== span[k + 1]) continue;
    const own = series.of[span[k]!]!;
    const [x1, x2] = [since[k]!, since[k + 1]!];
    const [from, to] = [step[k]!, step[k + 1]!];
    // Numbers stay whole up to 2^53: 150 bins twice, a thousand steps twice.
    const key = bin === undefined
      ? k
      : (((from * steps.length + to) * series.names.length + own) * 256 +
            Math.floor(x1 / bin)) * 256 + Math.floor(x2 / bin);
    const bundle = bundles.get(key);
    if (bundle) {
      bundle.count++;
      bundle.x1 += x1;
      bundle.x2 += x2;
    } else bundles.set(key, { x1, x2, from, to, series: own, count: 1 });
  }
  return bundles.values().map((bundle) => ({
    ...bundle,
    x1: bundle.x1 / bundle.count,
    x2: bundle.x2 / bundle.count,
  })).toArray().sort((a, b) => a.count - b.count);
}

/**
 * The median time at which the spans of each series reach each step, as points
 * in the middle of the step's row, and whether at least half of the spans do.
 */
function medianSteps({ series, steps, step, since, span }: Lifelines) {
  const { length } = steps;
  const arrivals = firstArrivals({ step, since, span, time: since }, length);
  const waits = valuesByGroup(
    arrivals.since,
    series.names.length * length,
    (k) => series.of[arrivals.span[k]!]! * length + arrivals.step[k]!,
  );
  return series.names.map((_, s) => {
    const size = series.of.filter((own) => own === s).length;
    const isUsual = (values: Float64Array) => values.length * 2 >= size;
    const ofSteps = waits.slice(s * length, (s + 1) * length);
    // Paths that have little in common have no usual one: show all steps.
    const isMixed = ofSteps.filter(isUsual).length < 2;
    return ofSteps.map((values, n) => ({
      x: medianOf(values) ?? NaN,
      y: n + 0.5,
      isUsual: isMixed || isUsual(values),
    })).filter(({ x }) => !Number.isNaN(x));
  });
}
