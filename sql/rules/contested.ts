import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { equal, haveAll, lackOne, named, of } from "./conditions.ts";
import { addContradictions, roomFor } from "./contradictions.ts";
import type { Plan } from "./implication_plan.ts";

// A value is contested where one rule leads to it in a span, and another rule
// to another: neither is taken, for to take the first would be to guess. The
// spans that were told stay as they are, and the rules hold for all others.

/** Makes the temporary table of which span is given nothing, by which rules. */
export function createContested(db: Database): void {
  db.run(`CREATE TEMP TABLE dnpc_contested (
    span_id INTEGER, name TEXT, PRIMARY KEY (span_id, name)) WITHOUT ROWID`);
}

/** Spans to which the rule may give what it gives. */
export function uncontested({ rule }: Plan): Sql {
  const names = sql.join(rule.gives.map((name) => sql`${name}`));
  return sql`span_id NOT IN (
    SELECT span_id FROM temp.dnpc_contested WHERE name IN (${names}))`;
}

/**
 * Of left sides that lead to several values, finds those of which only one was
 * told, where the others were implied by other rules. Whether there were any.
 */
export function contestConflicts(db: Database, plan: Plan): boolean {
  const { map, l, r, left, right, implied } = plan;
  const k = (columns: readonly Sql[]) => of(sql`k`, columns);
  const sides = equal(sql`k`, left, sql`m`, l);
  const oneValue = right.map((name) => sql`min(k.${name}) = max(k.${name})`);
  return contest(
    db,
    plan,
    sql`
    WITH told AS (
        SELECT ${named(k(left), l)},
          ${sql.join(right.map((name, i) => sql`min(k.${name}) AS ${r[i]!}`))}
        FROM (SELECT * FROM temp.${map} WHERE conflict = 1) AS m
          JOIN temp.dnpc_key AS k ON ${sides}
        WHERE ${haveAll(k(right))} AND NOT (${sql.join(k(implied), " OR ")})
        GROUP BY ${sql.join(k(left))} HAVING ${sql.join(oneValue, " AND ")}),
      side AS (
        SELECT k.span_id, ${sql.join(of(sql`m`, [...l, ...r]))},
          ${isOther(plan)} AS is_other,
          min(${mayBeOther(plan)}) OVER (PARTITION BY
            ${sql.join(of(sql`m`, l))}) AS may_be
        FROM told AS m JOIN temp.dnpc_key AS k ON ${sides}
        WHERE ${haveAll(k(right))})
    SELECT span_id, ${sql.join([...l, ...r])} FROM side
    WHERE is_other AND may_be`,
  );
}

/**
 * Finds spans that got some of the rule's values from other rules, and others
 * than the rule leads to. Whether there were any.
 */
export function contestPartial(db: Database, plan: Plan): boolean {
  const { map, l, r, left, right, implied } = plan;
  if (right.length === 1) return false;
  return contest(
    db,
    plan,
    sql`
    SELECT k.span_id, ${sql.join(of(sql`m`, [...l, ...r]))}
    FROM temp.dnpc_key AS k JOIN temp.${map} AS m
      ON ${equal(sql`k`, left, sql`m`, l)} AND m.conflict = 0
    WHERE ${lackOne(of(sql`k`, right))}
      AND (${sql.join(of(sql`k`, implied), " OR ")})
      AND ${isOther(plan)} AND ${mayBeOther(plan)}`,
  );
}

/** What the span k has is not all that the rule leads to, in the row m. */
function isOther({ right, r }: Plan): Sql {
  const each = right.map((name, i) =>
    sql`ifnull(k.${name} <> m.${r[i]!}, FALSE)`
  );
  return sql`(${sql.join(each, " OR ")})`;
}

/** All in which it differs was implied. */
function mayBeOther({ right, r, implied }: Plan): Sql {
  const each = right.map((name, i) =>
    sql`(k.${implied[i]!} OR ifnull(k.${name} = m.${r[i]!}, TRUE))`
  );
  return sql`(${sql.join(each, " AND ")})`;
}

/** Notes the spans that a query finds, with what the rule leads to in them. */
function contest(db: Database, plan: Plan, query: Sql): boolean {
  const { l, r, left, right, implied, rows } = plan;
  db.run(sql`CREATE TEMP TABLE dnpc_odd AS ${query}`);
  const [{ count }] = db.query<{ count: number }>(
    sql`SELECT count(*) AS count FROM (
      SELECT DISTINCT ${sql.join(l)} FROM temp.dnpc_odd)`,
  ) as [{ count: number }];
  if (count > 0) {
    const sides = equal(sql`k`, [...left, ...right], sql`odd`, [...l, ...r]);
    addContradictions(
      plan,
      db.query(sql`
        WITH odd AS (SELECT * FROM temp.dnpc_odd
          ORDER BY ${sql.join(l)}, span_id LIMIT ${roomFor(plan)}),
        side AS (
          SELECT ${sql.join(of(sql`odd`, l))}, 0 AS is_odd,
            coalesce(
              min(k.span_id) FILTER (WHERE NOT (${
        sql.join(of(sql`k`, implied), " OR ")
      })), min(k.span_id)) AS span_id
          FROM odd JOIN temp.dnpc_key AS k ON ${sides}
          GROUP BY ${sql.join(of(sql`odd`, l))}
          UNION ALL SELECT ${sql.join(l)}, 1, span_id FROM odd)
        SELECT ${sql.join(of(sql`side`, l))}, ${named(of(sql`k`, right), r)},
          span.id AS spanId, span.type AS spanType, source_id AS sourceId
        FROM side JOIN temp.dnpc_key AS k USING (span_id)
          JOIN ${rows} AS span ON span.id = side.span_id
        ORDER BY ${sql.join(of(sql`side`, l))}, is_odd, spanId`),
    );
    plan.contradicted += count;
    plan.rule.gives.forEach((name, i) =>
      db.run(sql`INSERT OR IGNORE INTO temp.dnpc_contested
        SELECT span_id, ${name} FROM temp.dnpc_odd AS m
          JOIN temp.dnpc_key AS k USING (span_id)
        WHERE k.${right[i]!} <> m.${r[i]!}`)
    );
  }
  db.run("DROP TABLE temp.dnpc_odd");
  return count > 0;
}
