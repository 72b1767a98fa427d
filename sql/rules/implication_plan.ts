import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { anyOf, numbered, of } from "./columns.ts";
import type { Findings } from "./contradictions.ts";
import type { Keys } from "./keys.ts";
import type { ImpliesRule } from "./rules.ts";

/** An implication at work, with its columns in SQL. */
export interface Plan {
  findings: Findings<ImpliesRule>;
  /** Columns of dnpc_key. */
  left: Sql[];
  right: Sql[];
  /** The columns that are 1 if the right ones are implied. */
  implied: Sql[];
  /** The temporary table that maps left values l0, ... to right ones r0, ... */
  map: Sql;
  l: Sql[];
  r: Sql[];
  /** The table of the spans, or whatever the rows are. */
  rows: Sql;
}

/** Prepares a rule. */
export function plan(keys: Keys, findings: Findings<ImpliesRule>): Plan {
  const { rule: { implies, gives }, id } = findings;
  return {
    findings,
    left: implies.map(keys.column),
    right: gives.map(keys.column),
    implied: gives.map(keys.implied),
    map: sql.id(`dnpc_map_${id}`),
    l: numbered("l", implies),
    r: numbered("r", gives),
    rows: keys.rows,
  };
}

/**
 * The plans whose attributes all exist. The others have nothing to give,
 * because a value comes from a span that has it.
 */
export function plansWithValues(db: Database, plans: readonly Plan[]): Plan[] {
  const columns = plans.flatMap(({ left, right }) => [...left, ...right]);
  const used = new Set<string>();
  for (const [text, column] of new Map(columns.map((c) => [c.text, c]))) {
    const found = db.query(sql`SELECT 1 FROM temp.dnpc_key
      WHERE ${column} IS NOT NULL LIMIT 1`);
    if (found.length > 0) used.add(text);
  }
  return plans.filter(({ left, right }) =>
    [...left, ...right].every(({ text }) => used.has(text))
  );
}

/** One of several spans: the first whose right values are not implied, if any. */
export function representative({ implied }: Plan): Sql {
  return sql`coalesce(
    min(k.span_id) FILTER (WHERE NOT ${anyOf(of(sql`k`, implied))}),
    min(k.span_id))`;
}
