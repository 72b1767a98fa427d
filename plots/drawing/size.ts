import { mistake } from "../../display/text/mistakes.ts";
import { style } from "./style.ts";

/** A length: pixels, or a number with its unit, such as "85mm". */
export type Length = number | `${number}${"px" | "pt" | "in" | "cm" | "mm"}`;

// As in CSS: an inch has 96 pixels.
const pixelsPer = { px: 1, pt: 96 / 72, in: 96, cm: 96 / 2.54, mm: 96 / 25.4 };

/** The options that say how large a chart is. */
export interface SizeOptions {
  /**
   * Width of the chart, such as `"85mm"` for a column of a paper. By default 760
   * pixels in a file, and the width of the cell in a notebook.
   */
  width?: Length | undefined;
  /**
   * Size of the text of axes, such as `"8pt"`; by default 11 pixels. The rest of
   * the chart scales with it, the `height` of its plots too.
   */
  fontSize?: Length | undefined;
}

/** Width of a chart in pixels, unless the user gives one. */
export const defaultWidth = 760;

/**
 * The size of a chart: `width` is that of its layout, in pixels of the layout, of
 * which each is `scale` pixels of the chart.
 *
 * @throws {RangeError} if a length is not above 0
 * @throws {TypeError} if one is in another unit
 */
export function chartSize(
  { width = defaultWidth, fontSize = style.textSize }: SizeOptions,
): { width: number; scale: number } {
  const scale = pixelsIn(fontSize, "fontSize") / style.textSize;
  const pixels = pixelsIn(width, "width") / scale;
  return { width: Math.round(pixels * 100) / 100, scale };
}

/** Writes pixels of the layout in the unit of the given width. */
export function lengthIn(pixels: number, { width }: SizeOptions): string {
  const unit = typeof width === "string" ? unitOf(width) : undefined;
  const value = unit ? pixels / pixelsPer[unit] : pixels;
  return `${Math.round(value * 1000) / 1000}${unit ?? ""}`;
}

function pixelsIn(length: Length, name: string): number {
  const unit = typeof length === "string" ? unitOf(length) : "px";
  const value = typeof length === "string" ? parseFloat(length) : length;
  if (!unit || typeof value !== "number" || Number.isNaN(value)) {
    throw mistake(
      `${name} is a number of pixels, or one with its unit such as "85mm" ` +
        `(${Object.keys(pixelsPer).join(", ")}), not ${JSON.stringify(length)}`,
    );
  }
  const pixels = value * pixelsPer[unit];
  if (!(pixels > 0 && pixels <= 100_000)) {
    throw new RangeError(`${name} must be above 0, not ${length}`);
  }
  return pixels;
}

function unitOf(length: string): keyof typeof pixelsPer | undefined {
  const unit = /^\s*(?:\d+(?:\.\d*)?|\.\d+)\s*([a-z]+)\s*$/.exec(length)?.[1] ??
    "";
  return Object.hasOwn(pixelsPer, unit)
    ? unit as keyof typeof pixelsPer
    : undefined;
}
