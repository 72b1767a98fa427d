// @ts-types="npm:@types/d3-time@3.0.4"
import { utcTicks } from "d3-time";
// @ts-types="npm:@types/d3-time-format@4.0.3"
import { utcFormat } from "d3-time-format";
import { checkOptions } from "../../display/text/mistakes.ts";
import {
  type Axis,
  axisOptionNames,
  type AxisOptions,
  linearAxis,
} from "./axis.ts";
import { formatDuration, unitFor } from "./units.ts";

/** Options of a time axis. */
export interface TimeAxisOptions extends AxisOptions {
  /**
   * Whether ticks are dates and times of day in UTC, in place of the time since
   * the start. By default if the data cover more than four days.
   */
  clock?: boolean | undefined;
}

/**
 * An axis for times in Unix seconds, labelled with the time since the first, or
 * with the time of day. Times with another origin (if the first is before 1973)
 * count from 0.
 *
 * @example
 * ```ts
 * import { timeAxis } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { label, ticks, tickFormat } = timeAxis([1795344041, 1795344061]);
 * assert.equal(label, "time since 2026-11-22 10:40:41 UTC (s)");
 * assert.equal(tickFormat(ticks[1]!), "2");
 * ```
 */
export function timeAxis(
  domain: readonly [number, number],
  options: TimeAxisOptions = {},
): Axis {
  checkOptions("timeAxis", options, { clock: true, ...axisOptionNames });
  const { pixels = 640, label, clock } = options;
  const [start, end] = domain;
  const isUnix = isUnixTime(domain);
  if (areDates(domain) && (clock ?? (isUnix && end - start > 4 * 86_400))) {
    const moments = roundMoments(start, end, pixels);
    return {
      domain: [start, end],
      ticks: moments.map((date) => +date / 1000),
      tickFormat: (value) => clockFormat(new Date(value * 1000)),
      label: `${label ?? "time"} (UTC, ${dates(start, end)})`,
    };
  }
  const unit = unitFor(isUnix ? end - start : Math.max(-start, end));
  const since = isUnix ? ` since ${dateTime(start)} UTC` : "";
  return linearAxis(domain, {
    unit: unit.seconds,
    origin: isUnix ? start : 0,
    pixels,
    spacing: 70,
    label: `${label ?? "time"}${since} (${unit.name})`,
  });
}

/** A domain that can be drawn: at least a second long. */
export function atLeastASecond(
  [first, last]: readonly [number, number],
): [number, number] {
  return [first, last > first ? last : first + 1];
}

/** Whether times count from 1970, and not from the start of something. */
const isUnixTime = (domain: readonly [number, number]): boolean =>
  domain[0] > 1e8 && areDates(domain);

// The limit of Date, which nanoseconds taken for seconds exceed.
const areDates = (domain: readonly [number, number]): boolean =>
  domain.every((time) => Math.abs(time) <= 8.64e12);

// d3 knows no steps between years and 5 years: fewer ticks may be needed.
function roundMoments(start: number, end: number, pixels: number): Date[] {
  const max = Math.max(2, pixels / 65);
  const [from, to] = [new Date(start * 1000), new Date(end * 1000)];
  for (let wanted = max;; wanted *= 0.7) {
    const moments = utcTicks(from, to, wanted);
    if (moments.length <= max + 1 || wanted < 1) return moments;
  }
}

const second = utcFormat("%H:%M:%S");
const minute = utcFormat("%H:%M");
const day = utcFormat("%b %-d");
const month = utcFormat("%b %Y");

/** The shortest text that names a round moment: a day, a minute. */
function clockFormat(date: Date): string {
  if (+date % 60_000) return second(date);
  if (+date % 86_400_000) return minute(date);
  return date.getUTCDate() === 1 && date.getUTCMonth() === 0
    ? month(date)
    : day(date);
}

function dates(start: number, end: number): string {
  const [first, last] = [start, end].map((time) => dateTime(time).slice(0, 10));
  return first === last ? first! : `${first} to ${last}`;
}

/** A moment in UTC to the second: "2026-11-22 10:40:41". */
function dateTime(seconds: number): string {
  return utcFormat("%Y-%m-%d %H:%M:%S")(new Date(seconds * 1000));
}

/**
 * Makes the x axis of a plot over time: over the domain, unless the user asks for
 * another. `isAligned` says that each series counts from its own start; `grid`
 * draws lines at the ticks, for a high plot.
 */
export function timeAxisOver(
  domain: readonly [number, number],
  { clock, isAligned = false, grid = false }:
    & Pick<TimeAxisOptions, "clock">
    & { isAligned?: boolean | undefined; grid?: boolean },
): (asked: [number, number] | undefined, pixels: number) => Axis {
  return (asked, pixels) => ({
    ...timeAxis(asked ?? atLeastASecond(domain), {
      pixels,
      clock,
      ...(isAligned && { label: "time since the start of each" }),
    }),
    grid,
  });
}

/**
 * Writes times in tips: the time since the start or the clock, and the length of
 * time that a mean is over.
 */
export function tipTimes(
  domain: readonly [number, number],
  columnSeconds?: number,
  clock?: boolean,
): (time: number) => string {
  const [first] = domain;
  const isUnix = isUnixTime(domain);
  const over = columnSeconds === undefined
    ? ""
    : `, mean of ${formatDuration(columnSeconds)}`;
  const since = isUnix ? " after the start" : "";
  return (time) =>
    (isUnix && clock
      ? `${new Date(time * 1000).toISOString().slice(0, 19)}Z`
      : formatDuration(time - (isUnix ? first : 0)) + since) + over;
}
