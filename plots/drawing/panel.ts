import { escapeMarkup } from "../../display/text/untrusted.ts";
import defer * as linkedom from "linkedom/worker";
import defer * as Plot from "@observablehq/plot";
import type { Panel } from "../chart/plot_types.ts";
import { tenth } from "./compact.ts";
import { style } from "./style.ts";

/** A plot as SVG. */
export interface DrawnPanel {
  svg: string;
  /** Makes its tips: none or one set. */
  tips: () => PanelTips[];
}

/** The tips of one plot, in pixels of the whole figure. */
export interface PanelTips {
  left: number;
  right: number;
  top: number;
  bottom: number;
  tips: PlacedTip[];
}

/** A tip: x, the end of x, y (null: at any height), and its text. */
export type PlacedTip = [number, number, number | null, string];

let shared: unknown;

// linkedom is small and quick, and Plot needs no more of a browser.
function drawingDocument(): unknown {
  shared ??= (linkedom.parseHTML(
    "<!doctype html><html><body></body></html>",
  ) as unknown as { document: unknown }).document;
  return shared;
}

/** Draws one plot as an `<svg>` element that can stand inside another. */
export function drawPanel(
  { tips, ...options }: Panel,
  { x, y }: { x: number; y: number },
): DrawnPanel {
  const drawn = Plot.plot({
    ...options,
    document: drawingDocument(),
  } as Panel) as unknown as DrawnNode & Pick<Plot.Plot, "scale">;
  const svg = drawn.localName === "svg" ? drawn : plotOf(drawn);
  const [width, height] = [Number(options.width), Number(options.height)];
  const content = anchorClipped(
    [...svg.childNodes].map(serialize).join(""),
    `M${width / 2},${height / 2}h1v1z`,
  );
  // Clipped twice, content far beyond the picture crashes resvg too.
  const overflow = content.includes(" clip-path=") ? ' overflow="visible"' : "";
  const places = {
    x: toPixels(drawn.scale("x"), x),
    y: toPixels(drawn.scale("y"), y),
  };
  return {
    svg: `<svg x="${x}" y="${y}" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" ` +
      `fill="${style.ink}" color="${style.ink}" text-anchor="middle" ` +
      `font-size="${style.textSize}"${overflow}>${content}</svg>`,
    tips: () =>
      tips
        ? [{
          left: x,
          right: x + width,
          top: y,
          bottom: y + height,
          tips: tips().map(({ x, x2 = x, y, text }) => [
            places.x(x),
            places.x(x2),
            y === undefined ? null : places.y(y),
            text,
          ]),
        }]
        : [],
  };
}

// resvg crashes if a clipped group lies far beyond the picture: each has an
// invisible point inside it.
function anchorClipped(content: string, place: string): string {
  return content.replace(
    /<g [^<>]*?clip-path="url[^<>]*>/g,
    (group) => `${group}<path d="${place}" fill-opacity="0" stroke="none"/>`,
  );
}

// For its own legends, which are HTML, Plot wraps the drawing in a figure.
function plotOf(figure: DrawnNode): DrawnNode {
  const svg = [...figure.childNodes]
    .filter(({ localName }) => localName === "svg").at(-1);
  if (!svg) throw new TypeError("Plot drew no SVG");
  return svg;
}

function toPixels(scale: Plot.Scale | undefined, offset: number) {
  const half = (scale?.bandwidth ?? 0) / 2;
  return (value: unknown) =>
    tenth(offset + half + Number(scale?.apply(value) ?? 0));
}

/** The part of a DOM node that is serialized. */
interface DrawnNode {
  nodeType: number;
  localName: string;
  textContent: string | null;
  attributes: Iterable<{ name: string; value: string }>;
  childNodes: Iterable<DrawnNode>;
}

/**
 * Serializes an element: well formed, all text escaped, and coordinates to a
 * hundredth of a pixel, which halves the size of a chart. (linkedom's own
 * `outerHTML` leaves `<` in attributes and keeps sixteen digits.)
 */
function serialize(node: DrawnNode): string {
  if (node.nodeType === 3) return escapeMarkup(node.textContent ?? "");
  if (node.nodeType !== 1) return "";
  const tag = node.localName;
  // A style sheet would apply to the whole page around the drawing.
  if (tag === "style") return "";
  let attributes = "";
  for (const { name, value } of node.attributes) {
    if (name === "class") continue;
    const text = numeric.has(name) ? roundNumbers(value) : value;
    attributes += ` ${name}="${escapeMarkup(text)}"`;
  }
  let children = "";
  for (const child of node.childNodes) {
    children += serialize(child);
  }
  return children === ""
    ? `<${tag}${attributes}/>`
    : `<${tag}${attributes}>${children}</${tag}>`;
}

const numeric = new Set(
  "cx cy d dx dy height points r rx ry transform width x x1 x2 y y1 y2"
    .split(" "),
);

function roundNumbers(text: string): string {
  return text.replace(
    /-?\d*\.\d{3,}(?:e[-+]?\d+)?/g,
    (number) => String(Math.round(Number(number) * 100) / 100),
  );
}
