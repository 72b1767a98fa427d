import { checkOptions } from "../../display/text/mistakes.ts";
import { cutText, style } from "../drawing/style.ts";
import {
  type Axis,
  axisOptionNames,
  type AxisOptions,
  type BandAxis,
} from "./axis.ts";
import { countAxis } from "./number_axes.ts";

/** Options of an axis of names. */
export interface BandAxisOptions extends AxisOptions {
  /** Maximum width of a name in pixels; longer ones are cut. 180 by default. */
  maxWidth?: number;
}

/**
 * An axis of names, such as workers, steps or runs, with a band each. If not
 * all names fit, it shows every second, fifth or tenth.
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
  options: BandAxisOptions = {},
): BandAxis {
  checkOptions("bandAxis", options, { maxWidth: true, ...axisOptionNames });
  const { pixels = 320, label = "", maxWidth = 180 } = options;
  const room = Math.max(1, Math.floor(pixels / (style.textSize + 2)));
  const every = everyNth(names.length / room);
  return {
    type: "band",
    domain: [...names],
    ticks: names.filter((_, i) => i % every === 0),
    tickFormat: (name) => cutText(name, style.textSize, maxWidth),
    label,
  };
}

/** The next of 1, 2, 5, 10, 20, 50, … */
function everyNth(min: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(min)));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= min) ?? power;
}

/**
 * An axis of lines one below the other, counted in rows from the top. Each line
 * has its name if there is room; more lines than pixels have numbers.
 */
export function linesAxis(
  lines: readonly { name: string; row: number; lanes: number }[],
  { rows, pixels = 320, label = "", maxWidth = 180 }:
    & BandAxisOptions
    & { rows: number },
): Axis {
  const height = Math.max(1, rows);
  const names = new Map<number, string>();
  if (rows > pixels) {
    const { ticks, tickFormat } = countAxis(lines.length, { pixels });
    // Rows between groups have no line.
    for (const n of ticks) names.set(lines[n]?.row ?? rows, tickFormat(n));
  } else {
    let free = -Infinity;
    for (const { name, row, lanes } of lines) {
      const middle = row + lanes / 2;
      const place = middle / height * pixels;
      if (place < free) continue;
      names.set(middle, cutText(name, style.textSize, Math.min(maxWidth, 180)));
      free = place + style.textSize + 1.5;
    }
  }
  return {
    domain: [height, 0],
    ticks: [...names.keys()],
    tickFormat: (row) => names.get(row) ?? "",
    label,
  };
}
