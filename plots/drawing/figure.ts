import "linkedom/package.json" with { type: "json" };
import type { Plot as DrawnPlot, Scale } from "@observablehq/plot";
import { lazyModule } from "../../display/lazy_module.ts";
import { escapeMarkup } from "../../display/text/untrusted.ts";
import type { ChartOptions, Panel } from "../chart/plot_types.ts";
import { tenth } from "./compact.ts";
import { drawLegend } from "./legend.ts";
import { Plot } from "./plot.ts";
import { lengthIn, sizeOf } from "./size.ts";
import { hash, style, wrapText } from "./style.ts";
import { themeOf } from "./theme.ts";

// Plot sets axis labels three pixels from the edge: these align them with the
// title.
const panelInset = style.padding - 3;

const rowGap = 14;

/** Width of the plots of one row together, in a figure that is so wide. */
export function panelsWidth(width: number): number {
  return width - 2 * panelInset;
}

/** Width of the figure around plots that are so wide together. */
export function figureWidth(width: number): number {
  return width + 2 * panelInset;
}

/** Height of a plot in pixels. */
const defaultHeight = 320;
/** Room for the labels of the axes beside their ticks. */
export const margins = { marginTop: 26, marginBottom: 42 };

export type DrawnFigure = ReturnType<typeof drawFigure>;

/** Draws a chart as the text of one SVG, its own background included. */
export function drawFigure(
  { title, subtitle, caption, legend = [], panels, ...own }: ChartOptions,
) {
  const { width, scale } = sizeOf(own);
  const all = panels ??
    [{ plots: [{ ...margins, ...own, width: panelsWidth(width) }] }];
  const inner = { x: style.padding, width: width - 2 * style.padding };
  const parts: string[] = [];
  const makeTips: ReturnType<typeof drawPanel>["tips"][] = [];
  let y: number = style.padding;

  const write = (text: string | undefined, size: number, attributes = "") => {
    if (!text) return;
    // Bold letters are wider.
    const room = inner.width * (attributes.includes("font-weight") ? 0.92 : 1);
    for (const line of wrapText(text, size, room)) {
      y += Math.round(size * 1.35);
      parts.push(
        `<text x="${inner.x}" y="${y - Math.round(size * 0.35)}" ` +
          `font-size="${size}"${attributes}>${escapeMarkup(line)}</text>`,
      );
    }
  };

  write(title, style.titleSize, ` font-weight="600"`);
  write(subtitle, style.subtitleSize, ` fill="${style.mutedInk}"`);
  if (title || subtitle) y += 8;
  const { svg, height: legendHeight } = drawLegend(legend, { ...inner, y });
  parts.push(svg);
  y += legendHeight;
  if (legendHeight && all[0]?.heading) y += 8;
  all.forEach(({ heading, note, plots }, i) => {
    if (i > 0) y += rowGap;
    write(heading, style.subtitleSize, ` font-weight="600"`);
    write(note, style.textSize, ` fill="${style.mutedInk}"`);
    if (heading || note) y += 6;
    let x: number = panelInset;
    let rowHeight = 0;
    // Plots without a width share the row evenly.
    const share = panelsWidth(width) / plots.length;
    for (const plot of plots) {
      const { width = share, height = defaultHeight } = plot;
      const { svg, tips } = drawPanel(plot, { x, y, width, height });
      parts.push(svg);
      makeTips.push(tips);
      x += width;
      rowHeight = Math.max(rowHeight, height);
    }
    y += rowHeight;
  });
  if (caption) y += 4;
  write(caption, style.textSize, ` fill="${style.mutedInk}"`);
  const height = y + style.padding;
  const drawing = `<g fill="${style.ink}" font-family="${style.fontFamily}">` +
    `<rect width="${width}" height="${height}" ` +
    `fill="${style.background}"/>${parts.join("")}</g>`;

  return {
    /** In pixels. */
    width: width * scale,
    /** In pixels. */
    height: height * scale,
    /** Makes the tips of its plots. */
    tips: () => makeTips.flatMap((tips) => tips()),
    svg: withOwnIds(
      `<svg xmlns="http://www.w3.org/2000/svg" class="dnpc" ` +
        `width="${lengthIn(width * scale, own)}" ` +
        `height="${lengthIn(height * scale, own)}" ` +
        `viewBox="0 0 ${width} ${height}" role="img" ` +
        `aria-label="${escapeMarkup(title ?? "chart")}">` +
        `${themeOf(drawing)}${drawing}</svg>`,
    ),
  };
}

