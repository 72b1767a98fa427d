// Over 300 lines: one chart, from its rows to its marks and caption.

import defer * as Plot from "@observablehq/plot";
// @ts-types="npm:@types/d3-array@3.2.2"
import { max, quantile, range, sum } from "d3-array";
import { durationAxis } from "../axes/duration_axis.ts";
import { linesAxis } from "../axes/name_axes.ts";
import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import {
  type ChartKind,
  chartOf,
  type FacetData,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { colorScale, legendOfNames, lineColorsFor } from "../chart/colors.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish, ScaleOptions, Tip } from "../chart/plot_types.ts";
import { counted, named, rowsLeftOut } from "../chart/captions.ts";
import { compactLinks } from "../drawing/compact.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { givenDomain } from "../drawing/merge.ts";
import { style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import {
  type StepChannels,
  type StepRows,
  stepRows,
} from "../rows/step_rows.ts";
import {
  commonSteps,
  foldedSteps,
  type Lifelines,
  lifelinesIn,
  type LifeSegment,
  type LifeSegments,
  lifeSegments,
  type MedianStep,
  medianSteps,
} from "./lifelines_of.ts";

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
 * assert.match(chart.caption, /from launched to running, 80 % of the time/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function lifelines(rows: Rows, options: LifelinesOptions = {}): Chart {
  return chartOf(rows, options, lifelinesKind);
}

interface LifelinesData extends FacetData, Lifelines, LifeSegments {
  medians: MedianStep[][];
  /** Spans by duration, the slowest first: as many as have tips. */
  slow: SlowSpan[];
  /** How many of these are drawn. */
  slowest: number;
}

interface SlowSpan {
  name: string;
  seconds: number;
  /** The places of its rows. */
  places: number[];
}

// However many facets there are.
const maxSegments = 4000;
// If spans are few, each has tips.
const maxSlow = 300;

const lifelinesKind: ChartKind<StepRows, LifelinesData, LifelinesOptions> = {
  height: 360,
  read: (rows, options) => foldedSteps(stepRows(rows as Rows, options)),
  derive(columns, options) {
    const { slowest = 3 } = options;
    const order = options.steps ??
      (columns.length > 1 ? commonSteps(columns) : undefined);
    const facets = columns.map((read): LifelinesData => {
      const lines = lifelinesIn(read, order);
      const data = {
        ...lines,
        ...lifeSegments(lines, Math.floor(maxSegments / columns.length)),
        medians: medianSteps(lines),
        slow: slowestSpans(
          lines,
          lines.spans.length <= maxSlow ? maxSlow : slowest,
        ),
        slowest,
      };
      return {
        ...data,
        caption: captionOf(data),
        extent: lines.length ? { x: [0, max(lines.since)!] } : undefined,
        height: 68 + Math.min(480, Math.max(200, lines.steps.length * 36)),
      };
    });
    const names = new Set(facets.flatMap(({ series }) => series.names));
    const color = colorScale(names, options, lineColorsFor(names));
    const title = "Spans through their steps";
    return { facets, title, color, legend: legendOf(facets, color, slowest) };
  },
  draw(data, options) {
    const { steps, length, since } = data;
    return frame(options, {
      x: (asked, pixels) => ({
        ...durationAxis(asked ?? [0, max(since) || 1], {
          pixels,
          label: "time since the start of the span",
        }),
        grid: true,
      }),
      y: (_, pixels) => {
        const lines = steps.map(({ name }, row) => ({ name, row, lanes: 1 }));
        const axis = linesAxis(lines, { rows: steps.length, pixels });
        return { ...axis, domain: [0, steps.length || 1], label: "step" };
      },
      draw: ({ clip }) => ({
        marks: marksOf(data, options.color, givenDomain(options.x), clip),
      }),
      tips: () => tipsOf(data),
      empty: length ? undefined : noRows,
    });
  },
};

/** The spans that took longest, the longest first. */
function slowestSpans(
  { spans, first, since }: Lifelines,
  max: number,
): SlowSpan[] {
  const seconds = (s: number) => since[first[s + 1]! - 1] ?? 0;
  return spans.map((_, s) => s)
    .sort((a, b) => seconds(b) - seconds(a) || a - b)
    .slice(0, max)
    .map((s) => ({
      name: spans[s]!,
      seconds: seconds(s),
      places: range(first[s]!, first[s + 1]!),
    }));
}

function captionOf(data: Omit<LifelinesData, "caption">): string {
  const { spans, steps, first, since, slow, slowest, binSeconds } = data;
  if (spans.length === 0) {
    return ["No rows.", ...rowsLeftOut(data)].join(" ");
  }
  const took = spans.map((_, s) => since[first[s + 1]! - 1]!);
  const parts = [
    `${counted(spans.length, "span")} through ` +
    `${counted(steps.length, "step")} in median ` +
    `${formatDuration(quantile(took, 0.5)!)}, ` +
    `95 % ${formatDuration(quantile(took, 0.95)!)}, ` +
    `maximum ${formatDuration(max(took)!)}.`,
  ];
  const longest = longestStep(data);
  if (longest) {
    const { from, to, share, median } = longest;
    parts.push(
      `Longest step: from ${named(from)} to ${named(to)}, ` +
        `${Math.round(share * 100)} % of the time, median ${
          formatDuration(median)
        }.`,
    );
  }
  if (slowest > 0 && spans.length > slowest) {
    const names = slow.slice(0, slowest).map(({ name, seconds }) =>
      `${named(name)} (${formatDuration(seconds)})`
    );
    parts.push(`Slowest: ${names.join(", ")}.`);
  }
  if (data.medians.some((own) => own.some(({ isUsual }) => !isUsual))) {
    parts.push(
      "Open dots: medians of steps that fewer than half of the spans reach.",
    );
  }
  if (binSeconds !== undefined) {
    parts.push(
      "Lines are bundles of spans that reach both steps within the same " +
        `${formatDuration(binSeconds)}.`,
    );
  }
  return [...parts, ...rowsLeftOut(data)].join(" ");
}

/** The two neighbouring steps between which most of the time passes. */
function longestStep({ spans, first, since, step, steps }: Lifelines) {
  const gaps = new Map<number, number[]>();
  for (let s = 0; s < spans.length; s++) {
    for (let k = first[s]!; k < first[s + 1]! - 1; k++) {
      const key = step[k]! * steps.length + step[k + 1]!;
      const gap = since[k + 1]! - since[k]!;
      const own = gaps.get(key);
      if (own) own.push(gap);
      else gaps.set(key, [gap]);
    }
  }
  const sums = gaps.entries().map(([key, own]) => ({ key, sum: sum(own) }))
    .toArray();
  const total = sum(sums, ({ sum }) => sum);
  if (!(total > 0)) return undefined;
  const { key, sum: seconds } = sums.reduce((a, b) => b.sum > a.sum ? b : a);
  return {
    from: steps[Math.floor(key / steps.length)]!.name,
    to: steps[key % steps.length]!.name,
    share: seconds / total,
    median: quantile(gaps.get(key)!, 0.5)!,
  };
}

function legendOf(
  facets: readonly LifelinesData[],
  color: ScaleOptions,
  slowest: number,
): LegendEntry[] {
  const names = new Set(facets.flatMap(({ series }) => series.names));
  const line = (label: string, color: string): LegendEntry => ({
    label,
    color,
    shape: "line",
  });
  const slow = slowest > 0 ? [line("slowest", slowColor(names.size > 1))] : [];
  if (names.size > 1) return [...legendOfNames(names, color, "line"), ...slow];
  const largest = max(facets, ({ segments }) => segments.at(-1)?.count) ?? 0;
  const bundles = facets.some(({ binSeconds }) => binSeconds)
    ? levels.filter(({ from }) => from <= largest)
      .map(({ label, color }) => line(label, color))
    : [line("a span", levels[2].color)];
  return [...bundles, line("median", style.ink), ...slow];
}

/** The lines, the slowest spans and the medians; the first step is at 0.5. */
function marksOf(
  data: LifelinesData,
  color: ScaleOptions | undefined,
  domain: readonly [number, number] | undefined,
  clip: boolean,
): Markish[] {
  const { segments, series, since, step, slow, slowest, medians } = data;
  const colors = legendOfNames(series.names, color).map(({ color }) => color);
  const isSeries = series.names.length > 1;
  const isBundled = data.binSeconds !== undefined;
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
          : (isBundled ? levelOf(count) : levels[2]).color
      ),
      opacity: each(({ count }) =>
        isSeries
          ? isBundled ? 0.25 + 0.12 * levels.indexOf(levelOf(count)) : 0.5
          : isBundled
          ? 0.7
          : 0.6
      ),
      strokeWidth: each(({ count }) => levelOf(count).width),
      clip,
      render: compactLinks,
    } as Plot.LinkOptions),
    ...slow.slice(0, slowest).map(({ places }) =>
      Plot.line(places, {
        x: (k) => since[k],
        y: (k) => step[k]! + 0.5,
        stroke: slowColor(isSeries),
        strokeWidth: 1.5,
        clip,
      })
    ),
    ...medians.flatMap((points, s) => {
      const line = points.filter(({ isUsual }) => isUsual);
      const stroke = isSeries ? colors[s]! : style.ink;
      const place = { x: "x", y: "y", clip };
      return [
        Plot.line(line, {
          ...place,
          stroke: style.background,
          strokeWidth: 5,
        }),
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

// Series have the other colours.
const slowColor = (isSeries: boolean) => isSeries ? style.ink : "#d55e00";

// By the number of spans in a bundle.
const levels = [
  { from: 1, label: "1 span", color: "#86b6d9", width: 0.75 },
  { from: 2, label: "2 to 9", color: "#5b9ccb", width: 1 },
  { from: 10, label: "10 to 99", color: "#2f7fb8", width: 1.5 },
  { from: 100, label: "100 to 999", color: "#125a92", width: 2.25 },
  { from: 1000, label: "1,000 and more", color: "#08305a", width: 3 },
] as const;

const levelOf = (count: number) =>
  levels.findLast(({ from }) => count >= from) ?? levels[0];

function tipsOf({ steps, since, step, slow }: LifelinesData): Tip[] {
  const medians = steps.map(({ name, median, count }, n) => ({
    x: median,
    y: n + 0.5,
    text: `${name}: median ${formatDuration(median)}\n` +
      `${count.toLocaleString("en-US")} spans`,
    count,
  })).filter(({ count }) => count > 0);
  const places = slow.flatMap(({ name, places }) =>
    places.map((k) => ({
      x: since[k]!,
      y: step[k]! + 0.5,
      text: `${name}\n${steps[step[k]!]!.name} after ` +
        formatDuration(since[k]!),
    }))
  );
  return [...medians, ...places.slice(0, 1500)];
}
