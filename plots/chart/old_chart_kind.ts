import type { Panel } from "./plot_types.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import type { Rows } from "../rows/channels.ts";
import type {
  ChartKind,
  Extent,
  FacetData,
  HelperOptions,
} from "./chart_kind.ts";

// The former contract of a chart kind, until every kind follows the new one.

export interface OldChartKind<Data, Options extends HelperOptions> {
  height: number;
  read(rows: Rows | Data, options: Options & Part): Data;
  share?(data: readonly Data[], options: Options & Part): Options;
  extent?(data: Data, options: Options): Extent;
  plots(
    data: Data,
    options: Options & Part & { width: number },
  ): Panel[][] | OldDrawing;
  title(data: Data, options: Options): string;
  caption(data: Data, options: Options & Part): string;
  legend?(
    data: readonly Data[],
    options: Options & Part,
  ): LegendEntry[] | undefined;
}

export interface Part {
  part: number;
}

export interface OldDrawing {
  panels: Panel[][];
  words: string[];
}

interface OldData<Data, Options> extends FacetData {
  data: Data;
  shared: Options & Part;
}

export function fromOldKind<Data, Options extends HelperOptions>(
  kind: OldChartKind<Data, Options>,
): ChartKind<Rows | Data, OldData<Data, Options>, Options> {
  return {
    height: kind.height,
    read: (rows) => rows,
    derive(sets, options) {
      const given = { ...options, part: 1 / sets.length };
      const data = sets.map((rows) => kind.read(rows, given));
      const shared = {
        ...(kind.share?.(data, given) ?? given),
        part: given.part,
      };
      const height = shared.height && shared.height / sets.length;
      return {
        facets: data.map((data) => ({
          data,
          shared,
          height,
          extent: kind.extent?.(data, shared),
        })),
        title: kind.title(data[0]!, shared),
        legend: kind.legend?.(data, shared),
        color: shared.color,
      };
    },
    draw({ data, shared }, { x, y, width, height }) {
      const own = { ...shared, x, y, width, height };
      const drawn = kind.plots(data, own);
      const { panels, words } = Array.isArray(drawn)
        ? { panels: drawn, words: [] }
        : drawn;
      return {
        panels,
        caption: [kind.caption(data, shared), ...words].join(" "),
      };
    },
  };
}
