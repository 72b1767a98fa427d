import { escapeMarkup } from "../../display/text/untrusted.ts";
import { cutText, style, textWidth } from "./style.ts";

/** One entry of a legend. */
export interface LegendEntry {
  /** Meaning of the colour. */
  label: string;
  /** A CSS colour. */
  color: string;
  /** A filled square by default. */
  shape?: "square" | "line" | "dashes" | "dot" | "cross";
}

/** An entry with a picture of its own, as Plot draws it. */
export interface Swatch {
  label: string;
  draw(x: number, y: number, size: number): string;
}

const lineHeight = 18;
const swatch = 12;
const gap = 16;
const maxEntryWidth = 260;

/** A legend as SVG, its entries wrapped into lines. */
export function drawLegend(
  entries: readonly (LegendEntry | Swatch)[],
  { x, y, width }: { x: number; y: number; width: number },
): { svg: string; height: number } {
  let left = x;
  let top = y;
  const parts: string[] = [];
  for (const entry of entries) {
    const text = cutText(entry.label, style.textSize, maxEntryWidth);
    const needed = swatch + 6 + textWidth(text, style.textSize);
    if (left > x && left + needed > x + width) {
      left = x;
      top += lineHeight;
    }
    const picture = "draw" in entry
      ? entry.draw(left, top, swatch)
      : pictureOf(entry, left, top);
    parts.push(
      `${picture}<text x="${left + swatch + 6}" y="${top + 10}" ` +
        `font-size="${style.textSize}" fill="${style.ink}">` +
        `${escapeMarkup(text)}</text>`,
    );
    left += Math.ceil(needed) + gap;
  }
  return {
    svg: parts.join(""),
    height: entries.length ? top - y + lineHeight : 0,
  };
}

function pictureOf(
  { color, shape = "square" }: LegendEntry,
  left: number,
  top: number,
): string {
  const paint = escapeMarkup(color);
  const line = `path d="M${left},${top + 6}h${swatch}" stroke="${paint}" ` +
    `stroke-width="2"`;
  const swatches = {
    line,
    dashes: `${line} stroke-dasharray="3 1.5"`,
    cross: `path d="M${left + 2},${top + 2}l8,8m0,-8l-8,8" ` +
      `stroke="${paint}" stroke-width="2"`,
    dot: `circle cx="${left + 6}" cy="${top + 6}" r="4" fill="${paint}"`,
    square: `rect x="${left}" y="${top}" width="${swatch}" ` +
      `height="${swatch}" rx="2" fill="${paint}"`,
  };
  return `<${swatches[shape]}/>`;
}
