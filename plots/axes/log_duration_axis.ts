// @ts-types="npm:@types/d3-array@3.2.2"
import { ticks as niceTicks } from "d3-array";
import type { Axis, AxisOptions } from "./axis.ts";
import { formatNumber } from "./units.ts";

/** What a logarithmic axis of durations is made for. */
export interface LogDurationAxisOptions extends AxisOptions {
  /** A strip of the axis for what has no logarithm, as `[from, to]`. */
  strip?: readonly [number, number] | undefined;
}

/**
 * An axis for durations in seconds by their logarithm: its ticks are 1 ms,
 * 10 ms, …, 1 s, 10 s, 1 min, …, each with its unit. Goes into Plot as the
 * options of a scale; data and other marks stay in seconds.
 *
 * @param domain the least and the greatest duration, both above zero
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
  { pixels = 640, label = "duration", strip }: LogDurationAxisOptions = {},
): Axis {
  const [low, high] = domain;
  const least = strip ? strip[1] : low;
  const perPixel = Math.log(high / low) / pixels;
  // Room for "500 ms" across; upright it is more than is needed.
  const room = (pixels < 400 ? 34 : 48) * perPixel;
  const middle = strip && Math.sqrt(strip[0] * strip[1]);
  // The strip has its own tick, which needs room too.
  const ticks = ticksWithin(least, high, room).filter((value) =>
    middle === undefined || Math.log(value / middle) > room * 0.7
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

// A scale of d3 leaves out the text of ticks that are far from a power of its
// base, as one minute is. Of a base this large, and not whole, none is.
const noBase = 1e12 + 0.5;

/** The finest of several rows of ticks that has the room, in e-folds. */
function ticksWithin(low: number, high: number, room: number): number[] {
  const within = (values: number[]) =>
    values.filter((value) =>
      value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
    );
  const fits = (values: number[]) =>
    values.every((value, i) =>
      i === 0 || Math.log(value / values[i - 1]!) >= room
    );
  const fine = within(roundDurations([1, 2, 5]));
  if (fine.length < 2) {
    const few = niceTicks(low, high, 5).filter((value) => value > 0);
    return few.length && fits(few) ? few : fine.length ? fine : few.slice(0, 1);
  }
  if (fits(fine)) return fine;
  const coarse = within(roundDurations([1]));
  for (let every = 1; every < coarse.length; every++) {
    const some = coarse.filter((_, i) => i % every === 0);
    if (fits(some)) return some;
  }
  return coarse.length ? coarse.slice(0, 1) : fine.slice(0, 1);
}

// Each unit with the powers of ten of it that are ticks.
const units = [
  { name: "µs", seconds: 1e-6, powers: [-9, 2] },
  { name: "ms", seconds: 1e-3, powers: [0, 2] },
  { name: "s", seconds: 1, powers: [0, 1] },
  { name: "min", seconds: 60, powers: [0, 1] },
  { name: "h", seconds: 3600, powers: [0, 1] },
  { name: "days", seconds: 86_400, powers: [0, 12] },
] as const;

/** Round numbers of each unit; none too close below the next unit. */
function roundDurations(factors: readonly number[]): number[] {
  return units.flatMap(({ seconds, powers: [from, to] }, i) => {
    const next = units[i + 1]?.seconds ?? Infinity;
    const values: number[] = [];
    for (let power = from; power <= to; power++) {
      for (const factor of factors) {
        const count = factor * 10 ** power;
        // A division by a whole number gives 0.001, a product may not.
        values.push(
          seconds < 1 ? count / Math.round(1 / seconds) : count * seconds,
        );
      }
    }
    const room = factors.length > 1 ? 2 : 3;
    return values.filter((value) =>
      value < 1 ? value < next * 0.9 : value * room <= next
    );
  });
}

/** A tick in the largest unit that it has one of: "1 min", not "60 s". */
function formatTick(value: number): string {
  const unit = units.findLast(({ seconds }) => value >= seconds * 0.999999) ??
    units[0];
  return `${formatNumber(value / unit.seconds)} ${unit.name}`
    .replace(/^1 days$/, "1 day");
}
