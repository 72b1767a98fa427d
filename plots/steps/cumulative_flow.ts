import defer * as Plot from "@observablehq/plot";
import { countAxis } from "../axes/count_axis.ts";
import { timeAxis, type TimeAxisOptions } from "../axes/time_axis.ts";
import { timeWords } from "../axes/time_words.ts";
import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { compactStepLines } from "../drawing/compact.ts";
import { noRows } from "../drawing/empty_mark.ts";
import { areaMarks, stepTips } from "../chart/series_marks.ts";
import { style } from "../drawing/style.ts";
import { frame } from "../chart/frame.ts";
import type { Markish } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import type { StepChannels } from "../rows/step_channels.ts";
import {
  type ArrivalOptions,
  type Arrivals,
  arrivalsOf,
  stepChanges,
} from "./arrivals.ts";
import type { StackedStep } from "../counts/series_steps.ts";
import { counted, rowsLeftOut } from "../chart/words.ts";
import { scaledNames } from "../drawing/color_channel.ts";

/** What {@linkcode cumulativeFlow} takes beside its rows. */
export interface CumulativeFlowOptions
  extends
    Omit<StepChannels, "series">,
    ArrivalOptions,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {}

/**
 * A cumulative flow diagram: how many spans have come to each step, over time;
 * a line for each step, and below it the colour of the step down to the next
 * line. What lies between two lines is between the two steps: across, about how
 * long a span is on the way from one to the other; upright, how many are on the
 * way, the length of the queue. Lines that run apart are a step that does not
 * keep up; a line that is flat is a step that stands still.
 *
 * One row for each step that a span comes to: the span, the time in seconds,
 * the step; as `statesOverTime()` and `eventsOf()` give them, or named. A span
 * counts once at each step, when it came first. A step that only some spans take
 * (failed, and done) is a line alone, with no colour below it, where it crosses
 * others; `steps` names those that are wanted.
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
 * assert.match(chart.caption, /^2 spans: 2 came to launched, 1 to done/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function cumulativeFlow(
  rows: Rows,
  options: CumulativeFlowOptions = {},
): Chart {
  return chartOf(cumulativeFlowKind, rows, options);
}

const cumulativeFlowKind: OldChartKind<Arrivals, CumulativeFlowOptions> = {
  height: 340,
  read(rows, options) {
    const changes = stepChanges(rows as Rows, options);
    const areas = Math.min(21, options.steps?.length ?? changes.states.length);
    const fitting = Math.floor(mostEdges * options.part / (areas || 1));
    return arrivalsOf(changes, {
      columns: Math.max(30, Math.min(640, fitting)),
      ...options,
    });
  },
  extent: (arrivals) =>
    arrivals.arrivals.length
      ? { x: arrivals.domain, y: [0, highestOf(arrivals)], isTime: true }
      : {},
  share: (all, options) => ({
    ...options,
    color: colorScale(
      new Set(all.flatMap(({ steps }) => steps.map(({ step }) => step))),
      options,
    ),
  }),
  plots: (data, options) => [[
    frame(options, {
      x: (asked, pixels) =>
        timeAxis(asked ?? data.domain, { pixels, clock: options.clock }),
      y: (asked, pixels) =>
        countAxis(asked?.[1] ?? highestOf(data), {
          pixels,
          label: "spans that have come to the step",
        }),
      zero: "y",
      draw: ({ clip }) => ({ marks: cumulativeFlowMarks(data, { clip }) }),
      tips: () =>
        stepTips(
          areasOf(data).toReversed(),
          timeWords(data.domain, undefined, options.clock),
        ),
      empty: data.arrivals.length ? undefined : noRows,
    }),
  ]],
  title: () => "Cumulative flow",
  caption: captionOf,
  legend(all, { color }) {
    const inFlow = new Map<string, boolean>();
    for (const { step, inFlow: isIn } of all.flatMap(({ steps }) => steps)) {
      inFlow.set(step, isIn || (inFlow.get(step) ?? false));
    }
    return legendOfNames(inFlow.keys(), color).map((entry) => ({
      ...entry,
      shape: inFlow.get(entry.label) ? "square" : "line",
    }));
  },
};

// An area and a line for each step.
const mostEdges = 5000;

/**
 * A cumulative flow diagram as marks for `Plot.plot`. Takes what
 * {@linkcode arrivalsOf} gives; the steps are on the color scale. With `clip`,
 * what is beyond the frame is cut off.
 *
 * @example
 * ```ts
 * import { arrivalsOf, cumulativeFlowMarks, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const arrivals = arrivalsOf([[1, 0, "sent"], [1, 2, "done"]]);
 * const chart = plot({
 *   y: { label: "spans" },
 *   marks: [...cumulativeFlowMarks(arrivals), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("spans"));
 * ```
 */
export function cumulativeFlowMarks(
  data: Arrivals,
  { clip = false }: { clip?: boolean } = {},
): Markish[] {
  const flow = new Set(
    data.steps.filter(({ inFlow }) => inFlow).map(({ step }) => step),
  );
  const [areas, others] = [true, false].map((inFlow) =>
    areasOf(data).filter(({ series }) => flow.has(series) === inFlow)
  ) as [StackedStep[], StackedStep[]];
  const line = (
    rows: readonly StackedStep[],
    width: number,
    color?: string,
  ) =>
    Plot.ruleY(rows, {
      x1: "time",
      x2: "until",
      y: "value",
      stroke: color
        ? { value: rows.map(() => color), scale: null } as never
        : scaledNames("series"),
      clip,
      render: compactStepLines(width),
    });
  return [
    ...areaMarks(areas, { clip }),
    // The colours of some states are pale beside each other.
    ...(areas.length ? [line(areas, 0.75, style.mutedInk)] : []),
    ...(others.length
      ? [line(others, 3.5, style.background), line(others, 1.75)]
      : []),
  ];
}

const areasOf = ({ arrivals }: Arrivals): StackedStep[] =>
  arrivals.map(({ time, until, step, count, below }) => ({
    ...{ time, until, series: step, value: count, y1: below, y2: count },
    ...{ minimum: count, maximum: count },
  }));

const highestOf = ({ steps }: Arrivals) =>
  Math.max(1, ...steps.map(({ spans }) => spans));

function captionOf(
  arrivals: Arrivals,
): string {
  const { steps, spans, widest, left, columnSeconds } = arrivals;
  const leftOut = rowsLeftOut(arrivals);
  if (spans === 0 && leftOut.length === 0) return "No rows.";
  const named = steps.slice(0, 8).map(({ step, spans }, i) =>
    `${spans.toLocaleString("en-US")} ${i ? "to" : "came to"} ${step}`
  );
  if (steps.length > 8) named.push(`and to ${steps.length - 8} more steps`);
  const parts = [
    `${counted(spans, "span")}${named.length ? ": " : ""}${named.join(", ")}.`,
  ];
  if (widest) {
    const { from, to, spans } = widest;
    parts.push(
      `At most ${
        spans.toLocaleString("en-US")
      } at one moment between ${from} and ${to}.`,
    );
  }
  if (columnSeconds !== undefined) {
    parts.push(
      `Counts are those at the end of each ${formatDuration(columnSeconds)}.`,
    );
  }
  if (left) parts.push(`${counted(left, "more step")} not drawn.`);
  return [...parts, ...leftOut].join(" ");
}
