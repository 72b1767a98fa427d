import { chartOptionNames } from "./chart_options.ts";
import { checkOptions } from "../../display/text/mistakes.ts";
import { showAs } from "../../display/notebook/jupyter.ts";
import { page } from "../../display/notebook/page.ts";
import { renderPng } from "../../display/notebook/png.ts";
import { writeWhole } from "../../display/output.ts";
import { escapeMarkup, printable } from "../../display/text/untrusted.ts";
import {
  defaultWidth,
  drawFigure,
  type DrawnFigure,
} from "../drawing/figure.ts";
import hover from "../drawing/hover.js" with { type: "text" };
import type { ChartOptions } from "./plot_types.ts";

/**
 * A chart as one self-contained SVG. A notebook cell that returns it displays
 * it.
 */
export interface Chart {
  /** The text of the SVG: title, legend, caption and background included. */
  readonly svg: string;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Text below the chart: the numbers of rows, drawn and left out. */
  readonly caption: string;
  /** Options for {@linkcode plot} that draw this chart again. */
  readonly options: ChartOptions;
  /**
   * The chart as PNG with `scale` pixels per pixel of the SVG: by default 2,
   * sharp on a screen; 4 is 384 dots an inch, for print.
   *
   * @throws {RangeError} if the scale is not above 0 and at most 20.
   */
  png(options?: { scale?: number }): Uint8Array;
  /** The chart with its tips, as a self-contained HTML page. */
  html(): string;
  /**
   * The chart for a cell of a trusted notebook, with tips under the pointer. An
   * untrusted notebook, and GitHub, show nothing.
   */
  interactive(): InteractiveChart;
  /**
   * Writes the chart to a file whose name ends in `.svg`, `.png` or `.html`.
   * `scale` applies to PNG. An existing file is replaced completely, or left
   * unchanged on an error.
   *
   * @throws {TypeError} if the name has another ending.
   * @throws {RangeError} if the scale is not above 0 and at most 20.
   */
  save(path: string | URL, options?: { scale?: number }): void;
}

/** A chart with its tips. A notebook cell that returns it displays it. */
export interface InteractiveChart {
  /** A self-contained fragment of HTML. */
  readonly html: string;
}

/**
 * Draws your own marks as a {@linkcode Chart}: `Plot.plot` for a notebook or a
 * script, where there is no browser.
 *
 * @example
 * ```ts
 * import { plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const chart = plot({
 *   title: "Tasks done",
 *   marks: [Plot.barY([{ app: "top", n: 20 }], { x: "app", y: "n" })],
 * });
 * assert.ok(chart.svg.includes("Tasks done"));
 * ```
 */
export function plot(options: ChartOptions): Chart {
  checkOptions("plot", options, chartOptionNames);
  const { title = "chart", caption = "", width = defaultWidth } = options;
  // Drawn when it is first looked at: a chart may be made for its caption.
  let drawn: DrawnFigure | undefined;
  const drawing = () => drawn ??= drawFigure(options);
  const png = ({ scale = 2 } = {}) => renderPng(drawing().svg, scale);
  const withHover = () => hoverable(drawing());
  const html = () => page(title, withHover(), { scripts: [hoverScript] });
  const text = [title, caption].filter(Boolean).join("\n");
  const chart: Chart = {
    get svg() {
      return drawing().svg;
    },
    width,
    get height() {
      return drawing().height;
    },
    caption,
    options,
    png,
    html,
    interactive() {
      const html = withHover();
      return showAs({ html }, () => ({
        "text/html": html,
        "text/plain": text,
      }));
    },
    save(path, options) {
      const ending = /\.(svg|png|html)$/i.exec(
        path instanceof URL ? path.pathname : path,
      )?.[1]?.toLowerCase();
      if (ending === "svg") writeWhole(path, chart.svg);
      else if (ending === "png") writeWhole(path, png(options));
      else if (ending === "html") writeWhole(path, html());
      else {
        throw new TypeError(
          `a chart is saved as .svg, .png or .html; ${path} ends in none`,
        );
      }
    },
  };
  // An untrusted notebook, and GitHub, show the PNG and no SVG.
  return showAs(chart, () => ({
    "image/svg+xml": chart.svg,
    ...pngIfPossible(png),
    "text/plain": text,
  }));
}

// Some machines have no native renderer; they still show the SVG.
function pngIfPossible(png: () => Uint8Array): Record<string, string> {
  try {
    return { "image/png": png().toBase64() };
  } catch (error) {
    console.warn(`The chart has no PNG: ${error}`);
    return {};
  }
}

/** Script of a page that shows figures with their hover. */
const hoverScript: string = `{${hover}}`;

/** A figure as a fragment of HTML, with a tip under the pointer. */
function hoverable({ svg, tips }: DrawnFigure): string {
  const data = escapeMarkup(JSON.stringify(tips(), plainText));
  return `<div class="dnpc-chart" data-tips="${data}">${svg}</div>` +
    `<script>${hoverScript}</script>`;
}

// JSON escapes control characters, so that escapeMarkup() would not see them.
const plainText = (_name: string, value: unknown) =>
  typeof value === "string" ? printable(value) : value;
