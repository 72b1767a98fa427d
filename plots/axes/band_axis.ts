import { cutText } from "../drawing/text.ts";
import { style } from "../drawing/style.ts";
import type { AxisOptions, BandAxis } from "./axis.ts";

/** What an axis of names is made for. */
export interface BandAxisOptions extends AxisOptions {
  /** How wide a name may be, in pixels. 180 if not given. */
  widest?: number;
}

/**
 * An axis of names: workers, steps, runs. Each has a band; where they are too
 * many to be written, every second, fifth or tenth is.
 *
 * @example
 * ```ts
 * import { bandAxis } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { domain, ticks } = bandAxis(["a", "b"], { label: "worker" });
 * assert.deepEqual(domain, ["a", "b"]);
 * assert.deepEqual(ticks, ["a", "b"]);
 * ```
 */
export function bandAxis(
  names: readonly string[],
  { pixels = 320, label = "", widest = 180 }: BandAxisOptions = {},
): BandAxis {
  const room = Math.max(1, Math.floor(pixels / (style.textSize + 2)));
  const every = everyNth(names.length / room);
  return {
    type: "band",
    domain: [...names],
    ticks: names.filter((_, i) => i % every === 0),
    tickFormat: (name) => cutText(name, style.textSize, widest),
    label,
  };
}

/** The next of 1, 2, 5, 10, 20, 50, … */
function everyNth(least: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= least) ?? power;
}
