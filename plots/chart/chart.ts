import type { Panel, PanelRow } from "./plot_types.ts";
import { showAs } from "../../display/notebook/jupyter.ts";
import { page } from "../../display/notebook/page.ts";
import { renderPng } from "../../display/notebook/png.ts";
import { drawFigure, type Figure, panelsWidth } from "../drawing/figure.ts";
import { hoverable, hoverScript } from "../drawing/hover.ts";
import type { LegendEntry } from "../drawing/legend.ts";

/**
 * A chart, drawn: one self-contained SVG. Returned from a notebook's cell it
 * shows itself.
 */
export interface Chart {
  /** The text of the SVG: title, legend, caption and background included. */
  readonly svg: string;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** What the chart's words say about the rows, as text. */
  readonly caption: string;
  /**
   * What was drawn, as {@linkcode plot} takes it: change it and draw it again.
   */
  readonly options: ChartOptions;
  /**
   * The chart as PNG, `scale` pixels to one of the SVG's (2 if not given: sharp
   * on a screen; 4 is 384 dots an inch, for print).
   *
   * @throws {RangeError} if the scale is not above 0 and at most 20.
   */
  png(options?: { scale?: number }): Uint8Array;
  /** The chart as an HTML page that needs nothing else, with its hover. */
  html(): string;
  /**
   * The chart for a cell of a notebook that is trusted: where the mouse points
   * at, it says what is there. Elsewhere, and on GitHub, it shows nothing.
   */
  interactive(): InteractiveChart;
  /**
   * Writes the chart to a file: `.svg`, `.png` or `.html`, as the name ends. A
   * PNG has `scale` pixels to one of the SVG's, as with `png`.
   *
   * @throws {TypeError} if the name ends in something else.
   * @throws {RangeError} if the scale is not above 0 and at most 20.
   */
  save(path: string | URL, options?: { scale?: number }): void;
}

/** A chart with its hover; returned from a notebook's cell it shows itself. */
export interface InteractiveChart {
  /** A piece of HTML that needs nothing else. */
  readonly html: string;
}

/** The words of a chart, which every helper takes, and any option of Plot. */
export interface ChartOptions
  extends Omit<Panel, "title" | "subtitle" | "caption" | "document"> {
  /** Above the chart, in bold. */
  title?: string | undefined;
  /** Below the title. */
  subtitle?: string | undefined;
  /** Below the chart, in place of what the helper says about its rows. */
  caption?: string | undefined;
  /** What the colours stand for, in place of what the helper says. */
  legend?: readonly LegendEntry[] | undefined;
  /** Several plots, row below row, in place of one of `marks`. */
  panels?: readonly PanelRow[] | undefined;
}

/** In pixels. */
export const defaultWidth = 760;
const defaultHeight = 320;
// Room for the labels of the axes beside their ticks.
const margins = { marginTop: 26, marginBottom: 42 };

/**
 * Draws one plot, of your own marks, as a {@linkcode Chart}: what `Plot.plot`
 * is in a browser, for a notebook or a script.
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
  const figure = figureOf(options);
  const { svg, height } = drawFigure(figure);
  const title = figure.title ?? "chart";
  const png = ({ scale = 2 } = {}) => renderPng(svg, scale);
  const withHover = () => hoverable(drawFigure(figure, { hover: true }));
  const html = () => page(title, withHover(), hoverScript);
  const text = [title, figure.caption].filter(Boolean).join("\n");
  const chart: Chart = {
    svg,
    width: figure.width,
    height,
    caption: figure.caption ?? "",
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
      if (ending === "svg") Deno.writeTextFileSync(path, svg);
      else if (ending === "png") Deno.writeFileSync(path, png(options));
      else if (ending === "html") Deno.writeTextFileSync(path, html());
      else {
        throw new TypeError(
          `a chart is saved as .svg, .png or .html; ${path} ends in none`,
        );
      }
    },
  };
  // A notebook that is not trusted, and GitHub, show no SVG but the PNG.
  return showAs(chart, () => ({
    "image/svg+xml": svg,
    ...pngIfPossible(png),
    "text/plain": text,
  }));
}

function figureOf(options: ChartOptions): Figure {
  const { title, subtitle, caption, legend, panels, ...own } = options;
  const { width = defaultWidth, height = defaultHeight } = own;
  const one = { ...margins, ...own, width: panelsWidth(width), height };
  return {
    ...{ width, title, subtitle, caption, legend },
    panels: panels?.map((row) => withSizes(row, width)) ?? [{ plots: [one] }],
  };
}

// What says not how large it is shares the row with the others.
function withSizes(row: PanelRow, width: number): PanelRow {
  const share = panelsWidth(width) / row.plots.length;
  return {
    ...row,
    plots: row.plots.map((plot) => ({
      ...plot,
      width: plot.width ?? share,
      height: plot.height ?? defaultHeight,
    })),
  };
}

// There is no native renderer for every machine. The SVG shows all the same.
function pngIfPossible(png: () => Uint8Array): Record<string, string> {
  try {
    return { "image/png": png().toBase64() };
  } catch (error) {
    console.warn(`The chart has no PNG: ${error}`);
    return {};
  }
}
