import { withShortStack } from "../../display/notebook/jupyter.ts";
import { type Chart, type ChartOptions, defaultWidth, plot } from "./chart.ts";
import { panelsWidth } from "../drawing/figure.ts";
import { givenDomain } from "../drawing/merge.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import type { Panel, PanelRow } from "./plot_types.ts";
import type { Channel, Rows } from "../rows/channels.ts";
import { areApart } from "../rows/series.ts";
import { splitRows } from "../rows/split.ts";
import { counted } from "./words.ts";

/** What every helper takes: words, any option of Plot, and facets. */
export interface HelperOptions extends Omit<ChartOptions, "facet" | "panels"> {
  /**
   * Which column tells the rows apart that are drawn each in a plot of their
   * own, one below the other with the same axes: runs, executors, blocks.
   */
  facet?: Channel | undefined;
  /**
   * Whether facets or series each start at the left, at their own first time.
   * If not given: where none of them overlaps another in time, as runs that
   * came one after the other.
   */
  alignStart?: boolean | undefined;
}

/** From where to where an axis goes. */
export type Domain = [number, number];

/** A kind of chart: how rows become data, and what is drawn and said of them. */
export interface ChartKind<Data, Options extends HelperOptions> {
  /** How high one plot is, in pixels, if the user does not say. */
  height: number;
  /** Rows to columns. Done for each facet. */
  read(rows: Rows | Data, options: Options & Part): Data;
  /** Options that hold for all facets, such as a colour for each name. */
  share?(data: readonly Data[], options: Options & Part): Options;
  /** From where to where the data go, so that facets have the same axes. */
  extent?(data: Data, options: Options): Extent;
  /** The plots of the data, row below row, within `width`. */
  plots(
    data: Data,
    options: Options & Part & { width: number },
  ): Panel[][] | Drawing;
  title(data: Data, options: Options): string;
  /** The numbers of the data, and what of the rows is not drawn. */
  caption(data: Data, options: Options & Part): string;
  legend?(
    data: readonly Data[],
    options: Options & Part,
  ): LegendEntry[] | undefined;
}

/** How large what is drawn of one facet may be. */
export interface Part {
  /** Its part of the chart's size: 1, where there are no facets. */
  part: number;
}

/** Plots, and what is to be said of how they could be drawn. */
export interface Drawing {
  panels: Panel[][];
  /** Sentences that stand at the end of the caption. */
  words: string[];
}

/** What facets share; nothing is shared of an axis that is left out. */
export interface Extent {
  x?: Domain;
  y?: Domain;
  /** Whether `x` is time, which facets may each count from their own start. */
  isTime?: boolean;
}

/** A chart of rows, of one kind. The helpers end here. */
export function chartOf<Data, Options extends HelperOptions>(
  kind: ChartKind<Data, Options>,
  rows: Rows | Data,
  given: Options,
): Chart {
  try {
    return drawnChart(kind, rows, given);
  } catch (error) {
    throw withShortStack(error);
  }
}

function drawnChart<Data, Options extends HelperOptions>(
  kind: ChartKind<Data, Options>,
  rows: Rows | Data,
  given: Options,
): Chart {
  const width = given.width ?? defaultWidth;
  if (given.facet === undefined) {
    const data = kind.read(rows, { ...given, part: 1 });
    const options = shared(kind, [data], { ...given, part: 1 });
    const { panels, words } = drawing(kind.plots(data, {
      height: kind.height,
      ...options,
      width: panelsWidth(width),
    }));
    return plot({
      ...wordsOf(kind, [data], options),
      caption: options.caption ??
        [kind.caption(data, options), ...words].join(" "),
      ...(panels.length === 1 && panels[0]!.length === 1
        ? { ...panels[0]![0], width }
        : { width, panels: panels.map((plots) => ({ plots })) }),
    });
  }
  const { parts, left } = splitRows(
    rows as Rows,
    given.facet,
    mostFacets,
  );
  if (parts.length === 0) {
    return drawnChart(kind, [], { ...given, facet: undefined });
  }
  const part = 1 / parts.length;
  const facets = parts.map(({ name, rows }) => ({
    name,
    data: kind.read(rows, { ...given, part }),
  }));
  const options = shared(
    kind,
    facets.map(({ data }) => data),
    { ...given, part },
  );
  const domains = sharedDomains(
    facets.map(({ data }) => kind.extent?.(data, options) ?? {}),
    options.alignStart,
  );
  return plot({
    ...wordsOf(kind, facets.map(({ data }) => data), options),
    caption: options.caption ??
      (left ? `${counted(left, "more facet")} not drawn.` : ""),
    width,
    panels: facets.flatMap(({ name, data }, i): PanelRow[] => {
      const { panels, words } = drawing(kind.plots(data, {
        height: Math.round(kind.height * facetHeight),
        ...options,
        ...(options.height ? { height: options.height / facets.length } : {}),
        x: withDomain(options.x, domains[i]!.x),
        y: withDomain(options.y, domains[i]!.y),
        width: panelsWidth(width),
      }));
      const note = [kind.caption(data, options), ...words].join(" ");
      return panels.map((plots, row) =>
        row === 0 ? { heading: name, note, plots } : { plots }
      );
    }),
  });
}

const mostFacets = 12;
// Beside others, a plot says what it has to say in less room.
const facetHeight = 0.65;

function shared<Data, Options extends HelperOptions>(
  kind: ChartKind<Data, Options>,
  data: readonly Data[],
  given: Options & Part,
): Options & Part {
  return { ...(kind.share?.(data, given) ?? given), part: given.part };
}

const drawing = (drawn: Panel[][] | Drawing): Drawing =>
  Array.isArray(drawn) ? { panels: drawn, words: [] } : drawn;

function wordsOf<Data, Options extends HelperOptions>(
  kind: ChartKind<Data, Options>,
  data: readonly Data[],
  options: Options & Part,
): ChartOptions {
  return {
    title: options.title ?? kind.title(data[0]!, options),
    subtitle: options.subtitle,
    legend: options.legend ?? kind.legend?.(data, options),
  };
}

function withDomain<Scale extends object>(
  scale: Scale | null | undefined,
  domain: Domain | undefined,
): Scale | null | undefined {
  if (!domain || givenDomain(scale as { domain?: unknown })) return scale;
  return { ...scale, domain } as Scale & { domain: Domain };
}

function sharedDomains(
  extents: readonly Extent[],
  alignStart: boolean | undefined,
): { x: Domain | undefined; y: Domain | undefined }[] {
  const y = union(extents.map(({ y }) => y));
  const xs = extents.map(({ x }) => x);
  if (
    extents.some(({ isTime }) => isTime) &&
    (alignStart ?? areApart(xs.filter((x) => x !== undefined)))
  ) {
    const longest = Math.max(...xs.map((x) => x ? x[1] - x[0] : 0));
    return xs.map((x) => ({ x: x && [x[0], x[0] + longest], y }));
  }
  const x = union(xs);
  return extents.map(() => ({ x, y }));
}

function union(domains: readonly (Domain | undefined)[]): Domain | undefined {
  const known = domains.filter((domain) => domain !== undefined);
  if (known.length === 0) return undefined;
  return [
    Math.min(...known.map(([low]) => low)),
    Math.max(...known.map(([, high]) => high)),
  ];
}
