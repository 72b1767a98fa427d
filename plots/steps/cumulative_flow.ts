import { countAxis } from "../axes/number_axes.ts";
import {
  type TimeAxisOptions,
  timeAxisOver,
  tipTimes,
} from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import {
  type ChartKind,
  chartOf,
  type FacetData,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { areaMarks, stepLines, stepTips } from "../counts/series.ts";
import { style } from "../drawing/style.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import {
  type StepChannels,
  type StepRows,
  stepRows,
} from "../rows/step_rows.ts";
import { type ArrivalOptions, type Arrivals, arrivalsAt } from "./arrivals.ts";
import type { StackedStep } from "../counts/series.ts";
import { counted, rowsLeftOut } from "../chart/captions.ts";

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
  return chartOf(rows, options, cumulativeFlowKind);
}

interface FlowData extends FacetData, Arrivals {
  /** Areas and lines: each step from the next step of the flow up to itself. */
  values: StackedStep[];
  highest: number;
}

// An area and a line for each step, however many facets there are.
const maxEdges = 5000;

const cumulativeFlowKind: ChartKind<StepRows, FlowData, CumulativeFlowOptions> =
  {
    height: 340,
    read: (rows, options) =>
      stepRows(rows as Rows, { ...options, series: undefined }),
    derive(columns, options) {
      const facets = columns.map((read): FlowData => {
        const areas = Math.min(21, options.steps?.length ?? read.steps.length);
        const fitting = Math.floor(maxEdges / columns.length / (areas || 1));
        const arrivals = arrivalsAt(read, {
          columns: Math.max(30, Math.min(640, fitting)),
          ...options,
        });
        const highest = Math.max(
          1,
          ...arrivals.steps.map(({ spans }) => spans),
        );
        return {
          ...arrivals,
          highest,
          values: arrivals.arrivals.map((
            { time, until, step: series, count, below },
          ) => ({
            time,
            until,
            series,
            value: count,
            minimum: count,
            maximum: count,
            y1: below,
            y2: count,
          })),
          extent: arrivals.arrivals.length
            ? { x: arrivals.domain, y: [0, highest], isTime: true }
            : undefined,
        };
      });
      const inFlow = new Map<string, boolean>();
      for (const { step, inFlow: isIn } of facets.flatMap((f) => f.steps)) {
        inFlow.set(step, isIn || (inFlow.get(step) ?? false));
      }
      const color = colorScale([...inFlow.keys()], options);
      const legend = legendOfNames(inFlow.keys(), color).map((entry) => ({
        ...entry,
        shape: inFlow.get(entry.label) ? "square" as const : "line" as const,
      }));
      return { facets, title: "Cumulative flow", color, legend };
    },
    draw(data, options) {
      const { domain, highest, values } = data;
      const panel = frame(options, {
        x: timeAxisOver(domain, { clock: options.clock }),
        y: (asked, pixels) =>
          countAxis(asked?.[1] ?? highest, {
            pixels,
            label: "spans that have reached the step",
          }),
        zero: "y",
        draw: ({ clip }) => ({ marks: marksOf(data, clip) }),
        tips: () =>
          stepTips(
            values.toReversed(),
            tipTimes(domain, undefined, options.clock),
          ),
        empty: values.length ? undefined : noRows,
      });
      return { panels: [[panel]], caption: captionOf(data) };
    },
  };

function marksOf({ steps, values }: FlowData, clip: boolean): Markish[] {
  const flow = new Set(
    steps.filter(({ inFlow }) => inFlow).map(({ step }) => step),
  );
  const areas = values.filter(({ series }) => flow.has(series));
  const others = values.filter(({ series }) => !flow.has(series));
  return [
    ...areaMarks(areas, { clip }),
    // The colours of some states are pale beside each other.
    ...stepLines(areas, 0.75, { clip, color: style.mutedInk }),
    ...stepLines(others, 3.5, { clip, color: style.background }),
    ...stepLines(others, 1.75, { clip }),
  ];
}

function captionOf(arrivals: Arrivals): string {
  const { steps, spans, widest, left, columnSeconds } = arrivals;
  const leftOut = rowsLeftOut(arrivals);
  if (spans === 0 && leftOut.length === 0) return "No rows.";
  const named = steps.slice(0, 8).map(({ step, spans }, i) =>
    `${spans.toLocaleString("en-US")} ${i ? "" : "reached "}${step}`
  );
  if (steps.length > 8) named.push(`and ${steps.length - 8} more steps`);
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
      `Counts are at the end of each ${formatDuration(columnSeconds)}.`,
    );
  }
  if (left) parts.push(`${counted(left, "more step")} not drawn.`);
  return [...parts, ...leftOut].join(" ");
}
