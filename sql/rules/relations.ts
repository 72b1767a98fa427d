import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { equal, haveAll, named, numbered, of } from "./conditions.ts";
import {
  addContradictions,
  countRows,
  type Findings,
  noFindings,
  roomFor,
} from "./contradictions.ts";
import type { Keys } from "./keys.ts";
import type { FacetRule, SubspanRule } from "./rules.ts";

/** How many spans of a type are kept as sides of one contradiction. */
const mostSides = 10;

/** A rule that relates spans of two types. */
export type Relation = FacetRule | SubspanRule;

/**
 * Fills dnpc_facet and dnpc_subspan by rules. Those about a type of which there
 * are no spans cost nothing.
 */
export function bindRelations(
  db: Database,
  keys: Keys,
  rules: ReadonlyMap<string, [number: number, rule: Relation]>,
): Findings[] {
  const counts = new Map(
    db.query<{ type: number; count: number }>(
      "SELECT type, count(*) AS count FROM temp.dnpc_key GROUP BY type",
    ).map(({ type, count }) => [String(type), count]),
  );
  const count = (type: string) => counts.get(keys.type(type).text) ?? 0;
  const isPresent = (rule: Relation) => typesOf(rule).every(count);
  indexKeys(
    db,
    keys,
    [...rules.values()].map(([, rule]) => rule).filter(isPresent),
  );
  return Array.from(rules, ([text, [number, rule]]) => {
    const findings = noFindings(rule, text);
    if ("subspan" in rule) findings.unbound = count(rule.subspan[1]);
    if (!isPresent(rule)) return findings;
    if ("facet" in rule) bindFacets(db, keys, rule, number, findings);
    else bindSubspans(db, keys, rule, number, findings);
    return findings;
  });
}

function typesOf(rule: Relation): readonly [string, string] {
  return "facet" in rule ? rule.facet : rule.subspan;
}

/**
 * An index for each type and list of attributes that rules compare, of the
 * spans of that type alone: a fifth of the time of an index over all.
 */
function indexKeys(
  db: Database,
  keys: Keys,
  rules: readonly Relation[],
): void {
  const indexed = rules.flatMap((rule) => {
    const columns = sql.join(rule.on.map(keys.column));
    return typesOf(rule).map((type) =>
      sql`dnpc_key (${columns}) WHERE type = ${keys.type(type)}`.text
    );
  });
  [...new Set(indexed)].forEach((text, i) =>
    db.run(sql`CREATE INDEX temp.${sql.id(`dnpc_key_${i}`)}
      ON ${sql.raw(text)}`)
  );
}

function bindFacets(
  db: Database,
  keys: Keys,
  rule: FacetRule,
  number: number,
  findings: Findings,
): void {
  const columns = rule.on.map(keys.column);
  const types = rule.facet.map(keys.type);
  const [left, right] = types as [Sql, Sql];
  findings.made = db.run(sql`
    INSERT INTO temp.dnpc_facet (left_id, right_id, rule_id)
    SELECT l.id, r.id, ${number}
    FROM (${tuples(columns, left, sql`= 1`)}) AS l
      JOIN (${tuples(columns, right, sql`= 1`)}) AS r
      ON ${equal(sql`l`, columns, sql`r`, columns)}`).changes;
  const conflicts = sql`${repeated(columns, left, right)}
    UNION ${repeated(columns, right, left)}`;
  noteConflicts(db, columns, findings, types, conflicts);
}

function bindSubspans(
  db: Database,
  keys: Keys,
  rule: SubspanRule,
  number: number,
  findings: Findings,
): void {
  const columns = rule.on.map(keys.column);
  const types = rule.subspan.map(keys.type);
  const [outer, inner] = types as [Sql, Sql];
  const key = rule.key === undefined
    ? sql`NULL`
    : sql`i.${keys.column(rule.key)}`;
  const outers = rule.one
    ? sql`(${tuples(columns, outer, sql`= 1`)})`
    : sql`(SELECT span_id AS id, ${sql.join(columns)}
        FROM temp.dnpc_key WHERE type = ${outer})`;
  findings.made = db.run(sql`
    INSERT INTO temp.dnpc_subspan (superspan_id, subspan_id, rule_id, key)
    SELECT o.id, i.span_id, ${number}, ${key}
    FROM ${outers} AS o JOIN temp.dnpc_key AS i
      ON ${equal(sql`o`, columns, sql`i`, columns)}
    WHERE i.type = ${inner}`).changes;
  findings.unbound -= countRows(
    db,
    sql`SELECT 1 FROM temp.dnpc_key AS i
      WHERE type = ${inner} AND ${partner(sql`i`, columns, outer)}`,
  );
  if (!rule.one) return;
  const conflicts = repeated(columns, outer, inner);
  noteConflicts(db, columns, findings, types, conflicts);
}

/** The values of a type's spans that so many spans have. */
function tuples(columns: readonly Sql[], type: Sql, count: Sql): Sql {
  return sql`SELECT ${sql.join(columns)}, min(span_id) AS id
    FROM temp.dnpc_key WHERE type = ${type} AND ${haveAll(columns)}
    GROUP BY ${sql.join(columns)} HAVING count(*) ${count}`;
}

/** The values of more than one span of a type that the other type has too. */
function repeated(columns: readonly Sql[], type: Sql, other: Sql): Sql {
  return sql`SELECT ${sql.join(columns)}
    FROM (${tuples(columns, type, sql`> 1`)}) AS l
    WHERE ${partner(sql`l`, columns, other)}`;
}

function partner(table: Sql, columns: readonly Sql[], type: Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM temp.dnpc_key AS p
    WHERE p.type = ${type} AND ${equal(sql`p`, columns, table, columns)})`;
}

function noteConflicts(
  db: Database,
  columns: readonly Sql[],
  findings: Findings,
  types: readonly Sql[],
  conflicts: Sql,
): void {
  findings.contradicted = countRows(db, conflicts);
  if (findings.contradicted === 0) return;
  const l = numbered("l", columns);
  addContradictions(
    findings,
    db.query(sql`
      WITH conflict AS (${conflicts}
        ORDER BY ${sql.join(numbersUpTo(columns.length))}
        LIMIT ${roomFor(findings)}),
      side AS (
        SELECT ${named(of(sql`k`, columns), l)}, span_id, k.type,
          row_number() OVER (
          PARTITION BY ${sql.join(of(sql`k`, columns))}, type
          ORDER BY span_id) AS number
        FROM conflict AS c JOIN temp.dnpc_key AS k
          ON ${equal(sql`c`, columns, sql`k`, columns)}
        WHERE k.type IN (${sql.join(types)}))
      SELECT ${sql.join(l)}, span.id AS spanId, span.type AS spanType,
        source_id AS sourceId
      FROM side JOIN span ON span.id = span_id
      WHERE number <= ${mostSides}
      ORDER BY ${sql.join(l)}, side.type = ${types[1]!}, spanId`),
  );
}

/** Columns of a UNION are sorted by their numbers. */
function numbersUpTo(count: number): Sql[] {
  return Array.from({ length: count }, (_, i) => sql.raw(String(i + 1)));
}