// Plot numbers its clip paths. A page may hold charts of several sessions with
// the same numbers, so ids get a hash of the chart.
function withOwnIds(svg: string): string {
  const pattern = /( id="| clip-path="url\(#)plot-clip-(\d+)/g;
  const ids = [...new Set(svg.matchAll(pattern).map(([, , id]) => id))];
  if (ids.length === 0) return svg;
  const named = (prefix: string) =>
    svg.replace(
      pattern,
      (_, before, id) => `${before}clip-${prefix}${ids.indexOf(id)}`,
    );
  return named(`${hash(named("")).toString(36)}-`);
}

const linkedom = lazyModule<typeof import("linkedom/worker")>(
  () => import.meta.resolve("linkedom/worker"),
);

let shared: unknown;

// linkedom is small and quick, and Plot needs no more of a browser.
const drawingDocument = () =>
  shared ??= (linkedom.parseHTML("<html><body></body></html>") as unknown as {
    document: unknown;
  }).document;

/** Draws one plot as an `<svg>` element that can stand inside another. */
function drawPanel(
  { tips, ...options }: Panel,
  { x: left, y: top, width, height }: Record<
    "x" | "y" | "width" | "height",
    number
  >,
) {
  const drawn = Plot.plot({
    ...options,
    width,
    height,
    document: drawingDocument(),
  } as Panel) as unknown as DrawnNode & Pick<DrawnPlot, "scale">;
  // For its own legends, which are HTML, Plot wraps the drawing in a figure.
  const svg = drawn.localName === "svg"
    ? drawn
    : [...drawn.childNodes].findLast(({ localName }) => localName === "svg")!;
  // resvg crashes if a clipped group lies far beyond the picture: each has an
  // invisible point inside it.
  const anchor = `<path d="M${width / 2},${height / 2}h1v1z" ` +
    `fill-opacity="0" stroke="none"/>`;
  const content = Array.from(svg.childNodes, serialize).join("")
    .replace(/<g (?=[^<>]*clip-path="url)[^<>]*>/g, `$&${anchor}`);
  // Clipped twice, content far beyond the picture crashes resvg too.
  const overflow = content.includes(" clip-path=") ? ' overflow="visible"' : "";
  const [toX, toY] = [
    toPixels(drawn.scale("x"), left),
    toPixels(drawn.scale("y"), top),
  ];
  return {
    svg: `<svg x="${left}" y="${top}" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" ` +
      `fill="${style.ink}" color="${style.ink}" text-anchor="middle" ` +
      `font-size="${style.textSize}"${overflow}>${content}</svg>`,
    /** Makes its tips: none or one set, in pixels of the whole figure. */
    tips: () =>
      tips
        ? [{
          left,
          right: left + width,
          top,
          bottom: top + height,
          // The ends of x, y (null: at any height), and the text.
          tips: tips().map(({ x, x2 = x, y, text }) =>
            [toX(x), toX(x2), y === undefined ? null : toY(y), text] as const
          ),
        }]
        : [],
  };
}

function toPixels(scale: Scale | undefined, offset: number) {
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
  const attributes = Array.from(node.attributes, ({ name, value }) => {
    const text = numeric.has(name) ? roundNumbers(value) : value;
    return name === "class" ? "" : ` ${name}="${escapeMarkup(text)}"`;
  }).join("");
  const children = Array.from(node.childNodes, serialize).join("");
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
    /-?(?:(?<!\d)\d+)?\.\d{3,}(?:e[-+]?\d+)?/g,
    (number) => String(Math.round(Number(number) * 100) / 100),
  );
}
