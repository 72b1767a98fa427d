// @ts-types="npm:@types/d3-array@3.2.2"
import { ticks as niceTicks, tickStep } from "d3-array";
// @ts-types="npm:@types/d3-time@3.0.4"
import { utcTicks } from "d3-time";
// @ts-types="npm:@types/d3-time-format@4.0.3"
import { utcFormat } from "d3-time-format";
import type { ScaleOptions } from "../plot_types.ts";
import { type Unit, unitFor } from "./units.ts";

/** What an axis is made for. */
export interface AxisOptions {
  /** How wide the axis is, in pixels: it decides how many ticks fit. */
  pixels?: number;
  /** What the axis counts; its unit is added. */
  label?: string;
}

/** What a time axis is made for. */
export interface TimeAxisOptions extends AxisOptions {
  /**
   * Time of day and date in UTC, in place of the time since the start. If not
   * given, where the data cover more than four days.
   */
  clock?: boolean | undefined;
}

/**
 * An axis for durations in seconds, read in the unit that fits, from
 * microseconds to days. Goes into Plot as the options of a scale; data and
 * other marks stay in seconds.
 *
 * @example
 * ```ts
 * import { durationAxis } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { label, ticks, tickFormat } = durationAxis([0, 0.02]);
 * assert.equal(label, "duration (ms)");
 * assert.equal(tickFormat(ticks[1]!), "2");
 * ```
 */
export function durationAxis(
  domain: readonly [number, number],
  { pixels = 640, label = "duration" }: AxisOptions = {},
): Axis {
  const unit = unitFor(Math.max(Math.abs(domain[0]), Math.abs(domain[1])));
  return unitAxis(domain, unit, 0, `${label} (${unit.name})`, pixels);
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
  const isUnix = start > 1e8;
  if (clock ?? (isUnix && end - start > 4 * 86_400)) {
    const moments = utcTicks(
      new Date(start * 1000),
      new Date(end * 1000),
      Math.max(2, pixels / 65),
    );
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

/**
 * An axis for counts, from zero: its ticks are whole numbers.
 *
 * @example
 * ```ts
 * import { countAxis } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { domain, ticks } = countAxis(2, { label: "tasks" });
 * assert.deepEqual(domain, [0, 2]);
 * assert.deepEqual(ticks, [0, 1, 2]);
 * ```
 */
export function countAxis(
  highest: number,
  { pixels = 320, label = "count" }: AxisOptions = {},
): Axis {
  const most = Math.max(1, highest);
  return {
    domain: [0, most],
    ticks: niceTicks(0, most, Math.max(2, pixels / 45))
      .filter(Number.isInteger),
    tickFormat: (count) => count.toLocaleString("en-US"),
    label,
  };
}

/** Options of a Plot scale, with ticks given in the data's own seconds. */
export interface Axis extends ScaleOptions {
  /** Where the axis starts and ends. */
  domain: [number, number];
  /** Where there are ticks. */
  ticks: number[];
  /** The text of a tick, in the axis's unit. */
  tickFormat: (value: number) => string;
  /** What the axis shows, with its unit. */
  label: string;
}

function unitAxis(
  [low, high]: readonly [number, number],
  unit: Unit,
  origin: number,
  label: string,
  pixels: number,
): Axis {
  const from = (low - origin) / unit.seconds;
  const to = (high - origin) / unit.seconds;
  const wanted = Math.max(2, pixels / 70);
  const decimals = Math.max(
    0,
    -Math.floor(Math.log10(Math.abs(tickStep(from, to, wanted)) || 1)),
  );
  return {
    domain: [low, high],
    ticks: niceTicks(from, to, wanted)
      .map((value) => origin + value * unit.seconds),
    tickFormat: (value) =>
      ((value - origin) / unit.seconds).toLocaleString("en-US", {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).replace(/^-(?=[0.]*$)/, "").replace("-", "\u2212"),
    label,
  };
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
