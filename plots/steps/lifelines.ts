import type { Panel } from "../chart/plot_types.ts";
import { durationAxis } from "../axes/duration_axis.ts";
import { linesAxis } from "../axes/lines_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { Rows } from "../rows/channels.ts";
import type { StepChannels } from "../rows/step_channels.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { noRows } from "../drawing/empty_mark.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { style } from "../drawing/style.ts";
import { givenDomain } from "../drawing/merge.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { frame } from "../chart/frame.ts";
import { lifelinesCaption, slowestSpans } from "./lifelines_words.ts";
import { levels, marksOfLifelines, slowColor } from "./lifelines_marks.ts";
import { lineColorsFor } from "../chart/palette.ts";
import { commonSteps, type LifeDrawing, withSteps } from "./step_order.ts";
import { lifeSegments } from "./life_segments.ts";
import { type Lifelines, lifelinesOf } from "./lifelines_of.ts";

/** What {@linkcode lifelines} takes beside its rows. */
export interface LifelinesOptions extends StepChannels, HelperOptions {
  /** How many of the spans that took longest are drawn apart. 3 if not given. */
  slowest?: number | undefined;
  /**
   * The steps from the bottom to the top. If not given, in the order in
   * which spans usually come to them.
   */
  steps?: readonly string[] | undefined;
}

/**
 * How spans go through their steps: the time since the start of the span across,
 * the steps upright in the order in which they are come to, a line a span. Where
 * lines lie flat, a step is slow. The median of all is bold, the spans that took
 * longest stand out; of some hundred spans and more, lines become bundles.
 *
 * Takes a row for each step that a span comes to: the span, the time in seconds
 * and the step, as `eventsOf()` and `statesOverTime()` give them, or in the first
 * three columns. `series` colours spans, and gives each series its own median.
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
 * assert.match(chart.caption, /from launched to running: 80 %/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function lifelines(rows: Rows, options: LifelinesOptions = {}): Chart {
  return chartOf(lifelinesKind, rows, options);
}

const lifelinesKind: OldChartKind<LifeDrawing, LifelinesOptions> = {
  height: 360,
  read(rows, options) {
    const lines = lifelinesOf(rows as Rows, options);
    const most = Math.floor(mostSegments * options.part);
    return { lines, drawn: lifeSegments(lines, most) };
  },
  extent: ({ lines: { since, length } }) =>
    length ? { x: [0, longestOf(since)] } : {},
  share(all, options) {
    const data = all.map(({ lines }) => lines);
    const names = new Set(data.flatMap(({ series }) => series.names));
    const color = colorScale(names, options, lineColorsFor(names));
    const steps = data.reduce((n, { steps }) => Math.max(n, steps.length), 0);
    const height = 68 + Math.min(480, Math.max(200, steps * 36));
    return {
      ...options,
      color,
      height: options.height ?? height * data.length,
      steps: options.steps ?? (data.length > 1 ? commonSteps(data) : undefined),
    };
  },
  plots: (data, options) => [[
    lifelinesPlot(withSteps(data, options.steps), options),
  ]],
  title: () => "Spans through their steps",
  caption: ({ lines, drawn }, { slowest = 3 }) =>
    lifelinesCaption(lines, drawn, { slowest }),
  legend: legendOf,
};

// However many facets there are.
const mostSegments = 4000;

const longestOf = (since: Float64Array) =>
  since.reduce((a, b) => Math.max(a, b), 0);

/** The plot of {@linkcode lifelines}, as one panel of a figure. */
function lifelinesPlot(
  { lines: data, drawn }: LifeDrawing,
  options: LifelinesOptions,
): Panel {
  const { steps, length } = data;
  const colors = new Map(
    legendOfNames(data.series.names, options.color)
      .map(({ label, color }) => [label, color]),
  );
  return frame(options, {
    x: (asked, pixels) => ({
      ...durationAxis(asked ?? [0, longestOf(data.since) || 1], {
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
      marks: marksOfLifelines(data, drawn, {
        ...{ clip, colors, slowest: options.slowest },
        domain: givenDomain(options.x),
      }),
    }),
    tips: () => tipsOf(data, options.slowest),
    empty: length ? undefined : noRows,
  });
}

function legendOf(
  data: readonly LifeDrawing[],
  { color, slowest = 3 }: LifelinesOptions,
): LegendEntry[] | undefined {
  const names = new Set(data.flatMap(({ lines }) => lines.series.names));
  const isBundled = data.some(({ drawn }) => drawn.binSeconds);
  const highest = data.flatMap(({ drawn }) => drawn.segments)
    .reduce((most, { count }) => Math.max(most, count), 0);
  const slow = slowest > 0
    ? [{
      label: "slowest",
      color: slowColor(names.size > 1),
      shape: "line" as const,
    }]
    : [];
  if (names.size > 1) {
    return [...legendOfNames(names, color, "line"), ...slow];
  }
  const bundles = isBundled
    ? levels.filter(({ from }) => from <= highest).map(({ from, color }, i) => {
      const next = levels[i + 1]?.from;
      const upTo = from === 1
        ? "1 span"
        : next
        ? `${number(from)} to ${number(next - 1)}`
        : `${number(from)} and more`;
      return { label: upTo, color, shape: "line" as const };
    })
    : [{ label: "a span", color: levels[2].color, shape: "line" as const }];
  const median = { label: "median", color: style.ink, shape: "line" as const };
  return [...bundles, median, ...slow];
}

const number = (value: number) => value.toLocaleString("en-US");

function tipsOf(data: Lifelines, slowest = 3) {
  const { steps, since, step, spans } = data;
  return [
    ...steps.entries().filter(([, { count }]) => count > 0).map((
      [n, { name, median, count }],
    ) => ({
      ...{ x: median, y: n + 0.5 },
      text: `${name}: median ${formatDuration(median)}\n` +
        `${count.toLocaleString("en-US")} spans`,
    })),
    // With few lines, each can be asked for its name.
    ...slowestSpans(data, spans.length <= 300 ? 300 : slowest)
      .flatMap(({ span, places }) =>
        places.map((k) => ({
          ...{ x: since[k]!, y: step[k]! + 0.5 },
          text: `${spans[span]}\n${steps[step[k]!]!.name} after ` +
            formatDuration(since[k]!),
        }))
      ).slice(0, 1500),
  ];
}
