import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { aliased, equal, haveAll, numbered, of } from "./columns.ts";
import {
  addContradictions,
  countRows,
  type Findings,
  maxSides,
  roomFor,
} from "./contradictions.ts";
import type { Keys } from "./keys.ts";
import type { FacetRule, SubspanRule } from "./rules.ts";

/** A rule that relates spans of two types. */
export type Relation = FacetRule | SubspanRule;

/** A relation at work, with its columns of dnpc_key and its types in SQL. */
interface RelationPlan {
  findings: Findings<Relation>;
  columns: Sql[];
  /** The outer type, or one of the two. */
  left: Sql;
  /** The inner type, or the other. */
  right: Sql;
}

/**
 * Fills dnpc_facet and dnpc_subspan. Rules for a type without spans cost
 * nothing.
 */
export function bindRelations(
  db: Database,
  keys: Keys,
  findings: readonly Findings<Relation>[],
): void {
  const counts = new Map(
    db.query<{ type: number; count: number }>(
      "SELECT type, count(*) AS count FROM temp.dnpc_key GROUP BY type",
    ).map(({ type, count }) => [String(type), count]),
  );
  const plans = findings.flatMap((findings): RelationPlan[] => {
    const { rule } = findings;
    const [left, right] = ("facet" in rule ? rule.facet : rule.subspan)
      .map(keys.type) as [Sql, Sql];
    const innerSpans = counts.get(right.text) ?? 0;
    if ("subspan" in rule) findings.unbound = innerSpans;
    return innerSpans > 0 && counts.has(left.text)
      ? [{ findings, columns: rule.on.map(keys.column), left, right }]
      : [];
  });
  indexKeys(db, plans);
  for (const plan of plans) {
    const { rule } = plan.findings;
    if ("facet" in rule) bindFacets(db, plan);
    else bindSubspans(db, keys, plan, rule);
  }
}

/**
 * Creates an index for each type and list of attributes that rules compare. It
 * holds only the spans of that type, which takes a fifth of the time.
 */
function indexKeys(db: Database, plans: readonly RelationPlan[]): void {
  const indexed = plans.flatMap(({ columns, left, right }) =>
    [left, right].map((type) =>
      sql`dnpc_key (${sql.join(columns)}) WHERE type = ${type}`.text
    )
  );
  [...new Set(indexed)].forEach((text, i) =>
    db.run(sql`CREATE INDEX temp.${sql.id(`dnpc_key_${i}`)}
      ON ${sql.raw(text)}`)
  );
}

function bindFacets(db: Database, plan: RelationPlan): void {
  const { findings, columns, left, right } = plan;
  findings.made = db.run(sql`
    INSERT INTO temp.dnpc_facet (left_id, right_id, rule_id)
    SELECT l.id, r.id, ${findings.id}
    FROM (${tuples(columns, left, sql`= 1`)}) AS l
      JOIN (${tuples(columns, right, sql`= 1`)}) AS r
      ON ${equal(sql`l`, columns, sql`r`, columns)}`).changes;
  noteRepeated(
    db,
    plan,
    sql`${repeated(columns, left, right)}
      UNION ${repeated(columns, right, left)}`,
  );
}

function bindSubspans(
  db: Database,
  keys: Keys,
  plan: RelationPlan,
  rule: SubspanRule,
): void {
  const { findings, columns, left: outer, right: inner } = plan;
  const key = rule.key === undefined
    ? sql`NULL`
    : sql`i.${keys.column(rule.key)}`;
  const outers = rule.one
    ? sql`(${tuples(columns, outer, sql`= 1`)})`
    : sql`(SELECT span_id AS id, ${sql.join(columns)}
        FROM temp.dnpc_key WHERE type = ${outer})`;
  findings.made = db.run(sql`
    INSERT INTO temp.dnpc_subspan (superspan_id, subspan_id, rule_id, key)
    SELECT o.id, i.span_id, ${findings.id}, ${key}
    FROM ${outers} AS o JOIN temp.dnpc_key AS i
      ON ${equal(sql`o`, columns, sql`i`, columns)}
    WHERE i.type = ${inner}`).changes;
  findings.unbound -= countRows(
    db,
    sql`SELECT 1 FROM temp.dnpc_key AS i
      WHERE type = ${inner} AND ${partner(sql`i`, columns, outer)}`,
  );
  if (rule.one) noteRepeated(db, plan, repeated(columns, outer, inner));
}

/** The combinations of values that so many spans of a type have. */
function tuples(columns: readonly Sql[], type: Sql, count: Sql): Sql {
  return sql`SELECT ${sql.join(columns)}, min(span_id) AS id
    FROM temp.dnpc_key WHERE type = ${type} AND ${haveAll(columns)}
    GROUP BY ${sql.join(columns)} HAVING count(*) ${count}`;
}

/** The values that several spans of a type have, and a span of the other. */
function repeated(columns: readonly Sql[], type: Sql, other: Sql): Sql {
  return sql`SELECT ${sql.join(columns)}
    FROM (${tuples(columns, type, sql`> 1`)}) AS l
    WHERE ${partner(sql`l`, columns, other)}`;
}

function partner(table: Sql, columns: readonly Sql[], type: Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM temp.dnpc_key AS p
    WHERE p.type = ${type} AND ${equal(sql`p`, columns, table, columns)})`;
}

function noteRepeated(
  db: Database,
  { findings, columns, left, right }: RelationPlan,
  conflicts: Sql,
): void {
  findings.contradicted = countRows(db, conflicts);
  if (findings.contradicted === 0) return;
  const l = numbered("l", columns);
  // A UNION can only be sorted by the numbers of its columns.
  const numbers = columns.map((_, i) => sql.raw(String(i + 1)));
  addContradictions(
    findings,
    db.query(sql`
      WITH conflict AS (${conflicts}
        ORDER BY ${sql.join(numbers)} LIMIT ${roomFor(findings)}),
      side AS (
        SELECT ${aliased(of(sql`k`, columns), l)}, span_id, k.type,
          row_number() OVER (
            PARTITION BY ${sql.join(of(sql`k`, columns))}, type
            ORDER BY span_id) AS number
        FROM conflict AS c JOIN temp.dnpc_key AS k
          ON ${equal(sql`c`, columns, sql`k`, columns)}
        WHERE k.type IN (${left}, ${right}))
      SELECT ${sql.join(l)}, span.id AS spanId, span.type AS spanType,
        source_id AS sourceId
      FROM side JOIN span ON span.id = span_id
      WHERE number <= ${maxSides}
      ORDER BY ${sql.join(l)}, side.type = ${right}, spanId`),
  );
}
