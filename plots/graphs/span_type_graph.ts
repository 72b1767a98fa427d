import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { panelsWidth } from "../drawing/figure.ts";
import { wideEnough } from "./wide_enough.ts";
import type { Graph, PlacedGraph } from "./graph.ts";
import { type Graphviz, loadGraphviz } from "./graphviz.ts";
import { edgeColor } from "./graph_marks.ts";
import { graphPanel } from "./graph_panel.ts";
import { placeGraph } from "./place_graph.ts";
import type { Rows } from "../rows/channels.ts";
import { held } from "./task_rows.ts";
import {
  type SpanTypeOptions,
  type TypeRelations,
  typeRelations,
} from "./type_relations.ts";
import { counted } from "../chart/words.ts";

/** What {@linkcode spanTypeGraph} takes beside its rows. */
export interface SpanTypeGraphOptions
  extends SpanTypeOptions, Omit<HelperOptions, "alignStart"> {}

/**
 * Which type of span holds or equals which: an arrow from what holds to what it
 * holds, a dashed line between two accounts of the same things, the number of
 * pairs beside it. The rows are those of relatedTypes(), or alike: a type, how
 * it is related, the other type, how many pairs; `types` are the rows of
 * spanTypes().
 *
 * Graphviz lays it out, and is loaded for it: what comes back is a promise, which
 * a cell of a notebook awaits. The chart is as wide as it needs to be, and not
 * less than `width`.
 *
 * @example
 * ```ts
 * import { spanTypeGraph } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = await spanTypeGraph(
 *   [
 *     ["rundir.task", "holds", "rundir.try", 12],
 *     ["monitoring.task", "equals", "rundir.task", 9],
 *   ],
 *   { types: [["rundir.task", 9], ["rundir.try", 12], ["worker", 4]] },
 * );
 * assert.match(chart.caption, /^4 types of span: 1 holds/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named;
 * or if `types` is given together with `facet`.
 */
export async function spanTypeGraph(
  rows: Rows,
  options: SpanTypeGraphOptions = {},
): Promise<Chart> {
  if (options.facet !== undefined && options.types !== undefined) {
    throw new TypeError(
      "`types` counts the spans of all facets together: leave it out",
    );
  }
  const graphviz = await loadGraphviz();
  // It may be drawn twice.
  const all = held(rows);
  return wideEnough(options, (options) => {
    let needed = 0;
    const read = (rows: Rows | PlacedTypes): PlacedTypes => {
      const relations = typeRelations(rows as Rows, options);
      const data = placedTypes(relations, options, graphviz);
      needed = Math.max(needed, data.placed.width);
      return data;
    };
    return [chartOf({ ...spanTypeKind, read }, all, options), needed];
  });
}

interface PlacedTypes extends TypeRelations {
  placed: PlacedGraph;
}

const spanTypeKind: Omit<
  OldChartKind<PlacedTypes, SpanTypeGraphOptions>,
  "read"
> = {
  height: 0,
  share: (data, options) => ({
    ...options,
    color: colorScale(accountsOf(data), options),
  }),
  plots: ({ placed }, options) => [[graphPanel(placed, options, "No types")]],
  title: () => "Types of span",
  caption({ types, relations }) {
    if (types.length === 0) return "No types.";
    const equal = relations.filter(({ isEqual }) => isEqual).length;
    const holds = relations.length - equal;
    return `${counted(types.length, "type of span", "types of span")}: ` +
      `${counted(holds, "holds another", "hold another")}, ` +
      `${counted(equal, "is equal to another", "are equal to another")}. ` +
      "Numbers are of pairs of spans.";
  },
  legend: (data, { color }) => [
    ...legendOfNames(accountsOf(data), color),
    ...(data.some(({ relations }) => relations.length > 0)
      ? [
        { label: "holds", color: edgeColor, shape: "line" as const },
        { label: "equals", color: edgeColor, shape: "dashes" as const },
      ]
      : []),
  ],
};

function placedTypes(
  data: TypeRelations,
  { width }: { width: number },
  graphviz: Graphviz,
): PlacedTypes {
  const graph: Graph = {
    nodes: data.types.map(({ type, spans }) => {
      const account = accountOf(type);
      const [outer, title] = halves(type);
      const count = spans === undefined ? undefined : counted(spans, "span");
      return {
        name: type,
        title,
        note: [outer, count].filter(Boolean).join("\n"),
        shares: [{ name: account, share: 1 }],
        tip: [type, count].filter(Boolean).join("\n"),
      };
    }),
    edges: data.relations.map(({ type, relatedType, isEqual, pairs }) => ({
      from: type,
      to: relatedType,
      label: pairs.toLocaleString("en-US"),
      dashed: isEqual,
      mutual: isEqual,
    })),
  };
  return { ...data, placed: placeGraph(graph, panelsWidth(width), graphviz) };
}

/** Who tells of it: the type without its last part. */
const accountOf = (type: string) => type.replace(/\.[^.]*$/, "");

const accountsOf = (data: readonly TypeRelations[]) =>
  new Set(
    data.flatMap(({ types }) => types.map(({ type }) => accountOf(type))),
  );

/** A type's last two parts, which tell it from others, and what is before. */
function halves(type: string): [outer: string, inner: string] {
  const parts = type.split(".");
  return [parts.slice(0, -2).join("."), parts.slice(-2).join(".")];
}
