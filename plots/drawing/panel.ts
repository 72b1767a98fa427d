import defer * as Plot from "@observablehq/plot";
import type { Panel, Tip } from "../chart/plot_types.ts";
import { drawingDocument } from "./document.ts";
import { tenth } from "./paths.ts";
import { type DrawnNode, serialize } from "./serialize.ts";
import { style } from "./style.ts";

/** A plot that is drawn, and where its tips are. */
export interface DrawnPanel {
  svg: string;
  /** Made where `hover` is asked for. */
  tips: PanelTips | undefined;
}

/** The tips of one plot, in pixels of the whole figure. */
export interface PanelTips {
  /** The plot's edges. */
  left: number;
  right: number;
  top: number;
  bottom: number;
  tips: PlacedTip[];
}

/** A tip: x, the end of x, y (null: at any height), and what it says. */
export type PlacedTip = [number, number, number | null, string];

/** Draws one plot as an `<svg>` element that can stand inside another. */
export function drawPanel(
  { tips, ...options }: Panel,
  place: { x: number; y: number },
  { hover = false }: { hover?: boolean } = {},
): DrawnPanel {
  const drawn = Plot.plot({
    ...options,
    document: drawingDocument(),
  } as Panel) as unknown as DrawnNode & Pick<Plot.Plot, "scale">;
  const svg = drawn.localName === "svg" ? drawn : plotOf(drawn);
  const { width, height } = options;
  const content = anchorClipped(
    [...svg.childNodes].map(serialize).join(""),
    `M${Number(width) / 2},${Number(height) / 2}h1v1z`,
  );
  // Clipped twice, what lies far beyond the picture ends the process too.
  const overflow = content.includes(" clip-path=") ? ' overflow="visible"' : "";
  return {
    svg: `<svg x="${place.x}" y="${place.y}" width="${width}" ` +
      `height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `fill="${style.ink}" color="${style.ink}" text-anchor="middle" ` +
      `font-size="${style.textSize}"${overflow}>${content}</svg>`,
    tips: hover && tips
      ? {
        ...{ left: place.x, right: place.x + Number(width) },
        ...{ top: place.y, bottom: place.y + Number(height) },
        tips: placed(tips(), drawn, place),
      }
      : undefined,
  };
}

// Where all that is clipped lies far beyond the picture, resvg ends the process:
// each clipped group has a place in the picture, which is not seen.
function anchorClipped(content: string, place: string): string {
  return content.replace(
    /<g [^<>]*?clip-path="url[^<>]*>/g,
    (group) => `${group}<path d="${place}" fill-opacity="0" stroke="none"/>`,
  );
}

// With options of its own for a legend, Plot wraps the drawing in a figure.
// The legends are HTML, which an SVG cannot hold.
function plotOf(figure: DrawnNode): DrawnNode {
  const svg = [...figure.childNodes]
    .filter(({ localName }) => localName === "svg").at(-1);
  if (!svg) throw new TypeError("Plot drew no SVG");
  return svg;
}

function placed(
  tips: readonly Tip[],
  drawn: Pick<Plot.Plot, "scale">,
  place: { x: number; y: number },
): PlacedTip[] {
  const across = toPixels(drawn.scale("x"), place.x);
  const upright = toPixels(drawn.scale("y"), place.y);
  return tips.map(({ x, x2 = x, y, text }) => [
    across(x),
    across(x2),
    y === undefined ? null : upright(y),
    text,
  ]);
}

function toPixels(scale: Plot.Scale | undefined, offset: number) {
  const half = (scale?.bandwidth ?? 0) / 2;
  return (value: unknown) =>
    tenth(offset + half + Number(scale?.apply(value) ?? 0));
}
