import type { HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { givenDomain } from "../drawing/merge.ts";
import {
  durationCaption,
  durationTitle,
  type EventNames,
} from "./duration_words.ts";
import { type DurationScaleOptions, withFacets } from "./duration_scale.ts";
import { withSeriesColors } from "./duration_series.ts";
import { alignSeries } from "../rows/series.ts";
import { extentOf } from "./duration_cells.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/** What all charts of durations have in common; durations are across. */
export const durationKind: Pick<
  OldChartKind<
    Durations,
    DurationChannels & EventNames & DurationScaleOptions & HelperOptions
  >,
  "read" | "share" | "extent" | "title" | "caption"
> = {
  read: durationsOf,
  share: (data, options) => withSeriesColors(data, withFacets(data, options)),
  title: durationTitle,
  extent: ({ duration, length }, { log }) =>
    length && !log ? { x: extentOf(duration) } : {},
  caption: (durations, { x, log }) =>
    durationCaption(durations, givenDomain(x), log),
};

/** The same where time is across, and durations are upright. */
export const durationOverTimeKind: typeof durationKind = {
  ...durationKind,
  read(rows, options) {
    const durations = durationsOf(rows, options);
    if (!durations.series) return durations;
    // The rows may be the user's own: what is shifted is a copy.
    const start = durations.start.slice();
    const isAligned = alignSeries(start, durations.series, options.alignStart);
    return isAligned ? { ...durations, start, aligned: true } : durations;
  },
  extent({ start, duration, length }, { log }) {
    if (length === 0) return {};
    if (log) return { x: extentOf(start), isTime: true };
    const [shortest, longest] = extentOf(duration);
    return {
      x: extentOf(start),
      y: [Math.min(0, shortest), Math.max(0, longest)],
      isTime: true,
    };
  },
  caption: (durations, { y, log }) =>
    durationCaption(durations, givenDomain(y), log),
};
