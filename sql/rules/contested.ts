import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";
import { aliased, anyOf, equal, haveAll, lackOne, of } from "./columns.ts";
import {
  addContradictions,
  countRows,
  maxSides,
  roomFor,
} from "./contradictions.ts";
import { type Plan, representative } from "./implication_plan.ts";

// A value is contested if one rule leads to it for a span, and another rule to
// a different one: the span gets neither, because taking the first would be a
// guess. The spans of sources stay as they are, and the rules hold for all
// other spans.

/** Condition: the rule may give its values to the span. */
export function uncontested({ findings: { rule } }: Plan): Sql {
  return sql`span_id NOT IN (
    SELECT span_id FROM temp.dnpc_contested
    WHERE name IN (${sql.join(rule.gives)}))`;
}

/**
 * Contests conflicts between one value from sources and values that other
 * rules implied. Whether there are any.
 */
export function contestConflicts(db: Database, plan: Plan): boolean {
  const { map, l, r, left, right, implied } = plan;
  const k = (columns: readonly Sql[]) => of(sql`k`, columns);
  const sides = equal(sql`k`, left, sql`m`, l);
  const oneValue = right.map((name) => sql`min(k.${name}) = max(k.${name})`);
  return noteDifferent(
    db,
    plan,
    sql`
    WITH sourced AS (
        SELECT ${aliased(k(left), l)},
          ${sql.join(right.map((name, i) => sql`min(k.${name}) AS ${r[i]!}`))}
        FROM (SELECT * FROM temp.${map} WHERE conflict = 1) AS m
          JOIN temp.dnpc_key AS k ON ${sides}
        WHERE ${haveAll(k(right))} AND NOT ${anyOf(k(implied))}
        GROUP BY ${sql.join(k(left))} HAVING ${sql.join(oneValue, " AND ")}),
      side AS (
        SELECT k.span_id, ${sql.join(of(sql`m`, [...l, ...r]))},
          ${differs(plan)} AS differs,
          min(${differsByImplied(plan)}) OVER (PARTITION BY
            ${sql.join(of(sql`m`, l))}) AS by_implied
        FROM sourced AS m JOIN temp.dnpc_key AS k ON ${sides}
        WHERE ${haveAll(k(right))})
    SELECT span_id, ${sql.join([...l, ...r])} FROM side
    WHERE differs AND by_implied`,
    { isContested: true },
  );
}

/**
 * Contests spans that got some of the rule's values from other rules, if they
 * differ from the values that this rule leads to. Whether there are any.
 */
export function contestPartial(db: Database, plan: Plan): boolean {
  if (plan.right.length === 1) return false;
  const some = anyOf(of(sql`k`, plan.implied));
  const query = sql`${partial(plan)} AND ${some} AND ${differsByImplied(plan)}`;
  return noteDifferent(db, plan, query, { isContested: true });
}

/** Notes spans that have one of the values and differ from the implied one. */
export function notePartial(db: Database, plan: Plan): void {
  if (plan.right.length === 1) return;
  noteDifferent(db, plan, partial(plan), { isContested: false });
}

function partial(plan: Plan): Sql {
  const { map, l, r, left, right } = plan;
  return sql`
    SELECT k.span_id, ${sql.join(of(sql`m`, [...l, ...r]))}
    FROM temp.dnpc_key AS k JOIN temp.${map} AS m
      ON ${equal(sql`k`, left, sql`m`, l)} AND m.conflict = 0
    WHERE ${lackOne(of(sql`k`, right))} AND ${differs(plan)}`;
}

/** The span k has a value other than the one in the row m of the map. */
function differs({ right, r }: Plan): Sql {
  return anyOf(
    right.map((name, i) => sql`ifnull(k.${name} <> m.${r[i]!}, FALSE)`),
  );
}

/** All values in which they differ are implied. */
function differsByImplied({ right, r, implied }: Plan): Sql {
  const each = right.map((name, i) =>
    sql`(k.${implied[i]!} OR ifnull(k.${name} = m.${r[i]!}, TRUE))`
  );
  return sql`(${sql.join(each, " AND ")})`;
}

/**
 * Reports spans that differ from what the rule leads to; whether there are any.
 *
 * @param query their ids, as span_id, and the row of the map
 */
function noteDifferent(
  db: Database,
  plan: Plan,
  query: Sql,
  { isContested }: { isContested: boolean },
): boolean {
  const { findings, l, r, left, right, rows } = plan;
  db.run(sql`CREATE TEMP TABLE dnpc_odd AS ${query}`);
  const lefts = sql`SELECT DISTINCT ${sql.join(l)} FROM temp.dnpc_odd`;
  const count = countRows(db, lefts);
  if (count > 0) {
    addContradictions(
      findings,
      db.query(sql`
        WITH odd AS (
          SELECT *,
            row_number() OVER (PARTITION BY ${sql.join(l)} ORDER BY span_id)
              AS number
          FROM temp.dnpc_odd
          WHERE (${sql.join(l)}) IN (
            ${lefts} ORDER BY ${sql.join(l)} LIMIT ${roomFor(findings)})),
        side AS (
          SELECT ${sql.join(of(sql`odd`, l))}, 0 AS is_odd,
            ${representative(plan)} AS span_id
          FROM odd JOIN temp.dnpc_key AS k
            ON ${equal(sql`k`, [...left, ...right], sql`odd`, [...l, ...r])}
          WHERE number = 1
          GROUP BY ${sql.join(of(sql`odd`, l))}
          UNION ALL
          SELECT ${sql.join(l)}, 1, span_id FROM odd
          WHERE number <= ${maxSides})
        SELECT ${sql.join(of(sql`side`, l))}, ${aliased(of(sql`k`, right), r)},
          span.id AS spanId, span.type AS spanType, source_id AS sourceId
        FROM side JOIN temp.dnpc_key AS k USING (span_id)
          JOIN ${rows} AS span ON span.id = side.span_id
        ORDER BY ${sql.join(of(sql`side`, l))}, is_odd, spanId`),
    );
    findings.contradicted += count;
  }
  if (isContested && count > 0) {
    findings.rule.gives.forEach((name, i) =>
      db.run(sql`INSERT OR IGNORE INTO temp.dnpc_contested
        SELECT span_id, ${name} FROM temp.dnpc_odd AS m
          JOIN temp.dnpc_key AS k USING (span_id)
        WHERE k.${right[i]!} <> m.${r[i]!}`)
    );
  }
  db.run("DROP TABLE temp.dnpc_odd");
  return count > 0;
}
