import type { Plot as DrawnPlot, Scale } from "@observablehq/plot";
import { escapeMarkup } from "../../display/text/untrusted.ts";
import type { Markish, Panel } from "../chart/plot_types.ts";
import { tenth } from "./compact.ts";
import type { Swatch } from "./legend.ts";
import { Plot } from "./plot.ts";
import { plotDocument, rampColors } from "./plot_document.ts";
import { collectTips, plotTips } from "./plot_tips.ts";
import { style } from "./style.ts";

/**
 * What `Plot.plot` returns, an `<svg>` element or a figure around one, or a legend
 * of `Plot.legend`.
 */
export type PlotElement = DrawnNode & Partial<Pick<DrawnPlot, "scale">>;

/** The part of a DOM node that is read. */
interface DrawnNode {
  nodeType: number;
  localName: string;
  textContent: string | null;
  attributes: Iterable<{ name: string; value: string }>;
  childNodes: Iterable<DrawnNode>;
  getAttribute(name: string): string | null;
}

/** A legend of Plot's that is drawn already, such as a ramp of colours. */
export interface DrawnLegend {
  svg(x: number, y: number): string;
  width: number;
  height: number;
}

/** The texts around a plot that Plot writes as HTML. */
export interface PlotTexts {
  title?: string | undefined;
  subtitle?: string | undefined;
  caption?: string | undefined;
}

/** Draws one plot with Plot. */
export function plotElement(options: Panel): PlotElement {
  const document = plotDocument();
  collectTips(Plot as typeof import("@observablehq/plot"), document);
  const { tips: _, marks, ...plot } = options;
  return Plot.plot({
    ...plot,
    document,
    marks: marks?.map(collected),
  } as Panel) as unknown as PlotElement;
}

/** A mark; a tip under the pointer that was made too early to collect its texts. */
function collected(mark: Markish): Markish {
  if (Array.isArray(mark)) return mark.map(collected);
  return mark instanceof Plot.Tip && Object.hasOwn(mark, "render")
    ? Object.create(mark, {
      render: {
        value(this: unknown, _: unknown, ...others: unknown[]) {
          return Reflect.apply(
            Plot.Tip.prototype.render as () => never,
            this,
            [[], ...others],
          );
        },
      },
    })
    : mark;
}

