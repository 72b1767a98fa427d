import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import type { Row } from "../values.ts";
import type { Contradiction } from "./report.ts";
import type { Rule } from "./rules.ts";

/** How many of each rule are kept. */
const most = 100;

/** What a rule found out about itself. */
export interface Findings {
  /** The rule. */
  rule: Rule;
  /** The rule as text. */
  text: string;
  /** Rows, or spans widened. */
  made: number;
  /** Inner spans without an outer one. */
  unbound: number;
  /** How many contradictions there are. */
  contradicted: number;
  /** The first of them. */
  contradictions: Contradiction[];
}

/** Nothing found yet. */
export function noFindings<R extends Rule>(
  rule: R,
  text: string,
): Findings & { rule: R } {
  const counts = { made: 0, unbound: 0, contradicted: 0 };
  return { rule, text, ...counts, contradictions: [] };
}

/** How many more contradictions are kept of this rule. */
export function roomFor({ contradictions }: Findings): number {
  return most - contradictions.length;
}

/** How many rows a query has. */
export function countRows(db: Database, query: Sql): number {
  const [row] = db.query<{ count: number }>(
    sql`SELECT count(*) AS count FROM (${query})`,
  );
  return row!.count;
}

/**
 * Keeps contradictions.
 *
 * @param rows one for each side, those of one contradiction together: columns
 * spanId, spanType, sourceId, the values compared as l0, l1, ... and, of an
 * implication, the values that they lead to as r0, r1, ...
 */
export function addContradictions(
  { rule, text, contradictions }: Findings,
  rows: readonly Row[],
): void {
  const [left, right] = "implies" in rule
    ? [rule.implies, rule.gives]
    : ["on" in rule ? rule.on : [], []];
  let last: string | undefined;
  for (const row of rows) {
    const on = pick(row, "l", left) as Record<string, string>;
    const values = pick(row, "r", right) as Record<string, string | null>;
    const [spanId, sourceId] = [row.spanId, row.sourceId] as number[];
    const identity = JSON.stringify(on);
    if (identity !== last) contradictions.push({ rule: text, on, sides: [] });
    last = identity;
    contradictions.at(-1)!.sides.push({
      ...{ values, spanId: spanId!, spanType: row.spanType as string },
      ...{ sourceId: sourceId!, sources: [] },
    });
  }
}

function pick(row: Row, prefix: string, names: readonly string[]) {
  return Object.fromEntries(names.map((name, i) => [name, row[prefix + i]]));
}
