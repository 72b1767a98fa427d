import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel } from "../chart/plot_types.ts";
import { countAxis } from "../axes/count_axis.ts";
import { timeAcross } from "../axes/time_across.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { HelperOptions } from "../chart/chart_kind.ts";
import type { Part } from "../chart/chart_kind.ts";
import { style } from "../drawing/style.ts";
import { frame } from "../chart/frame.ts";
import { thinLine } from "../rows/thin_line.ts";
import type { WorkerLives } from "./worker_lives.ts";
import { counted } from "../chart/words.ts";

const busyColor = "#0072b2";
/** The line of the workers that there are. */
export const thereColor = style.mutedInk;

/** How many workers were busy, and how many there were. */
export function busyStepsPlot(
  lives: WorkerLives,
  domain: [number, number],
  options: HelperOptions & Pick<TimeAxisOptions, "clock"> & Part,
): Panel {
  const { steps } = lives;
  const most = steps.there.reduce((a, b) => Math.max(a, b), 0);
  const x = { ...options.x, label: null };
  return frame({ ...options, x, y: undefined, marginBottom: 24, marks: [] }, {
    x: timeAcross(domain, options),
    y: (_, pixels) => countAxis(most, { pixels, label: "workers busy" }),
    zero: "y",
    draw: ({ clip }) => ({
      marks: busyStepsMarks(lives, {
        clip,
        columns: Math.ceil(320 * options.part),
      }),
    }),
    tips: () =>
      thinLine(steps.time, steps.busy, { columns: 200 * options.part })
        .map((i) => ({
          x: steps.time[i],
          x2: steps.time[i + 1] ?? steps.time[i],
          text: `${counted(steps.busy[i]!, "worker")} busy of ` +
            `${steps.there[i]!.toLocaleString("en-US")}\n` +
            `${formatDuration(steps.time[i]! - domain[0])} after the start`,
        })),
  });
}

/**
 * How many workers were busy over time, and how many there were, as marks for
 * `Plot.plot`. Takes what {@linkcode workerLives} gives. With `clip`, what is
 * beyond the frame is cut off.
 *
 * @example
 * ```ts
 * import { busyStepsMarks, plot, workerLives } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const lives = workerLives([["a", 0, 4], ["a", 6, 10]]);
 * const chart = plot({
 *   y: { label: "workers" },
 *   marks: [...busyStepsMarks(lives), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("workers"));
 * ```
 */
export function busyStepsMarks(
  { steps: { time, busy, there } }: WorkerLives,
  { clip = false, columns = 320 }: { clip?: boolean; columns?: number } = {},
): Markish[] {
  const points = (values: Float64Array) =>
    thinLine(time, values, { columns })
      .map((i) => [time[i]!, values[i]!]);
  const curve = "step-after" as const;
  return [
    Plot.areaY(points(busy), {
      ...{ x: "0", y: "1", curve, clip },
      ...{ fill: busyColor, fillOpacity: 0.35, stroke: busyColor },
    }),
    Plot.line(points(there), {
      ...{ curve, clip, stroke: thereColor, strokeWidth: 1.25 },
    }),
  ];
}
