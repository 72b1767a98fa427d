// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { chartOptionNames } from "./chart_options.ts";
import { checkOptions } from "../../display/text/mistakes.ts";
import { type MimeBundle, showAs } from "../../display/notebook/jupyter.ts";
import { page } from "../../display/notebook/page.ts";
import { renderPdf } from "../../display/notebook/pdf.ts";
import { pngIfPossible, renderPng } from "../../display/notebook/png.ts";
import { writeWhole } from "../../display/output.ts";
import { escapeMarkup, printable } from "../../display/text/untrusted.ts";
import { drawFigure, type DrawnFigure } from "../drawing/figure.ts";
import { defaultWidth, type Length } from "../drawing/size.ts";
import scriptInPage from "../drawing/figure_in_page.js" with { type: "text" };
import type { ChartOptions } from "./plot_types.ts";

/**
 * A chart as one self-contained SVG. A notebook cell that returns it displays it
 * in its own width, with tips under the pointer.
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
  /**
   * The chart as PDF, for print: vectors, and its fonts are embedded.
   */
  pdf(): Uint8Array;
  /**
   * The chart with its tips, as a self-contained HTML page or, for a page of your
   * own, as a `fragment` of one.
   */
  html(options?: { fragment?: boolean }): string;
  /**
   * Writes the chart to a file whose name ends in `.svg`, `.png`, `.pdf` or
   * `.html`. `scale` applies to PNG. An existing file is replaced completely, or
   * left unchanged on an error.
   *
   * @throws {TypeError} if the name has another ending.
   * @throws {RangeError} if the scale is not above 0 and at most 20.
   */
  save(path: string | URL, options?: { scale?: number }): void;
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
  // The plots of panels have widths of their own.
  const { panels, width = panels && defaultWidth } = options;
  return chartInWidths((width) => ({ ...options, width }), width);
}

/**
 * A chart that `layOut` makes for any width: in a notebook, which shows it in the
 * width of its cell, and in a page.
 *
 * @param width that the user asks for, and the only one then
 */
export function chartInWidths(
  layOut: (width?: Length) => ChartOptions,
  width: Length | undefined,
): Chart {
  const options = layOut(width);
  const { title = "chart", caption = "" } = options;
  // Drawn when it is first looked at: a chart may be made for its caption.
  let drawn: DrawnFigure | undefined;
  const drawing = () => drawn ??= drawFigure(options);
  const inWidths = () => {
    const all = [inPage(drawing())];
    for (const each of width === undefined ? widthsInCells : []) {
      const other = drawFigure(layOut(each));
      // A graph may need more.
      if (all.every(({ width }) => width !== other.width)) {
        all.push(inPage(other));
      }
    }
    const size = sum(all, ({ svg, tips }) => svg.length + tips.length);
    return size <= maxSizeInCell ? all : all.slice(0, 2);
  };
  const png = ({ scale = 2 } = {}) => renderPng(drawing().svg, scale);
  const pdf = () => renderPdf(drawing().svg, { ...drawing(), title });
  const html = ({ fragment = false } = {}) => {
    const body = figureInPage(inWidths());
    return fragment ? body : page(title, body, { scripts: [figureScript] });
  };
  const text = [title, caption].filter(Boolean).join("\n");
  const chart: Chart = {
    get svg() {
      return drawing().svg;
    },
    get width() {
      return drawing().width;
    },
    get height() {
      return drawing().height;
    },
    caption,
    options,
    png,
    pdf,
    html,
    save(path, options) {
      const ending = /\.(svg|png|pdf|html)$/i.exec(
        path instanceof URL ? path.pathname : path,
      )?.[1]?.toLowerCase();
      if (ending === "svg") writeWhole(path, chart.svg);
      else if (ending === "png") writeWhole(path, png(options));
      else if (ending === "pdf") writeWhole(path, pdf());
      else if (ending === "html") writeWhole(path, html());
      else {
        throw new TypeError(
          `a chart is saved as .svg, .png, .pdf or .html; ${path} ends in none`,
        );
      }
    },
  };
  return showAs(chart, () => bundleOf(text, inWidths()));
}

/** How drawings of a chart in several widths show in a cell of a notebook. */
export function bundleOf(
  text: string,
  drawings: readonly FigureInPage[],
): MimeBundle {
  const { svg } = drawings[0]!;
  const picture = pngIfPossible(() => renderPng(svg, 2));
  return {
    "text/html": figureInCell(drawings, picture["image/png"], text),
    "image/svg+xml": svg,
    ...picture,
    "text/plain": text,
  };
}

// With these and the default, text is between 0.75 and 1.3 times its size.
const widthsInCells = [420, 1140];

// The text of a larger chart is larger in a wide cell: it lacks the widest drawing.
const maxSizeInCell = 400_000;

/** Script of a page that shows figures in their width, with their tips. */
const figureScript: string = `{${scriptInPage}}`;

/** A drawing for a page. */
interface FigureInPage {
  svg: string;
  /** In pixels. */
  width: number;
  /** Its tips as the value of an attribute. */
  tips: string;
}

export const inPage = ({ svg, width, tips }: DrawnFigure): FigureInPage => ({
  svg,
  width,
  tips: escapeMarkup(JSON.stringify(tips(), plainText)),
});

/** A figure for a page: as SVG even where no scripts run. */
function figureInPage([first, ...others]: readonly FigureInPage[]): string {
  return figure(
    `<div data-tips="${first!.tips}">${first!.svg}</div>`,
    others,
  );
}

/**
 * A figure for a cell of a notebook. An untrusted notebook, and GitHub, leave out
 * scripts and what is in them, and show the picture.
 */
function figureInCell(
  all: readonly FigureInPage[],
  picture: string | undefined,
  text: string,
): string {
  const alt = escapeMarkup(text);
  return figure(
    picture === undefined
      ? ""
      : `<img src="data:image/png;base64,${picture}" alt="${alt}" ` +
        `width="${all[0]!.width}" style="max-width:100%">`,
    all,
  );
}

/** A figure as a fragment of HTML, drawn in several widths. */
function figure(
  fallback: string,
  drawings: readonly FigureInPage[],
): string {
  const inert = drawings.map(({ svg, tips }) =>
    `<script type="image/svg+xml" data-tips="${tips}">${svg}</script>`
  );
  return `<div class="dnpc-chart">${fallback}${inert.join("")}</div>` +
    `<script>${figureScript}</script>`;
}

// JSON escapes control characters, so that escapeMarkup() would not see them.
const plainText = (_name: string, value: unknown) =>
  typeof value === "string" ? printable(value) : value;
