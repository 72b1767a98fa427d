// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { escapeMarkup } from "../../display/text/untrusted.ts";
import type { ChartOptions } from "../chart/plot_types.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import { type PlotElement, plotElement, readPlot } from "./panel.ts";
import { chartSize, defaultWidth, lengthIn } from "./size.ts";
import { cutText, hash, style, wrapText } from "./style.ts";
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

/** Room for the labels of the axes beside their ticks. */
export const margins = { marginTop: 26, marginBottom: 42 };

export type DrawnFigure = ReturnType<typeof drawFigure>;

/** A row of plots, and the text above them. */
interface DrawnRow {
  heading?: string | undefined;
  note?: string | undefined;
  legend?: readonly LegendEntry[] | undefined;
  headings?: readonly string[] | undefined;
  plots: readonly ReturnType<typeof readPlot>[];
}

/** Draws a chart as the text of one SVG, its own background included. */
export function drawFigure(options: ChartOptions) {
  const { width } = chartSize(options);
  // Plot would write the texts as HTML.
  const none = { title: undefined, subtitle: undefined, caption: undefined };
  const all = options.panels ??
    [{ plots: [{ ...options, ...none, width: panelsWidth(width) }] }];
  const rows = all.map(({ plots, ...texts }): DrawnRow => {
    // Plots without a width share the row evenly.
    const share = panelsWidth(width) / plots.length;
    return {
      ...texts,
      plots: plots.map((plot) =>
        readPlot(
          plotElement({ ...plot, width: plot.width ?? share }),
          plot.tips,
          style.textSize,
        )
      ),
    };
  });
  return figureOf(rows, options);
}

/** Draws what `Plot.plot` returned. */
export function drawPlot(
  element: PlotElement,
): DrawnFigure & { title: string | undefined } {
  const plot = readPlot(element, undefined, plotTextSize);
  const { title } = plot.texts;
  const drawn = figureOf([{ plots: [plot] }], {
    ...plot.texts,
    width: figureWidth(plot.width || defaultWidth),
  });
  return { ...drawn, title };
}

// Plot's own.
const plotTextSize = 10;

function figureOf(
  rows: readonly DrawnRow[],
  { title, subtitle, caption, legend = [], ...own }: ChartOptions,
) {
  const { width, scale } = chartSize(own);
  const inner = { x: style.padding, width: width - 2 * style.padding };
  const parts: string[] = [];
  const makeTips: (() => ReturnType<DrawnRow["plots"][number]["tips"]>)[] = [];
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
  const drawn = rows.flatMap(({ plots }) => plots);
  const before = y;
  // A helper has its own legend.
  const entries = legend.length > 0
    ? legend
    : drawn.flatMap(({ swatches }) => swatches);
  const { svg, height: legendHeight } = drawLegend(entries, { ...inner, y });
  parts.push(svg);
  y += legendHeight;
  for (const { svg, height } of drawn.flatMap(({ legends }) => legends)) {
    parts.push(svg(inner.x, y));
    y += height + 4;
  }
  if (y > before && rows[0]?.heading) y += 8;
  rows.forEach(({ heading, note, legend = [], headings = [], plots }, i) => {
    if (i > 0) y += rowGap;
    write(heading, style.subtitleSize, ` font-weight="600"`);
    write(note, style.textSize, ` fill="${style.mutedInk}"`);
    if (heading || note) y += 6;
    const own = drawLegend(legend, { ...inner, y });
    parts.push(own.svg);
    y += own.height;
    let x: number = panelInset;
    let rowHeight = 0;
    headings.forEach((text, i) => {
      const { width } = plots[i]!;
      const left = panelInset + sum(plots.slice(0, i), ({ width }) => width);
      const short = cutText(text, style.textSize, width * 0.9 - style.padding);
      parts.push(
        `<text x="${left + style.padding}" y="${y + style.textSize}" ` +
          `font-size="${style.textSize}" font-weight="600">` +
          `${escapeMarkup(short)}</text>`,
      );
    });
    if (headings.length > 0) y += style.textSize + 4;
    for (const { width, height, svg, tips } of plots) {
      const [left, top] = [x, y];
      parts.push(svg(left, top));
      makeTips.push(() => tips(left, top));
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
