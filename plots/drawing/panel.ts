import defer * as Plot from "@observablehq/plot";
import type { PlotOptions } from "../plot_types.ts";
import { drawingDocument } from "./document.ts";
import { type DrawnNode, serialize } from "./serialize.ts";
import { style } from "./style.ts";

/** Draws one plot as an `<svg>` element that can stand inside another. */
export function drawPanel(
  options: PlotOptions,
  place: { x: number; y: number },
): string {
  const drawn = Plot.plot({
    ...options,
    document: drawingDocument(),
  } as PlotOptions) as unknown as DrawnNode;
  const svg = drawn.localName === "svg" ? drawn : plotOf(drawn);
  const { width, height } = options;
  const content = [...svg.childNodes].map(serialize).join("");
  return `<svg x="${place.x}" y="${place.y}" width="${width}" ` +
    `height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `fill="${style.ink}" color="${style.ink}" text-anchor="middle" ` +
    `font-size="${style.textSize}">${content}</svg>`;
}

// With options of its own for a legend, Plot wraps the drawing in a figure.
// The legends are HTML, which an SVG cannot hold.
function plotOf(figure: DrawnNode): DrawnNode {
  const svg = [...figure.childNodes]
    .filter(({ localName }) => localName === "svg").at(-1);
  if (!svg) throw new TypeError("Plot drew no SVG");
  return svg;
}
