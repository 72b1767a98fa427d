import type { Database } from "dnpc/sql";
import { relatedTypes } from "dnpc/sql";

/**
 * The types of span as a graph in the DOT language: an arrow from what holds to
 * what it holds, a dashed line between two that are equal.
 */
export function dotOfTypes(db: Database): string {
  const types = db.query<{ type: string; spans: number }>(
    "SELECT type, count(*) AS spans FROM span GROUP BY type ORDER BY type",
  );
  const relations = db.query<
    { type: string; relation: string; related_type: string; pairs: number }
  >(relatedTypes());
  return [
    "digraph dnpc {",
    "  rankdir=LR;",
    `  node [shape=box, style="rounded,filled", fillcolor="#f3f6fa", ` +
    `color="#8a96a3", margin="0.3,0.1", ${font}];`,
    `  edge [color="#5b6570", fontsize=11, ${font}];`,
    ...types.map(({ type, spans }) =>
      `  ${quoted(type)} [label=${quoted(`${type}\n${counted(spans)}`)}];`
    ),
    ...relations.map(({ type, relation, related_type, pairs }) =>
      `  ${quoted(type)} -> ${quoted(related_type)} ` +
      `[label=${quoted(` ${pairs.toLocaleString("en-US")} `)}` +
      `${relation === "equals" ? ", style=dashed, dir=none" : ""}];`
    ),
    "}",
    "",
  ].join("\n");
}

const font = 'fontname="Helvetica,Arial,sans-serif"';

const counted = (spans: number) =>
  `${spans.toLocaleString("en-US")} span${spans === 1 ? "" : "s"}`;

/**
 * Text in quotes, as DOT has it. A backslash would begin an escape, and a name
 * may have been anybody's.
 */
export const quoted = (text: string): string =>
  `"${
    text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")
      .replace(controls, "\ufffd").toWellFormed()
  }"`;

// deno-lint-ignore no-control-regex
const controls = /[\0-\x1f\x7f-\x9f]/g;
