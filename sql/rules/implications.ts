import type { Database } from "../database.ts";
import { sql } from "../template.ts";
import { equal, haveAll, lackOne, named, of } from "./conditions.ts";
import {
  contestConflicts,
  contestPartial,
  createContested,
  uncontested,
} from "./contested.ts";
import {
  addContradictions,
  countRows,
  type Findings,
  roomFor,
} from "./contradictions.ts";
import { type Plan, plan, plansWithValues } from "./implication_plan.ts";
import { forgetImplied, type Keys } from "./keys.ts";
import type { ImpliesRule } from "./rules.ts";

/**
 * Runs implications to a fixpoint, in the columns of dnpc_key.
 *
 * A value that is implied may show a contradiction only after others were
 * implied in its wake. All is then taken back and starts again without the
 * values contradicted, so that none has left a trace. So it is where two rules
 * lead to different values of one span.
 */
export function imply(
  db: Database,
  keys: Keys,
  rules: ReadonlyMap<string, [number: number, rule: ImpliesRule]>,
): Findings[] {
  // By their text, so that the order in which they were given does not tell.
  const inOrder = [...rules].sort(([a], [b]) => a < b ? -1 : 1);
  const plans = inOrder.map(([text, [number, rule]]) =>
    plan(keys, text, rule, number)
  );
  for (const { map, l, r } of plans) {
    const columns = [...l, ...r].map((name) => sql`${name} TEXT`);
    db.run(sql`CREATE TEMP TABLE ${map} (${sql.join(columns)},
      conflict INTEGER NOT NULL, PRIMARY KEY (${sql.join(l)})) WITHOUT ROWID`);
  }
  createContested(db);
  const working = plansWithValues(db, plans);
  while (!reachFixpoint(db, working)) {
    forgetImplied(db, keys);
    for (const { map } of plans) {
      db.run(sql`DELETE FROM temp.${map} WHERE conflict < 2`);
    }
  }
  for (const plan of plans) {
    findPartial(db, plan);
    db.run(sql`DROP TABLE temp.${plan.map}`);
  }
  db.run("DROP TABLE temp.dnpc_contested");
  return plans;
}

/** Whether it was reached without something implied turning out contradicted. */
function reachFixpoint(db: Database, plans: readonly Plan[]): boolean {
  const seen = new Set<Plan>();
  let waiting = new Set(plans);
  for (const plan of plans) plan.made = 0;
  while (waiting.size > 0) {
    const now = waiting;
    waiting = new Set();
    for (const plan of now) {
      learn(db, plan);
      if (hasConflicts(db, plan)) {
        if (contestConflicts(db, plan)) return false;
        noteConflicts(db, plan);
        if (seen.has(plan)) return false;
      }
      seen.add(plan);
      const made = apply(db, plan);
      plan.made += made;
      if (made === 0) continue;
      for (const other of plans) {
        if (other !== plan && isAbout(other, plan.rule.gives)) {
          waiting.add(other);
        }
      }
    }
  }
  return !plans.some((plan) => contestPartial(db, plan));
}

function isAbout({ rule }: Plan, names: readonly string[]): boolean {
  return [...rule.implies, ...rule.gives].some((name) => names.includes(name));
}

/** Writes into the map what leads to what; conflict is 1 where to several. */
function learn(db: Database, { map, l, r, left, right }: Plan): void {
  const values = right.map((name) => sql`min(${name})`);
  const differ = right.map((name) => sql`min(${name}) <> max(${name})`);
  // A conflict that was noted before is 2, and stays.
  const update = r.map((name) => sql`${name} = excluded.${name}`);
  db.run(sql`INSERT INTO temp.${map}
    SELECT ${sql.join([...left, ...values])}, ${sql.join(differ, " OR ")}
    FROM temp.dnpc_key
    WHERE ${haveAll([...left, ...right])} GROUP BY ${sql.join(left)}
    ON CONFLICT (${sql.join(l)}) DO UPDATE SET
      ${sql.join(update)}, conflict = max(conflict, excluded.conflict)`);
}

/** Whether there are conflicts that were not noted before. */
function hasConflicts(db: Database, { map }: Plan): boolean {
  const fresh = sql`SELECT 1 FROM temp.${map} WHERE conflict = 1 LIMIT 1`;
  return db.query(fresh).length > 0;
}

