import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { quoted } from "./dot.ts";
import { counted } from "../chart/words.ts";

/** Which columns say which type of span holds or equals which. */
export interface TypeRelationChannels {
  /** The type that holds, or that is equal. First column. */
  type?: Channel | undefined;
  /** How they are related: "equals", or else one holds the other. Second. */
  relation?: Channel | undefined;
  /** The other type. Third column. */
  relatedType?: Channel | undefined;
  /** How many pairs of spans are so related. Fourth column. */
  pairs?: Channel | undefined;
}

/** What {@linkcode spanTypeGraph} and {@linkcode spanTypeDot} take. */
export interface SpanTypeOptions extends TypeRelationChannels {
  /**
   * The types with the number of their spans, in the first two columns: what
   * spanTypes() gives. Without it only types that are related are drawn, and
   * without their numbers.
   */
  types?: Rows | undefined;
}

/** Types of spans, and how they are related. */
export interface TypeRelations {
  /** The types; spans is undefined where nobody counted. */
  types: { type: string; spans: number | undefined }[];
  relations: {
    type: string;
    isEqual: boolean;
    relatedType: string;
    pairs: number;
  }[];
}

/** Reads types and how they are related. */
export function typeRelations(
  rows: Rows,
  { types, type, relation, relatedType, pairs }: SpanTypeOptions,
): TypeRelations {
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
    for (const name of [type, relatedType]) {
      if (!spans.has(name)) spans.set(name, undefined);
    }
  }
  return {
    types: spans.entries().map(([type, spans]) => ({ type, spans })).toArray()
      .sort((a, b) => a.type < b.type ? -1 : a.type > b.type ? 1 : 0),
    relations,
  };
}

function numberIn(value: unknown, what: string, row: number): number {
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw new TypeError(
    `row ${row} must say how many ${what} there are; it says ${
      JSON.stringify(String(value))
    }`,
  );
}

/**
 * The types of spans and how they are related in the DOT language, for a
 * Graphviz of your own: an arrow from what holds to what it holds, a dashed line
 * between two that are equal. The rows are those of {@linkcode spanTypeGraph}.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function spanTypeDot(rows: Rows, options: SpanTypeOptions = {}): string {
  const { types, relations } = typeRelations(rows, options);
  return [
    "digraph dnpc {",
    "  rankdir=LR;",
    `  node [shape=box, style="rounded,filled", fillcolor="#f3f6fa", ` +
    `color="#8a96a3", margin="0.3,0.1", ${font}];`,
    `  edge [color="#5b6570", fontsize=11, ${font}];`,
    ...types.map(({ type, spans }) =>
      `  ${quoted(type)} [label=${
        quoted(
          spans === undefined ? type : `${type}\n${counted(spans, "span")}`,
        )
      }];`
    ),
    ...relations.map(({ type, isEqual, relatedType, pairs }) =>
      `  ${quoted(type)} -> ${quoted(relatedType)} ` +
      `[label=${quoted(` ${pairs.toLocaleString("en-US")} `)}` +
      `${isEqual ? ", style=dashed, dir=none" : ""}];`
    ),
    "}",
    "",
  ].join("\n");
}

const font = 'fontname="Helvetica,Arial,sans-serif"';
