// A kind of chart is three functions, each called in this order:
//
//   read    turns rows into columns; once per facet.
//   derive  computes everything the chart shows: colours, bins, units, domains,
//           the numbers of the caption. It sees the columns of all facets
//           together, so that these agree, and returns the facets.
//   draw    of a facet gives its plots. It counts, bins and thins nothing, so
//           that the caption cannot differ from the drawing.
//
// chartOf() does the rest: facets, shared axes, title, legend, rendering.

import { chartOptionNames } from "./chart_options.ts";
import { max } from "d3-array";
import type { OptionNames } from "../../display/text/mistakes.ts";
import { withShortStack } from "../../display/notebook/jupyter.ts";
import type { Channel, Rows } from "../rows/channels.ts";
import {
  type Domain,
  type Extent,
  facetsOf,
  headingsOf,
  heldRows,
  sharedAxes,
  splitRows,
  usableParts,
} from "./facets.ts";
import { type Chart, chartInWidths } from "./chart.ts";
import {
  axesOf,
  cellHeight,
  fitInGrid,
  gridColumns,
  gridRows,
  maxInColumn,
  maxInGrid,
} from "./facet_grid.ts";
import { figureWidth, panelsWidth } from "../drawing/figure.ts";
import { givenDomain } from "../drawing/merge.ts";
import { chartSize, type Length } from "../drawing/size.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import type {
  ChartOptions,
  Panel,
  PanelRow,
  ScaleOptions,
} from "./plot_types.ts";
import { notes, sentences } from "./captions.ts";

/** Options of every chart: texts, any option of Plot, and facets. */
export interface HelperOptions extends Omit<ChartOptions, "facet" | "panels"> {
  /**
   * Column whose values divide the rows into plots with the same axes, below
   * each other, or small and side by side if there are more than twelve: runs,
   * executors, blocks. By default the column "run", if it has several values and
   * no other option names it; null for a single plot.
   */
  facet?: Channel | null | undefined;
  /**
   * Whether each facet or series starts at the left, at its own first time. By
   * default if no two overlap in time, as with consecutive runs.
   */
  alignStart?: boolean | undefined;
}

const { facet: _, panels: __, ...plotOptionNames } = chartOptionNames;

export const helperOptionNames: OptionNames<HelperOptions> = {
  facet: true,
  alignStart: true,
  ...plotOptionNames,
};

/** How rows become a chart of one kind. */
interface ChartKind<Columns> {
  /**
   * Height of one plot in pixels, unless the user or its data say otherwise. A
   * facet is lower.
   */
  height: number;
  /** Whether rows with these columns show their runs without facets. */
  ownsRuns?(names: readonly string[]): boolean;
  /** Reads the rows of one facet. */
  read(rows: Rows): Columns;
  /**
   * Computes the drawing and its texts, for all facets together; `width` is that
   * of the plots of a row, in pixels.
   */
  derive(columns: readonly Columns[], width: number): {
    /** One per facet, in the order of the columns. */
    facets: readonly FacetData[];
    title: string;
    legend?: readonly LegendEntry[] | undefined;
    /** Colour scale of all plots; draw() finds it in its options. */
    color?: ScaleOptions | undefined;
  };
}

/** One facet, ready to be drawn. */
export interface FacetData {
  /** Draws it: a single plot, or several, row below row. */
  draw(
    options: DrawOptions,
  ): Panel | Panel[][] | Drawing;
  /** Text below a single plot. */
  caption?: string | undefined;
  /** Legend of this facet alone, such as of a raster. */
  legend?: readonly LegendEntry[] | undefined;
  /** Ends of the axes, if facets are to share them. */
  extent?: Extent | undefined;
  /** Height of its plots in pixels, unless the user gives one. */
  height?: number | undefined;
  /** Width in pixels that its plots need; the chart grows to it. */
  minWidth?: number | undefined;
}

/** Several plots of a facet, row below row. */
export interface Drawing {
  panels: Panel[][];
  caption: string;
  /** Names of the colour scale that are seen: the legend has no others. */
  seen?: ReadonlySet<string> | undefined;
  /** A legend for each row of plots that has its own. */
  legends?: readonly (readonly LegendEntry[] | undefined)[] | undefined;
}

/** The options of a chart, and the room for the plots of one facet. */
export interface DrawOptions extends HelperOptions {
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
  /** Whether the user limits an axis: marks are clipped at its ends. */
  isLimited: boolean;
}

// Facets have fewer details each, and are drawn below each other.
const facetHeight = 0.65;

/** Makes a chart of rows. Every helper ends here. */
export function chartOf<Columns>(
  given: Rows,
  options: HelperOptions,
  kind: ChartKind<Columns>,
): Chart {
  try {
    const { rows, facet } = facetsOf(given, options, kind.ownsRuns);
    const held = facet === undefined ? rows : heldRows(rows);
    return chartOfFacets(held, options, kind, facet, maxInGrid) ??
      chartOfFacets(held, options, kind, facet, maxInColumn)!;
  } catch (error) {
    throw withShortStack(error);
  }
}

