// A kind of chart is three functions, each called in this order:
//
//   read    turns rows into columns; once per facet.
//   derive  computes everything the chart shows: colours, bins, units, domains,
//           the numbers of the caption. It sees the columns of all facets
//           together, so that these agree, and returns the data of each facet.
//   draw    turns the data of one facet into plots and a caption. It counts,
//           bins and thins nothing, so that the caption cannot differ from the
//           drawing.
//
// chartOf() does the rest: facets, shared axes, title, legend, rendering.

import { withShortStack } from "../../display/notebook/jupyter.ts";
import type { Channel, Rows } from "../rows/channels.ts";
import { type Domain, type Extent, sharedAxes, splitRows } from "./facets.ts";
import { type Chart, plot } from "./chart.ts";
import { defaultWidth, figureWidth, panelsWidth } from "../drawing/figure.ts";
import { givenDomain } from "../drawing/merge.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import type {
  ChartOptions,
  Panel,
  PanelRow,
  ScaleOptions,
} from "./plot_types.ts";
import { counted } from "./captions.ts";

/** Options of every chart: texts, any option of Plot, and facets. */
export interface HelperOptions extends Omit<ChartOptions, "facet" | "panels"> {
  /**
   * Column whose values divide the rows into plots with the same axes, below
   * each other: runs, executors, blocks.
   */
  facet?: Channel | undefined;
  /**
   * Whether each facet or series starts at the left, at its own first time. By
   * default if no two overlap in time, as with consecutive runs.
   */
  alignStart?: boolean | undefined;
}

/** How rows become a chart of one kind. */
export interface ChartKind<
  Columns,
  Data extends FacetData,
  Options extends HelperOptions,
> {
  /**
   * Height of one plot in pixels, unless the user or its data say otherwise. A
   * facet is lower.
   */
  height: number;
  /** Reads the rows of one facet. */
  read(rows: Rows, options: Options): Columns;
  /** Computes the drawing and its texts, for all facets together. */
  derive(columns: readonly Columns[], options: Options): Derived<Data>;
  /** Draws one facet, unless its data do. */
  draw?(data: Data, options: Options & Size): Panel | Drawing | Panel[][];
}

/** Data of all facets, and of the chart as a whole. */
export interface Derived<Data> {
  /** One per facet, in the order of the columns. */
  facets: readonly Data[];
  title: string;
  legend?: readonly LegendEntry[] | undefined;
  /** Colour scale of all plots; draw() finds it in its options. */
  color?: ScaleOptions | undefined;
}

/** Data of one facet; a kind adds its own. */
export interface FacetData {
  /** Draws it: a single plot, or several, row below row. */
  draw?(options: HelperOptions & Size): Panel | Panel[][] | Drawing;
  /** Text below a single plot. */
  caption?: string | undefined;
  /** Ends of the axes, if facets are to share them. */
  extent?: Extent | undefined;
  /** Height of its plots in pixels, unless the user gives one. */
  height?: number | undefined;
  /** Width in pixels that its plots need; the chart grows to it. */
  minWidth?: number | undefined;
}

/** Room for the plots of one facet, in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** One facet, drawn. */
export interface Drawing {
  /** The plots, row below row. */
  panels: Panel[][];
  caption: string;
}

// Facets have fewer details each, and are drawn below each other.
const facetHeight = 0.65;

/** Makes a chart of rows. Every helper ends here. */
export function chartOf<
  Columns,
  Data extends FacetData,
  Options extends HelperOptions,
>(
  rows: Rows,
  options: Options,
  kind: ChartKind<Columns, Data, Options>,
): Chart {
  try {
    const { facet, alignStart, caption, subtitle } = options;
    const split = facet === undefined ? undefined : splitRows(rows, facet);
    const parts = split?.parts.length ? split.parts : undefined;
    const { facets, title, legend, color } = kind.derive(
      parts?.map(({ rows }) => kind.read(rows, options)) ??
        [kind.read(split ? [] : rows, options)],
      options,
    );
    const axes = parts
      ? sharedAxes(facets.map(({ extent = {} }) => extent), alignStart)
      : [];
    const width = Math.max(
      options.width ?? defaultWidth,
      ...facets.map(({ minWidth = 0 }) => figureWidth(minWidth)),
    );
    const drawings = facets.map((data, i): Drawing => {
      const sized = {
        ...options,
        color: color ?? options.color,
        x: withDomain(options.x, axes[i]?.x),
        y: withDomain(options.y, axes[i]?.y),
        width: panelsWidth(width),
        height: options.height
          ? options.height / facets.length
          : data.height ?? Math.round(kind.height * (parts ? facetHeight : 1)),
      };
      const drawn = kind.draw?.(data, sized) ?? data.draw!(sized);
      return "panels" in drawn ? drawn : {
        panels: Array.isArray(drawn) ? drawn : [[drawn]],
        caption: data.caption ?? "",
      };
    });
    const words = {
      title: options.title ?? title,
      subtitle,
      legend: options.legend ?? legend,
      width,
    };
    const [only] = drawings;
    if (!parts && only) {
      const { panels } = only;
      return plot({
        ...(panels.length === 1 && panels[0]!.length === 1
          ? panels[0]![0]
          : { panels: panels.map((plots) => ({ plots })) }),
        ...words,
        caption: caption ?? only.caption,
      });
    }
    return plot({
      ...words,
      caption: caption ??
        (split?.left ? `${counted(split.left, "more facet")} not drawn.` : ""),
      panels: drawings.flatMap(({ panels, caption }, i): PanelRow[] =>
        panels.map((plots, row) =>
          row === 0
            ? { heading: parts![i]!.name, note: caption, plots }
            : { plots }
        )
      ),
    });
  } catch (error) {
    throw withShortStack(error);
  }
}

function withDomain<Scale extends object>(
  scale: Scale | null | undefined,
  domain: Domain | undefined,
): Scale | null | undefined {
  if (!domain || givenDomain(scale as { domain?: unknown })) return scale;
  return { ...scale, domain } as Scale & { domain: Domain };
}
