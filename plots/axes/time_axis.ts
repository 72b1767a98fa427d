// @ts-types="npm:@types/d3-time@3.0.4"
import { utcTicks } from "d3-time";
// @ts-types="npm:@types/d3-time-format@4.0.3"
import { utcFormat } from "d3-time-format";
import type { Axis, AxisOptions } from "./axis.ts";
import { unitAxis } from "./unit_axis.ts";
import { unitFor } from "./units.ts";

/** What a time axis is made for. */
export interface TimeAxisOptions extends AxisOptions {
  /**
   * Time of day and date in UTC, in place of the time since the start. If not
   * given, where the data cover more than four days.
   */
  clock?: boolean | undefined;
}

/**
 * An axis for times in Unix seconds: the time since the first of them, or the
 * clock. Times of another origin (the first is before 1973) are counted from
 * zero.
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
  { pixels = 640, label, clock }: TimeAxisOptions = {},
): Axis {
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
  const text = `${label ?? "time"}${since} (${unit.name})`;
  return unitAxis(domain, unit, isUnix ? start : 0, text, pixels);
}

/** A stretch of time that can be drawn. */
export function atLeastASecond(
  [first, last]: readonly [number, number],
): [number, number] {
  return [first, last > first ? last : first + 1];
}

/** Whether times count from 1970, and not from the start of something. */
export const isUnixTime = (domain: readonly [number, number]): boolean =>
  domain[0] > 1e8 && areDates(domain);

// No calendar goes further; nanoseconds taken for seconds do.
const areDates = (domain: readonly [number, number]): boolean =>
  domain.every((time) => Math.abs(time) <= 8.64e12);

// Steps of round moments are far apart: years are too many, and 5 years too few.
function roundMoments(start: number, end: number, pixels: number): Date[] {
  const most = Math.max(2, pixels / 65);
  const [from, to] = [new Date(start * 1000), new Date(end * 1000)];
  for (let wanted = most;; wanted *= 0.7) {
    const moments = utcTicks(from, to, wanted);
    if (moments.length <= most + 1 || wanted < 1) return moments;
  }
}

const second = utcFormat("%H:%M:%S");
const minute = utcFormat("%H:%M");
const day = utcFormat("%b %-d");
const month = utcFormat("%b %Y");

/** The coarsest text that still tells a round moment: a day, a minute. */
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
