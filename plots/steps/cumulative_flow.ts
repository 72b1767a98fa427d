import { countAxis } from "../axes/number_axes.ts";
import {
  type TimeAxisOptions,
  timeAxisOver,
  tipTimes,
} from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import {
  count,
  counted,
  notes,
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
import { type StepChannels, stepRows } from "../rows/step_rows.ts";
import { type ArrivalOptions, type Arrivals, arrivalsAt } from "./arrivals.ts";

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
        title: "Cumulative flow",
        color,
        legend: legendOfNames(inFlow.keys(), color).map((entry) => ({
          ...entry,
          shape: inFlow.get(entry.label) ? "square" : "line",
        })),
        facets: all.map((arrivals) => {
          const { domain, steps } = arrivals;
          const highest = Math.max(1, ...steps.map(({ spans }) => spans));
          // Each step from the next step of the flow up to itself.
          const values = arrivals.arrivals.map((
            { time, until, step: series, count: value, below: y1 },
          ): StackedStep => ({
            ...{ time, until, series, value, y1, y2: value },
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
                    label: "spans that have reached the step",
                  }),
                zero: "y",
                draw: ({ clip }) => ({ marks: marksOf(steps, values, clip) }),
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

function marksOf(
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
    `${count(spans)} ${i ? "" : "reached "}${step}`
  );
  if (steps.length > 8) named.push(`and ${steps.length - 8} more steps`);
  return sentences(
    `${counted(spans, "span")}${named.length ? ": " : ""}${named.join(", ")}.`,
    widest &&
      `At most ${count(widest.spans)} at one moment between ${widest.from} ` +
        `and ${widest.to}.`,
    columnSeconds !== undefined &&
      `Counts are at the end of each ${formatDuration(columnSeconds)}.`,
    notes([left, "more step", "not drawn"]),
    leftOut,
  );
}