/** Reads a plot, to be drawn as an `<svg>` element inside another. */
export function readPlot(
  element: PlotElement,
  tips: Panel["tips"],
  fontSize: number,
) {
  const parts = element.localName === "figure"
    ? [...element.childNodes]
    : [element];
  const svg = parts.findLast(({ localName }) => localName === "svg");
  const [width, height] = ["width", "height"].map((name) =>
    Number(svg?.getAttribute(name) ?? 0)
  ) as [number, number];
  const swatches: Swatch[][] = [];
  const legends: DrawnLegend[] = [];
  const texts: PlotTexts = {};
  for (const part of parts) {
    if (part === svg) continue;
    if (part.localName === "svg") legends.push(drawnLegend(part));
    else if (part.localName === "div") swatches.push(swatchesIn(part));
    else {
      const name = textNames[part.localName];
      if (name) texts[name] = part.textContent ?? "";
    }
  }
  // resvg crashes if a clipped group lies far beyond the picture: each has an
  // invisible point inside it.
  const anchor = `<path d="M${width / 2},${height / 2}h1v1z" ` +
    `fill-opacity="0" stroke="none"/>`;
  const content = Array.from(svg?.childNodes ?? [], serialize).join("")
    .replace(/<g (?=[^<>]*clip-path="url)[^<>]*>/g, `$&${anchor}`);
  // Clipped twice, content far beyond the picture crashes resvg too.
  const overflow = content.includes(" clip-path=") ? ' overflow="visible"' : "";
  const { className, background, css } = svg
    ? lookOf(svg)
    : { className: "", background: "", css: "" };
  return {
    width,
    height,
    swatches: swatches.flat(),
    legends,
    texts,
    svg: (left: number, top: number) =>
      `<svg x="${left}" y="${top}" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" ` +
      `fill="${style.ink}" color="${style.ink}" text-anchor="middle" ` +
      `font-size="${fontSize}"${overflow}${className}${css}>` +
      `${background}${content}</svg>`,
    /** Makes its tips: none or one set, in pixels of the whole figure. */
    tips(left: number, top: number) {
      const [toX, toY] = [
        toPixels(element.scale?.("x"), left),
        toPixels(element.scale?.("y"), top),
      ];
      // The ends of x, y (null: at any height), and the text.
      const all = [
        ...(tips?.() ?? []).map(({ x, x2 = x, y, text }) =>
          [toX(x), toX(x2), y === undefined ? null : toY(y), text] as const
        ),
        ...(svg ? plotTips(svg) : []).map(({ x, y, text }) =>
          [
            tenth(left + x),
            tenth(left + x),
            y === undefined ? null : tenth(top + y),
            text,
          ] as const
        ),
      ];
      return all.length === 0 ? [] : [{
        left,
        right: left + width,
        top,
        bottom: top + height,
        tips: all,
      }];
    },
  };
}

const textNames: Record<string, keyof PlotTexts> = {
  h2: "title",
  h3: "subtitle",
  figcaption: "caption",
};

/** A legend that is an `<svg>` element. */
function drawnLegend(svg: DrawnNode): DrawnLegend {
  const [width, height] = ["width", "height"].map((name) =>
    Number(svg.getAttribute(name))
  ) as [number, number];
  const content = Array.from(svg.childNodes, serialize).join("");
  return {
    width,
    height,
    svg: (x, y) =>
      `<svg x="${x}" y="${y}" width="${width}" height="${height}" ` +
      `overflow="visible" fill="none" color="${style.ink}" ` +
      `font-size="${style.textSize}">${content}</svg>`,
  };
}

/** The entries of a legend that is HTML. */
function swatchesIn(legend: DrawnNode): Swatch[] {
  return [...legend.childNodes].flatMap((entry) => {
    const picture = [...entry.childNodes].find(({ localName }) =>
      localName === "svg"
    );
    if (!picture) return [];
    const look = Array.from(
      picture.attributes,
      ({ name, value }) =>
        /^(?:fill|stroke|viewBox)/.test(name)
          ? ` ${name}="${escapeMarkup(value)}"`
          : "",
    ).join("");
    const content = Array.from(picture.childNodes, serialize).join("");
    return [{
      label: entry.textContent ?? "",
      draw: (x: number, y: number, size: number) =>
        `<svg x="${x}" y="${y}" width="${size}" height="${size}" ` +
        `color="${style.ink}"${look}>${content}</svg>`,
    }];
  });
}

/** The declarations of a style; a semicolon in parentheses ends none. */
function declarationsIn(style: string): string[] {
  let depth = 0;
  const ends = Array.from(style, (character) => {
    depth += Number(character === "(") - Number(character === ")");
    return character === ";" && depth === 0 ? "\0" : character;
  });
  return ends.join("").split("\0");
}

/** What the options `style` and `className` say. */
function lookOf(svg: DrawnNode) {
  const rules = declarationsIn(svg.getAttribute("style") ?? "")
    .map((rule) => rule.split(/:(.*)/s).map((part) => part.trim()))
    .filter((parts): parts is [string, string, string] => !!parts[1]);
  const fill = rules.findLast(([name]) => /^background(-color)?$/.test(name))
    ?.[1];
  const css = rules.filter(([name]) => !/^(background|max-width)/.test(name))
    .map(([name, value]) => `${name}:${value}`).join(";");
  const className = svg.getAttribute("class") ?? "";
  return {
    // Plot's own has a hash.
    className: /^plot-[0-9a-f]{6}$/.test(className)
      ? ""
      : ` class="${escapeMarkup(className)}"`,
    // Only the outermost element of a drawing has a background.
    background: fill
      ? `<rect width="100%" height="100%" fill="${escapeMarkup(fill)}"/>`
      : "",
    css: css ? ` style="${escapeMarkup(css)}"` : "",
  };
}

function toPixels(scale: Scale | undefined, offset: number) {
  const half = (scale?.bandwidth ?? 0) / 2;
  return (value: unknown) =>
    tenth(offset + half + Number(scale?.apply(value) ?? 0));
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
  const colors = tag === "image" &&
    rampColors(node.getAttribute("href") ?? "");
  if (colors) return rampOf(node, colors);
  const attributes = Array.from(node.attributes, ({ name, value }) => {
    const text = numeric.has(name)
      ? roundNumbers(value)
      : value.replaceAll("var(--plot-background)", style.background);
    return ` ${name.replace("xlink:", "")}="${escapeMarkup(text)}"`;
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

/** A ramp of colours as rectangles, whose colours follow the page. */
function rampOf(image: DrawnNode, colors: readonly string[]): string {
  const place = ["x", "y", "width", "height", "opacity"].map((name) => {
    const value = image.getAttribute(name);
    return value === null ? "" : ` ${name}="${escapeMarkup(value)}"`;
  }).join("");
  const steps = colors.filter((_, i) => i % rampStep === 0);
  const rects = steps.map((color, i) =>
    `<rect x="${i}" width="${i < steps.length - 1 ? 1.5 : 1}" height="1" ` +
    `fill="${escapeMarkup(color)}"/>`
  );
  return `<svg${place} viewBox="0 0 ${steps.length} 1" ` +
    `preserveAspectRatio="none">${rects.join("")}</svg>`;
}

// Of 256 colours; more cannot be told apart.
const rampStep = 4;
