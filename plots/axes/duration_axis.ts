// @ts-types="npm:@types/d3-array@3.2.2"
import { range, ticks as niceTicks } from "d3-array";
import { style, textWidth } from "../drawing/style.ts";
import { checkOptions } from "../../display/text/mistakes.ts";
import {
  type Axis,
  axisOptionNames,
  type AxisOptions,
  linearAxis,
} from "./axis.ts";
import { formatNumber, unitFor, units } from "./units.ts";

/**
 * An axis for durations in seconds, labelled in the unit that fits, from
 * microseconds to days. Goes into Plot as the options of a scale; data and
 * marks stay in seconds.
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
  options: AxisOptions = {},
): Axis {
  checkOptions("durationAxis", options, axisOptionNames);
  const { pixels = 640, label = "duration" } = options;
  const unit = unitFor(Math.max(Math.abs(domain[0]), Math.abs(domain[1])));
  return linearAxis(domain, {
    unit: unit.seconds,
    pixels,
    spacing: 70,
    label: `${label} (${unit.name})`,
  });
}

/** Options of a logarithmic axis of durations. */
export interface LogDurationAxisOptions extends AxisOptions {
  /** Strip of the axis for zero and below, as `[from, to]`. */
  strip?: readonly [number, number] | undefined;
}

/**
 * A logarithmic axis for durations in seconds. Its ticks are 1 ms, 10 ms, …, 1 s,
 * 10 s, 1 min, …, each with its unit. Goes into Plot as the options of a scale;
 * data and marks stay in seconds.
 *
 * @param domain least and greatest duration, both above 0
 *
 * @example
 * ```ts
 * import { logDurationAxis } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { ticks, tickFormat } = logDurationAxis([0.001, 60]);
 * assert.deepEqual(ticks.map(tickFormat).slice(0, 2), ["1 ms", "10 ms"]);
 * assert.equal(tickFormat(60), "1 min");
 * ```
 */
export function logDurationAxis(
  domain: readonly [number, number],
  options: LogDurationAxisOptions = {},
): Axis {
  checkOptions("logDurationAxis", options, { strip: true, ...axisOptionNames });
  const { pixels = 640, label = "duration", strip } = options;
  const [low, high] = domain;
  const least = strip ? strip[1] : low;
  const perPixel = Math.log(high / low) / pixels;
  // Room for labels side by side on an x axis, more than a y axis needs.
  const gap = pixels < 400 ? 4 : 12;
  const room = (value: number, previous: number) =>
    perPixel * (gap + (labelWidth(value) + labelWidth(previous)) / 2);
  const middle = strip && Math.sqrt(strip[0] * strip[1]);
  // The strip has its own tick, which needs room too.
  const ticks = ticksWithin(least, high, room).filter((value) =>
    middle === undefined || Math.log(value / middle) > room(value, middle)
  );
  return {
    type: "log",
    base: noBase,
    domain: [low, high],
    ticks: middle === undefined ? ticks : [middle, ...ticks],
    tickFormat: (value) =>
      strip && value < strip[1] ? "≤ 0" : formatTick(value),
    label: `${label} (logarithmic)`,
  };
}

// d3 leaves out the text of ticks far from a power of the base, such as one
// minute. With a base this large and not whole, no tick is.
const noBase = 1e12 + 0.5;

const labelWidth = (value: number) =>
  textWidth(formatTick(value), style.textSize);

/** The finest set of ticks that have room beside each other, in e-folds. */
function ticksWithin(
  low: number,
  high: number,
  room: (value: number, previous: number) => number,
): number[] {
  const within = (values: number[]) =>
    values.filter((value) =>
      value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
    );
  const fits = (values: number[]) =>
    values.every((value, i) =>
      i === 0 || Math.log(value / values[i - 1]!) >= room(value, values[i - 1]!)
    );
  const fine = within(roundDurations([1, 2, 5]));
  const coarse = within(roundDurations([1]));
  const even = fine.length < 2
    ? niceTicks(low, high, 5).filter((value) => value > 0)
    : [];
  return [
    even,
    fine,
    ...coarse.keys().map((k) => coarse.filter((_, i) => i % (k + 1) === 0)),
    fine.slice(0, 1),
    even.slice(0, 1),
  ].find((values) => values.length > 0 && fits(values)) ?? [];
}

/** Round numbers of each unit, not too close below the next unit. */
function roundDurations(factors: readonly number[]): number[] {
  return units.flatMap(({ seconds, powers: [from, to] }, i) => {
    const next = units[i + 1]?.seconds ?? Infinity;
    const room = factors.length > 1 ? 2 : 3;
    return range(from, to + 1)
      .flatMap((power) => factors.map((factor) => factor * 10 ** power))
      // 1 / 1000 is 0.001; 1 * 1e-3 may not be.
      .map((n) => seconds < 1 ? n / Math.round(1 / seconds) : n * seconds)
      .filter((value) => value < 1 ? value < next * 0.9 : value * room <= next);
  });
}

/** A tick in the largest unit that fits into it: "1 min", not "60 s". */
function formatTick(value: number): string {
  const unit = units.findLast(({ seconds }) => value >= seconds * 0.999999) ??
    units[0];
  return `${formatNumber(value / unit.seconds)} ${unit.name}`
    .replace(/^1 days$/, "1 day");
}
