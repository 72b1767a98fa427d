// @ts-types="npm:@types/d3-array@3.2.2"
import { sort } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { printable } from "../../display/text/untrusted.ts";
import { count, counted } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import { helperOptionNames, type HelperOptions } from "../chart/chart_kind.ts";
import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import type { Graph } from "./graph.ts";
import { graphChart } from "./graph_chart.ts";

/** Columns with the relations of types of spans. */
export interface TypeRelationChannels {
  /** The type that contains or equals the other. First column. */
  type?: Channel | undefined;
  /** "equals", or any other text if one contains the other. Second column. */
  relation?: Channel | undefined;
  /** The other type. Third column. */
  relatedType?: Channel | undefined;
  /** Number of pairs of spans with this relation. Fourth column. */
  pairs?: Channel | undefined;
}

/** Options of {@linkcode spanTypeDot}. */
export interface SpanTypeOptions extends TypeRelationChannels {
  /**
   * Types and their numbers of spans, in the first two columns, as from
   * `spanTypes()`. Without it only related types are drawn, without numbers.
   */
  types?: Rows | undefined;
}

/** Options of {@linkcode spanTypeGraph}. */
export interface SpanTypeGraphOptions
  extends SpanTypeOptions, Omit<HelperOptions, "alignStart"> {}

/**
 * Draws the types of spans, with an arrow from each type to the types nested in
 * it, and a dashed line between types that describe the same entities, each
 * labelled with the number of pairs. Takes the rows of `relatedTypes()` or
 * similar ones: a type, its relation, the other type, the number of pairs;
 * `types` takes the rows of `spanTypes()`.
 *
 * Returns a promise, because it loads Graphviz for the layout. The chart is at
 * least `width` wide, and wider if the graph needs it.
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
 * assert.match(chart.caption, /^4 types of span: 1 nested pair/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column; or
 * if `types` is given together with `facet`.
 */
export async function spanTypeGraph(
  rows: Rows,
  options: SpanTypeGraphOptions = {},
): Promise<Chart> {
  checkOptions("spanTypeGraph", options, {
    type: true,
    relation: true,
    relatedType: true,
    pairs: true,
    types: true,
    ...helperOptionNames,
  });
  if (options.facet != null && options.types !== undefined) {
    throw new TypeError(
      "`types` counts the spans of all facets together: leave it out",
    );
  }
  return await graphChart(rows, options, {
    title: "How are the types of spans related?",
    empty: "No types",
    edges: ["holds", "equals"],
    read: (rows) => typeRelations(rows, options),
    derive: (all, place) => ({
      names: [
        ...new Set(
          all.flatMap(({ types }) =>
            types.map(({ type }) => componentOf(type))
          ),
        ),
      ],
      facets: all.map((data) => (width) => ({
        placed: place(graphOfTypes(data), width),
        caption: captionOf(data),
      })),
    }),
  });
}

/** Types of spans, and their relations. */
function typeRelations(
  rows: Rows,
  { types, type, relation, relatedType, pairs }: SpanTypeOptions,
) {
  const read = readChannels(rows, { type, relation, relatedType, pairs });
  const known = readChannels(types ?? [], { type: 0, spans: 1 });
  const spans = new Map<string, number | undefined>();
  known.type.values.forEach((type, i) =>
    spans.set(String(type), numberIn(known.spans.values[i], "spans", i))
  );
  const relations = Array.from({ length: read.length }, (_, i) => ({
    type: String(read.type.values[i]),
    isEqual: read.relation.values[i] === "equals",
    relatedType: String(read.relatedType.values[i]),
    pairs: numberIn(read.pairs.values[i], "pairs", i),
  }));
  for (const { type, relatedType } of relations) {
    spans.getOrInsert(type, undefined);
    spans.getOrInsert(relatedType, undefined);
  }
  return {
    /** `spans` is undefined if it was not given. */
    types: sort(spans, ([type]) => type)
      .map(([type, spans]) => ({ type, spans })),
    relations,
  };
}

type TypeRelations = ReturnType<typeof typeRelations>;

function numberIn(value: unknown, of: string, row: number): number {
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw new TypeError(
    `row ${row} must have a number of ${of}; it has ${
      JSON.stringify(String(value))
    }`,
  );
}

function graphOfTypes({ types, relations }: TypeRelations): Graph {
  return {
    nodes: types.map(({ type, spans }) => {
      // The last two parts of a type distinguish it from others.
      const parts = type.split(".");
      const outer = parts.slice(0, -2).join(".");
      const number = spans === undefined ? undefined : counted(spans, "span");
      return {
        name: type,
        title: parts.slice(-2).join("."),
        note: [outer, number].filter(Boolean).join("\n"),
        shares: [{ name: componentOf(type), share: 1 }],
        tip: [type, number].filter(Boolean).join("\n"),
      };
    }),
    edges: relations.map(({ type, relatedType, isEqual, pairs }) => ({
      from: type,
      to: relatedType,
      label: count(pairs),
      dashed: isEqual,
      mutual: isEqual,
    })),
  };
}

/** The component that recorded spans of a type: the type without its last part. */
const componentOf = (type: string) => type.replace(/\.[^.]*$/, "");

function captionOf({ types, relations }: TypeRelations): string {
  if (types.length === 0) return "No types.";
  const equal = relations.filter(({ isEqual }) => isEqual).length;
  const holds = relations.length - equal;
  return `${counted(types.length, "type of span", "types of span")}: ` +
    `${counted(holds, "nested pair")}, ${counted(equal, "equal pair")}. ` +
    "Numbers count pairs of spans.";
}

/**
 * Writes the types of spans and their relations in the DOT language, for your
 * own Graphviz: an arrow from each type to the types nested in it, a dashed
 * line between equal ones. Takes the rows of {@linkcode spanTypeGraph}.
 *
 * @example
 * ```ts
 * import { spanTypeDot } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const dot = spanTypeDot([["task", "holds", "try", 12]]);
 * assert.ok(dot.includes('"task" -> "try" [label=" 12 "];'));
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function spanTypeDot(rows: Rows, options: SpanTypeOptions = {}): string {
  checkOptions("spanTypeDot", options, {
    type: true,
    relation: true,
    relatedType: true,
    pairs: true,
    types: true,
  });
  const { nodes, edges } = graphOfTypes(typeRelations(rows, options));
  return [
    "digraph dnpc {",
    "  rankdir=LR;",
    `  node [shape=box, style="rounded,filled", fillcolor="#f3f6fa", ` +
    `color="#8a96a3", margin="0.3,0.1", ${font}];`,
    `  edge [color="#5b6570", fontsize=11, ${font}];`,
    ...nodes.map(({ name, tip }) =>
      `  ${quoted(name)} [label=${quoted(tip!)}];`
    ),
    ...edges.map(({ from, to, label, dashed }) =>
      `  ${quoted(from)} -> ${quoted(to)} [label=${quoted(` ${label} `)}` +
      `${dashed ? ", style=dashed, dir=none" : ""}];`
    ),
    "}",
    "",
  ].join("\n");
}

const font = 'fontname="Helvetica,Arial,sans-serif"';

/** A quoted DOT string. A backslash in a name would begin an escape. */
const quoted = (text: string): string =>
  `"${printable(text).replace(/[\\"]/g, "\\$&").replace(/\r?\n/g, "\\n")}"`;
