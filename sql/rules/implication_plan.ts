import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { numbered } from "./conditions.ts";
import { type Findings, noFindings } from "./contradictions.ts";
import type { Keys } from "./keys.ts";
import type { ImpliesRule } from "./rules.ts";

/** An implication at work, with the names of its columns in SQL. */
export interface Plan extends Findings {
  rule: ImpliesRule;
  /** Columns of dnpc_key. */
  left: Sql[];
  right: Sql[];
  /** Which of the right were implied. */
  implied: Sql[];
  /** The temporary table of what leads to what: columns l0, ..., r0, ... */
  map: Sql;
  l: Sql[];
  r: Sql[];
  /** What spans are looked up in. */
  rows: Sql;
}

/**
 * The plans about attributes that are all there: the others never have anything
 * to give, for a value comes from a span that has it.
 */
export function plansWithValues(db: Database, plans: readonly Plan[]): Plan[] {
  const there = new Map<string, boolean>();
  const isThere = (column: Sql) => {
    const known = there.get(column.text);
    if (known !== undefined) return known;
    const found = db.query(sql`SELECT 1 FROM temp.dnpc_key
      WHERE ${column} IS NOT NULL LIMIT 1`).length > 0;
    there.set(column.text, found);
    return found;
  };
  return plans.filter(({ left, right }) => [...left, ...right].every(isThere));
}

/** A rule made ready. */
export function plan(
  keys: Keys,
  text: string,
  rule: ImpliesRule,
  number: number,
): Plan {
  return {
    ...noFindings(rule, text),
    left: rule.implies.map(keys.column),
    right: rule.gives.map(keys.column),
    implied: rule.gives.map(keys.implied),
    map: sql.id(`dnpc_map_${number}`),
    l: numbered("l", rule.implies),
    r: numbered("r", rule.gives),
    rows: keys.rows,
  };
}