/** Undefined if there are so many facets, and their plots fit into no grid. */
function chartOfFacets<Columns>(
  rows: Rows,
  options: HelperOptions,
  { height, read, derive }: ChartKind<Columns>,
  facet: Channel | undefined,
  maxFacets: number,
): Chart | undefined {
  const { alignStart, subtitle } = options;
  const split = facet === undefined
    ? undefined
    : splitRows(rows, facet, maxFacets);
  const { parts, unusable } = split?.parts.length
    ? usableParts(split.parts, read)
    : { unusable: 0 };
  const isGrid = (parts?.length ?? 0) > maxInColumn;
  const columnsIn = (width: number) =>
    isGrid ? gridColumns(panelsWidth(width)) : 1;
  const headings = headingsOf(parts?.map(({ name }) => name) ?? [], facet);
  const fullWidth = chartSize(options).width;
  const { facets, title, legend, color = options.color } = derive(
    parts?.map(({ columns }) => columns) ?? [read(split ? [] : rows)],
    panelsWidth(fullWidth) / columnsIn(fullWidth),
  );
  const axes = parts
    ? sharedAxes(facets.map(({ extent = {} }) => extent), alignStart)
    : [];
  const isLimited = [options.x, options.y].some(givenDomain);
  const needed = max(facets, ({ minWidth = 0 }) => figureWidth(minWidth)) ?? 0;
  const drawIn = (width: number, columns = columnsIn(width)) => {
    const plotHeight = isGrid
      ? cellHeight
      : Math.round(height * (parts ? facetHeight : 1));
    return (data: FacetData, i: number, marginLeft?: number): Drawing => {
      const drawn = data.draw({
        ...options,
        ...marginLeft !== undefined && { marginLeft },
        color,
        x: withDomain(options.x, axes[i]?.x),
        y: withDomain(options.y, axes[i]?.y),
        width: panelsWidth(width) / columns,
        height: options.height
          ? options.height / Math.ceil(facets.length / columns)
          : data.height ?? plotHeight,
        isLimited,
      });
      if ("panels" in drawn) return drawn as Drawing;
      const panels = Array.isArray(drawn) ? drawn : [[drawn]];
      return {
        panels,
        caption: data.caption ?? "",
        legends: [data.legend],
      };
    };
  };
  const first = isGrid ? drawIn(fullWidth, 1)(facets[0]!, 0) : undefined;
  if (first && !fitInGrid(facets, first)) return undefined;
  const inGrid = (drawings: readonly Drawing[], width: number): PanelRow[] =>
    gridRows(
      drawings.map(({ panels }) => panels[0]![0]!),
      headings,
      columnsIn(width),
      axesOf(first!.panels[0]![0]!, axes[0]?.x?.[0] === axes[1]?.x?.[0]),
    );
  const layOut = (asked?: Length): ChartOptions => {
    const size = chartSize({ ...options, width: asked });
    const width = Math.max(size.width, needed);
    const draw = drawIn(width);
    let drawings = facets.map((data, i) => draw(data, i));
    const marginLeft = parts && commonMargin(drawings);
    if (marginLeft) {
      drawings = facets.map((data, i) => draw(data, i, marginLeft));
    }
    const panels = isGrid
      ? inGrid(drawings, width)
      : drawings.flatMap(({ panels, caption, legends }, i) =>
        panels.map((plots, row): PanelRow => {
          const heading = row === 0 ? headings[i] : undefined;
          return {
            plots,
            ...(!options.legend && { legend: legends?.[row] }),
            ...(heading !== undefined && { heading, note: caption }),
          };
        })
      );
    const isOne = !parts && panels.length === 1 &&
      panels[0]!.plots.length === 1;
    const left = sentences(
      notes(
        [split?.left ?? 0, "more facet", "not drawn"],
        [unusable, "facet", "without a value that can be drawn"],
      ),
    );
    return {
      ...(isOne ? panels[0]!.plots[0] : { panels }),
      title: options.title ?? title,
      subtitle,
      legend: options.legend ?? [
        ...legend?.filter(isSeenIn(drawings, color)) ?? [],
        ...isOne ? panels[0]!.legend ?? [] : [],
      ],
      width: width > size.width ? width * size.scale : asked,
      fontSize: options.fontSize,
      caption: options.caption ?? (parts ? left : drawings[0]!.caption),
    };
  };
  return chartInWidths(layOut, options.width);
}

/** The left margin for plots that lie below each other and have several. */
function commonMargin(drawings: readonly Drawing[]): number | undefined {
  const rows = drawings.flatMap(({ panels }) => panels);
  if (rows.some(({ length }) => length > 1)) return undefined;
  const margins = new Set(
    rows.flat().flatMap(({ marginLeft }) => marginLeft ?? []),
  );
  return margins.size > 1 ? max(margins) : undefined;
}

/** Whether an entry of the legend is of a name that any of the drawings shows. */
function isSeenIn(
  drawings: readonly Drawing[],
  color: ScaleOptions | undefined,
): (entry: LegendEntry) => boolean {
  const known = new Set<unknown>(
    drawings.some(({ seen }) => seen) ? color?.domain : [],
  );
  // What a drawing's own legend says is not said again above all.
  const seen = new Set(
    drawings.flatMap(({ seen, legends }) => legends ? [] : [...seen ?? []]),
  );
  return ({ label }) => !known.has(label) || seen.has(label);
}

/** A scale over the domain, unless the user asks for another. */
const withDomain = (
  scale: ScaleOptions | undefined,
  domain: Domain | undefined,
): ScaleOptions | undefined =>
  domain && !givenDomain(scale) ? { ...scale, domain } : scale;
