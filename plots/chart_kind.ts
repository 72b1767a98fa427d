import { type Chart, type ChartOptions, defaultWidth, plot } from "./chart.ts";
import { panelsWidth } from "./drawing/figure.ts";
import { givenDomain } from "./drawing/merge.ts";
import type { LegendEntry } from "./drawing/legend.ts";
import type { Panel, PanelRow } from "./plot_types.ts";
import type { Channel, Rows } from "./rows/channels.ts";
import { areApart } from "./rows/series.ts";
import { splitRows } from "./rows/split.ts";
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
  /**
   * Rows to columns. Done for each facet; `part` is its part of the chart's
   * size, 1 where there are no facets.
   */
  read(rows: Rows | Data, options: Options, part: number): Data;
  /** Options that hold for all facets, such as a colour for each name. */
  share?(data: readonly Data[], options: Options): Options;
  /** From where to where the data go, so that facets have the same axes. */
  extent?(data: Data, options: Options): Extent;
  /** The plots of the data, row below row, within `width`. */
  plots(
    data: Data,
    options: Options & { width: number },
    part: number,
  ): Panel[][];
  title(data: Data, options: Options): string;
  /** The numbers of the data, and what of the rows is not drawn. */
  caption(data: Data, options: Options): string;
  legend?(data: readonly Data[], options: Options): LegendEntry[] | undefined;
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
  const width = given.width ?? defaultWidth;
  if (given.facet === undefined) {
    const data = kind.read(rows, given, 1);
    const options = kind.share?.([data], given) ?? given;
    const panels = kind.plots(data, {
      height: kind.height,
      ...options,
      width: panelsWidth(width),
    }, 1);
    return plot({
      ...wordsOf(kind, [data], options),
      caption: options.caption ?? kind.caption(data, options),
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
    return chartOf(kind, [], { ...given, facet: undefined });
  }
  const part = 1 / parts.length;
  const facets = parts.map(({ name, rows }) => ({
    name,
    data: kind.read(rows, given, part),
  }));
  const options = kind.share?.(facets.map(({ data }) => data), given) ?? given;
  const shared = sharedDomains(
    facets.map(({ data }) => kind.extent?.(data, options) ?? {}),
    options.alignStart,
  );
  return plot({
    ...wordsOf(kind, facets.map(({ data }) => data), options),
    caption: options.caption ??
      (left ? `${counted(left, "more facet")} not drawn.` : ""),
    width,
    panels: facets.flatMap(({ name, data }, i): PanelRow[] =>
      kind.plots(data, {
        height: Math.round(kind.height * facetHeight),
        ...options,
        ...(options.height ? { height: options.height / facets.length } : {}),
        x: withDomain(options.x, shared[i]!.x),
        y: withDomain(options.y, shared[i]!.y),
        width: panelsWidth(width),
      }, part).map((plots, row) => ({
        heading: row === 0 ? name : undefined,
        note: row === 0 ? kind.caption(data, options) : undefined,
        plots,
      }))
    ),
  });
}

const mostFacets = 12;
// Beside others, a plot says what it has to say in less room.
const facetHeight = 0.65;

function wordsOf<Data, Options extends HelperOptions>(
  kind: ChartKind<Data, Options>,
  data: readonly Data[],
  options: Options,
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
