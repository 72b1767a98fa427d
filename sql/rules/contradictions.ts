import type { Database } from "../database.ts";
import type { Sql } from "../sql_text.ts";
import { sql } from "../template.ts";
import type { Contradiction, RowSide } from "./report.ts";
import type { Rows } from "./rows.ts";
import { comparedNames, type Rule } from "./rules.ts";

/** Maximum of kept contradictions per rule. */
export const maxPerRule = 100;

/** Maximum of spans per type that are kept as sides of a contradiction. */
export const maxSides = 10;

/** Results of a rule so far. */
export interface Findings<R extends Rule = Rule> {
  rule: R;
  /** The rule as text. */
  text: string;
  /** Its id in the table rule, or among the rules of this call. */
  id: number;
  /** Rows in subspan or facet; for an implication, spans that got a value. */
  made: number;
  /** Inner spans without an outer span, if there is any outer span. */
  unbound: number;
  contradicted: number;
  /** The first contradictions. */
  contradictions: Contradiction<RuleSide>[];
}

/** One side of a contradiction. */
interface RuleSide {
  /** For an implication the values that the row leads to; otherwise empty. */
  values: Record<string, string | null>;
  row: number;
}

/** Findings for each rule, by their texts. */
export function startFindings<R extends Rule>(
  rules: ReadonlyMap<string, R>,
  ids?: ReadonlyMap<string, number>,
): Findings<R>[] {
  return [...rules].map(([text, rule], i) => ({
    rule,
    text,
    id: ids?.get(text) ?? i,
    made: 0,
    unbound: 0,
    contradicted: 0,
    contradictions: [],
  }));
}

/**
 * Keeps a contradiction, unless there are many of this rule.
 *
 * @param sides rows with equal values on the left side of the rule
 */
export function addContradiction(
  rows: Rows,
  { rule, text, contradictions }: Findings,
  sides: readonly number[],
): void {
  if (contradictions.length === maxPerRule) return;
  const [left, right] = "implies" in rule
    ? [rule.implies, rule.gives]
    : ["on" in rule ? comparedNames(rule)[0] : [], []];
  contradictions.push({
    rule: text,
    on: rows.valuesOf(sides[0]!, left) as Record<string, string>,
    sides: sides.map((row) => ({ values: rows.valuesOf(row, right), row })),
  });
}

/** The contradictions of all rules, with sides of another shape. */
export function contradictionsOf<Side>(
  findings: readonly Findings[],
  sideOf: (side: RuleSide) => Side,
): Contradiction<Side>[] {
  return findings.flatMap(({ contradictions }) =>
    contradictions.map((one) => ({ ...one, sides: one.sides.map(sideOf) }))
  );
}

/**
 * Fills in the sources of each side: for spans by their events, for events and
 * log records their own line.
 *
 * An attribute does not record which line it came from. The events of its span
 * do, and the one that has most of the values is the likeliest.
 */
export function findSources<S extends Pick<RowSide, "values" | "sources">>(
  db: Database,
  contradictions: readonly Contradiction<S>[],
  idOf: (side: S) => number,
  table = "span",
): void {
  if (contradictions.length === 0) return;
  const sides = contradictions.flatMap(({ on, sides }) =>
    sides.map((side) => ({ side, all: { ...on, ...side.values } }))
  );
  const wanted = JSON.stringify(sides.map(({ side, all }) => [
    idOf(side),
    Object.values(all).filter((value) => value !== null),
  ]));
  const found = db.iterate<{ side: number; path: string; line: number | null }>(
    table === "span" ? spanSources(wanted) : sql`
      SELECT side.key AS side, source.path, t.line
      FROM json_each(${wanted}) AS side
        JOIN ${sql.id(table)} AS t ON t.id = side.value ->> 0
        JOIN source ON source.id = t.source_id`,
  );
  for (const { side, ...source } of found) {
    sides[side]!.side.sources.push(source);
  }
}

/** Maximum of searched events per span. */
const maxEvents = 100;

const spanSources = (wanted: string): Sql =>
  sql`WITH
  side AS MATERIALIZED (
    SELECT key AS side, value ->> 0 AS span_id, value -> 1 AS expected
    FROM json_each(${wanted})),
  mention AS (
    SELECT side, source_id, line, (
      SELECT count(DISTINCT atom) FROM json_tree(event_row.attributes)
      WHERE CAST(atom AS TEXT) IN (SELECT value FROM json_each(expected))
    ) AS matches
    FROM side CROSS JOIN event_row ON event_row.id IN (
      SELECT id FROM event_row WHERE event_row.span_id = side.span_id
      ORDER BY time LIMIT ${maxEvents})
    UNION ALL
    SELECT side, source_id, NULL, -1 FROM side JOIN span ON id = span_id),
  best AS (
    SELECT *, row_number() OVER (
      PARTITION BY side, source_id ORDER BY matches DESC, line) AS number
    FROM mention)
  SELECT side, path, line FROM best JOIN source ON source.id = source_id
  WHERE number = 1 ORDER BY side, matches DESC, source_id`;
