import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel } from "../chart/plot_types.ts";
import {
  atLeastASecond,
  timeAxis,
  type TimeAxisOptions,
} from "../axes/time_axis.ts";
import { defaultWidth } from "../chart/chart.ts";
import type { HelperOptions } from "../chart/chart_kind.ts";
import type { Extent } from "../chart/facets.ts";
import { noRows } from "../drawing/empty_mark.ts";
import { frame } from "../chart/frame.ts";
import {
  type DurationScale,
  durationScale,
  type DurationScaleOptions,
  type SharedByFacets,
  withinScale,
} from "./duration_scale.ts";
import { givenDomain } from "../drawing/merge.ts";
import { style } from "../drawing/style.ts";
import { extentOf } from "./duration_cells.ts";
import { logRange } from "./log_range.ts";
import { durationLabel, type EventNames } from "./duration_words.ts";
import type { Durations } from "./durations.ts";

/** What every plot of duration against time takes. */
type TimePlotOptions =
  & EventNames
  & DurationScaleOptions
  & Pick<TimeAxisOptions, "clock">
  & HelperOptions;

/**
 * A plot of duration against time, of marks that read both in seconds; bins may
 * cover more than the rows do.
 */
export function durationTimePlot(
  durations: Durations,
  options: TimePlotOptions & SharedByFacets,
  marks: (clip: boolean, scale: DurationScale) => Markish[],
  covers: Extent = {},
): Panel {
  const { width = defaultWidth, log } = options;
  const [shortest, longest] = extentOf(durations.duration);
  const highest = longest > 0 ? longest : shortest < 0 ? 0 : 1;
  const { least, most } = options.logRange ?? logRange([durations]);
  const scale = durationScale(
    covers.y ?? (log ? [least, most] : [Math.min(0, shortest), highest]),
    options,
    givenDomain(options.y),
  );
  return frame({ ...options, ...withinScale("y", options, scale) }, {
    x: (asked, pixels) =>
      timeAxis(asked ?? covers.x ?? atLeastASecond(extentOf(durations.start)), {
        pixels,
        clock: options.clock,
        ...(durations.aligned ? { label: "time since the start of each" } : {}),
      }),
    y: (_, pixels) =>
      scale.axis({ pixels, label: durationLabel(durations, options, width) }),
    zero: log ? undefined : "y",
    draw: ({ clip }) => ({
      marks: [
        ...(scale.strip
          ? [Plot.ruleY([scale.strip[1]], { stroke: style.grid })]
          : []),
        ...marks(clip, scale),
      ],
    }),
    empty: durations.length ? undefined : noRows,
  });
}
