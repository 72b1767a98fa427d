import defer * as Plot from "@observablehq/plot";
import { type TimeAxisOptions, timeAxisOver } from "../axes/time_axis.ts";
import type { FacetData, Size } from "../chart/chart_kind.ts";
import type { Domain } from "../chart/facets.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish, Panel, Tip } from "../chart/plot_types.ts";
import { givenDomain } from "../drawing/merge.ts";
import { style } from "../drawing/style.ts";
import { extentOf } from "../rows/grid.ts";
import {
  type DurationScale,
  durationScale,
  withinScale,
} from "./duration_scale.ts";
import {
  type DurationData,
  durationLabel,
  type DurationOptions,
} from "./duration_view.ts";
import type { Durations } from "./durations.ts";

/** Options of a chart of durations over time. */
export interface DurationTimeOptions
  extends DurationOptions, Pick<TimeAxisOptions, "clock"> {}

/** From the first start to the last, in the longest of the facets. */
export const longestTime = (sets: readonly Durations[]) =>
  Math.max(
    ...sets.map(({ start }) => {
      const [first, last] = extentOf(start);
      return last - first;
    }),
  );

/** Extent of a chart over time: durations are read against zero. */
export function timeExtent(
  { durations: { start, duration, length }, logRange }: DurationData,
): FacetData["extent"] {
  if (length === 0) return {};
  const [min, max] = extentOf(duration);
  return {
    x: extentOf(start),
    ...(logRange ? {} : { y: [Math.min(0, min), Math.max(0, max)] }),
    isTime: true,
  };
}

/**
 * A plot of durations over time. Bins may cover more than the rows do: `covers`
 * are their ends.
 */
export function durationTimePlot(
  data: DurationData,
  options: DurationTimeOptions & Size,
  marks: (clip: boolean, scale: DurationScale) => Markish[],
  { covers = {}, tips }: {
    covers?: { x?: Domain | undefined; y?: Domain | undefined };
    tips?: () => Tip[];
  } = {},
): Panel {
  const { durations, logRange } = data;
  const { width, clock } = options;
  const [min, max] = extentOf(durations.duration);
  const highest = max > 0 ? max : min < 0 ? 0 : 1;
  const scale = durationScale(
    covers.y ??
      (logRange ? [logRange.min, logRange.max] : [Math.min(0, min), highest]),
    logRange,
    givenDomain(options.y),
  );
  return frame({ ...options, ...withinScale("y", options, scale) }, {
    x: timeAxisOver(covers.x ?? extentOf(durations.start), {
      clock,
      isAligned: durations.aligned,
    }),
    y: (_, pixels) =>
      scale.axis({ pixels, label: durationLabel(durations, options, width) }),
    zero: logRange ? undefined : "y",
    draw: ({ clip }) => ({
      marks: [
        ...(scale.strip
          ? [Plot.ruleY([scale.strip[1]], { stroke: style.grid })]
          : []),
        ...marks(clip, scale),
      ],
    }),
    ...(tips && { tips }),
    empty: durations.length ? undefined : noRows,
  });
}
