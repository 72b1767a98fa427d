import { cutText } from "../drawing/text.ts";
import { style } from "../drawing/style.ts";
import type { Axis } from "./axis.ts";
import { countAxis } from "./count_axis.ts";

/** What an axis of lines is made for. */
export interface LinesAxisOptions {
  /** How many rows there are; a line may have several. */
  rows: number;
  /** How long the axis is, in pixels. */
  pixels?: number | undefined;
  /** What the lines are. */
  label?: string | undefined;
}

/**
 * An axis of lines that lie one below the other, counted in rows from the top.
 * Each has its name beside it, or every second, fifth, tenth, or if there are
 * more than pixels, numbers.
 */
export function linesAxis(
  lines: readonly { name: string; row: number; lanes: number }[],
  { rows, pixels = 320, label = "" }: LinesAxisOptions,
): Axis {
  const domain: [number, number] = [Math.max(1, rows), 0];
  if (rows > pixels) {
    // Between groups there are rows without a line.
    const { ticks, tickFormat } = countAxis(lines.length, { pixels });
    const numbers = new Map(
      ticks.map((n) => [lines[n]?.row ?? rows, tickFormat(n)]),
    );
    return {
      domain,
      ticks: [...numbers.keys()],
      tickFormat: (row) => numbers.get(row) ?? "",
      label,
    };
  }
  const room = style.textSize + 2;
  const names = new Map<number, string>();
  let free = -Infinity;
  for (const { name, row, lanes } of lines) {
    const middle = row + lanes / 2;
    const place = middle / Math.max(1, rows) * pixels;
    if (place < free) continue;
    names.set(middle, cutText(name, style.textSize, 180));
    free = place + room - 0.5;
  }
  return {
    domain,
    ticks: [...names.keys()],
    tickFormat: (place) => names.get(place) ?? "",
    label,
  };
}
