import type { PanelRow } from "../chart/plot_types.ts";
import { escapeMarkup } from "../../display/text/untrusted.ts";
import { drawLegend, type LegendEntry } from "./legend.ts";
import { type DrawnPanel, drawPanel, type PanelTips } from "./panel.ts";
import { style } from "./style.ts";
import { hash, wrapText } from "./text.ts";

/** Contents of one SVG: texts, a legend and plots, row below row. */
export interface Figure {
  width: number;
  title?: string | undefined;
  subtitle?: string | undefined;
  caption?: string | undefined;
  legend?: readonly LegendEntry[] | undefined;
  /** Plots, each with its own width and height. */
  panels: readonly PanelRow[];
}

export interface DrawnFigure {
  svg: string;
  height: number;
  /** Makes the tips of its plots. */
  tips: () => PanelTips[];
}

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

/** A figure as the text of one SVG, its own background included. */
export function drawFigure(figure: Figure): DrawnFigure {
  const { width } = figure;
  const inner = { x: style.padding, width: width - 2 * style.padding };
  const parts: string[] = [];
  const panels: DrawnPanel[] = [];
  let y: number = style.padding;

  const write = (text: string | undefined, size: number, attributes = "") => {
    if (!text) return;
    for (const line of wrapText(text, size, inner.width)) {
      y += Math.round(size * 1.35);
      parts.push(
        `<text x="${inner.x}" y="${y - Math.round(size * 0.35)}" ` +
          `font-size="${size}"${attributes}>${escapeMarkup(line)}</text>`,
      );
    }
  };

  write(figure.title, style.titleSize, ` font-weight="600"`);
  write(figure.subtitle, style.subtitleSize, ` fill="${style.mutedInk}"`);
  if (figure.title || figure.subtitle) y += 8;
  const legend = drawLegend(figure.legend ?? [], { ...inner, y });
  parts.push(legend.svg);
  y += legend.height;
  if (legend.height && figure.panels[0]?.heading) y += 8;
  figure.panels.forEach(({ heading, note, plots }, i) => {
    if (i > 0) y += rowGap;
    write(heading, style.subtitleSize, ` font-weight="600"`);
    write(note, style.textSize, ` fill="${style.mutedInk}"`);
    if (heading || note) y += 6;
    let x: number = panelInset;
    for (const plot of plots) {
      const panel = drawPanel(plot, { x, y });
      parts.push(panel.svg);
      panels.push(panel);
      x += plot.width ?? panelsWidth(width);
    }
    y += Math.max(0, ...plots.map(({ height }) => height ?? 0));
  });
  if (figure.caption) y += 4;
  write(figure.caption, style.textSize, ` fill="${style.mutedInk}"`);
  const height = y + style.padding;

  const label = figure.title ?? "chart";
  return {
    height,
    tips: () => panels.flatMap(({ tips }) => tips()),
    svg: withOwnIds(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" ` +
        `height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
        `aria-label="${escapeMarkup(label)}" fill="${style.ink}" ` +
        `font-family="${style.fontFamily}">` +
        `<rect width="${width}" height="${height}" ` +
        `fill="${style.background}"/>${parts.join("")}</svg>`,
    ),
  };
}

// Plot numbers its clip paths. A page may hold charts of several sessions with
// the same numbers, so ids get a hash of the chart.
function withOwnIds(svg: string): string {
  const ids = new Map<string, number>();
  const numbered = svg.replace(
    /( id="| clip-path="url\(#)plot-clip-(\d+)/g,
    (_, before, id) => {
      if (!ids.has(id)) ids.set(id, ids.size);
      return `${before}clip-${ids.get(id)}`;
    },
  );
  if (ids.size === 0) return svg;
  const name = hash(numbered).toString(36);
  return numbered.replace(
    /( id="| clip-path="url\(#)clip-(\d+)/g,
    (_, before, id) => `${before}clip-${name}-${id}`,
  );
}
