import type { ChartKind, HelperOptions } from "./chart_kind.ts";
import { givenDomain } from "./drawing/merge.ts";
import {
  durationCaption,
  durationTitle,
  type EventNames,
} from "./duration_words.ts";
import { extentOf } from "./transforms/duration_cells.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./transforms/durations.ts";

/** What all charts of durations have in common; durations are across. */
export const durationKind: Pick<
  ChartKind<Durations, DurationChannels & EventNames & HelperOptions>,
  "read" | "extent" | "title" | "caption"
> = {
  read: durationsOf,
  title: durationTitle,
  extent: ({ duration, length }) => length ? { x: extentOf(duration) } : {},
  caption: (durations, { x }) => durationCaption(durations, givenDomain(x)),
};

/** The same where time is across, and durations are upright. */
export const durationOverTimeKind: typeof durationKind = {
  ...durationKind,
  extent({ start, duration, length }) {
    if (length === 0) return {};
    const [shortest, longest] = extentOf(duration);
    return {
      x: extentOf(start),
      y: [Math.min(0, shortest), Math.max(0, longest)],
      isTime: true,
    };
  },
  caption: (durations, { y }) => durationCaption(durations, givenDomain(y)),
};
