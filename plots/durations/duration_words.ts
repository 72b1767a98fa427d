import { style } from "../drawing/style.ts";
import { textWidth } from "../drawing/text.ts";
import type { Durations } from "./durations.ts";
import { statisticsOf } from "./statistics.ts";
import { formatDuration } from "../axes/units.ts";
import { seriesWords } from "./duration_series.ts";
import { counted, rowsWithoutTime } from "../chart/words.ts";

/** What the two events are called, in place of the names of their columns. */
export interface EventNames {
  /** What the first event is called. */
  from?: string | undefined;
  /** What the second event is called. */
  to?: string | undefined;
}

/** The title of a chart of durations: "launched → running". */
export function durationTitle(
  { startName, endName }: Durations,
  { from = startName, to = endName }: EventNames,
): string {
  return from && to ? `${from} → ${to}` : "Durations";
}

/** What an axis of durations counts: "from launched to running". */
export function durationLabel(
  { startName, endName }: Durations,
  { from = startName, to = endName }: EventNames,
  pixels: number,
): string {
  if (!from || !to) return "duration";
  const label = `duration from ${from} to ${to}`;
  // Behind it come the unit and the arrow.
  const room = pixels - 6 * style.textSize;
  return textWidth(label, style.textSize) <= room ? label : "duration";
}

/**
 * The numbers below a chart of durations, and what of the rows is not in it.
 */
export function durationCaption(
  durations: Durations,
  domain?: readonly [number, number],
  log = false,
): string {
  const { count, mean, median, percentile95, maximum } = statisticsOf(
    durations.duration,
  );
  const parts = count === 0 ? ["No rows with both times."] : [
    `${counted(count, "span")}: mean ${formatDuration(mean)}, ` +
    `median ${formatDuration(median)}, ` +
    `95 % ${formatDuration(percentile95)}, ` +
    `maximum ${formatDuration(maximum)}.`,
  ];
  parts.push(...seriesWords(durations));
  parts.push(...rowsWithoutTime(durations.withoutTime));
  if (durations.negative) {
    const { negative } = durations;
    parts.push(
      `${counted(negative, "duration is", "durations are")} negative.`,
    );
  }
  if (domain) {
    // By logarithm, what is not above zero has its strip beside an axis from 0.
    const low = log && domain[0] <= 0 ? -Infinity : domain[0];
    const outside = durations.duration
      .filter((value) => value < low || value > domain[1]).length;
    if (outside) {
      parts.push(
        `${counted(outside, "duration is", "durations are")} off the axis.`,
      );
    }
  }
  return parts.join(" ");
}