/** Notes them: nothing is implied by what leads to several values. */
function noteConflicts(db: Database, plan: Plan): void {
  const { map, l, r, left, right } = plan;
  const fresh = sql`SELECT * FROM temp.${map} WHERE conflict = 1`;
  // A span that was told by a source stands for the value, if there is one.
  const spanId = sql`coalesce(
    min(span_id) FILTER (WHERE NOT (${sql.join(plan.implied, " OR ")})),
    min(span_id))`;
  addContradictions(
    plan,
    db.query(sql`
      WITH side AS (
        SELECT ${spanId} AS span_id, ${sql.join([...left, ...right])}
        FROM (${fresh} ORDER BY ${sql.join(l)} LIMIT ${roomFor(plan)}) AS m
          JOIN temp.dnpc_key AS k ON ${equal(sql`k`, left, sql`m`, l)}
        WHERE ${haveAll(right)}
        GROUP BY ${sql.join([...left, ...right])})
      SELECT ${named(left, l)}, ${named(right, r)},
        span.id AS spanId, span.type AS spanType, source_id AS sourceId
      FROM side JOIN ${plan.rows} AS span ON span.id = span_id
      ORDER BY ${sql.join([...left, ...right])}`),
  );
  plan.contradicted += countRows(db, fresh);
  db.run(sql`UPDATE temp.${map} SET conflict = 2 WHERE conflict = 1`);
}

/** Gives the values to the spans that lack them; how many there were. */
function apply(db: Database, plan: Plan): number {
  const { map, l, r, left, right, implied } = plan;
  const known = sql`SELECT 1 FROM temp.${map} WHERE conflict = 0`;
  if (db.query(sql`${known} LIMIT 1`).length === 0) return 0;
  const fits = right.map((name, i) =>
    sql`(k.${name} IS NULL OR k.${name} = m.${r[i]!})`
  );
  const isNow = implied.map((name, i) =>
    sql`k.${name} OR k.${right[i]!} IS NULL`
  );
  const lacking = sql`${haveAll(left)} AND ${lackOne(right)}
    AND ${uncontested(plan)}`;
  const columns = sql.join([...right, ...implied]);
  // A subquery that falls back on what is there takes half of the time of
  // UPDATE FROM, which writes down all rows first.
  const { changes } = db.run(sql`UPDATE temp.dnpc_key AS k
    SET (${columns}) = (
      SELECT ${sql.join([...of(sql`m`, r), ...isNow])} FROM temp.${map} AS m
      WHERE ${equal(sql`k`, left, sql`m`, l)} AND m.conflict = 0
        AND ${sql.join(fits, " AND ")}
      UNION ALL SELECT ${columns} LIMIT 1)
    WHERE ${lacking}`);
  return changes - countRows(
    db,
    sql`SELECT 1 FROM temp.dnpc_key
    WHERE ${lacking}`,
  );
}

/** Notes spans that have one of the values and differ from the implied one. */
function findPartial(db: Database, plan: Plan): void {
  const { map, l, r, left, right } = plan;
  if (right.length === 1) return;
  const differ = right.map((name, i) => sql`k.${name} <> m.${r[i]!}`);
  const partial = sql`FROM temp.dnpc_key AS k JOIN temp.${map} AS m
      ON ${equal(sql`k`, left, sql`m`, l)} AND m.conflict = 0
    WHERE ${lackOne(of(sql`k`, right))} AND (${sql.join(differ, " OR ")})`;
  const count = countRows(db, sql`SELECT DISTINCT ${sql.join(l)} ${partial}`);
  if (count === 0) return;
  plan.contradicted += count;
  addContradictions(
    plan,
    db.query(sql`
      WITH odd AS (SELECT k.span_id, ${sql.join([...l, ...r])} ${partial}
        ORDER BY ${sql.join(l)}, k.span_id LIMIT ${roomFor(plan)}),
      pair AS (SELECT *, (
        SELECT min(t.span_id) FROM temp.dnpc_key AS t
        WHERE ${equal(sql`t`, [...left, ...right], sql`odd`, [...l, ...r])}
      ) AS told FROM odd)
      SELECT ${sql.join(l)}, ${named(of(sql`side`, right), r)},
        span.id AS spanId, span.type AS spanType, source_id AS sourceId
      FROM pair
        JOIN temp.dnpc_key AS side ON side.span_id IN (told, pair.span_id)
        JOIN ${plan.rows} AS span ON span.id = side.span_id
      ORDER BY ${sql.join(l)}, spanId = pair.span_id, spanId`),
  );
}
