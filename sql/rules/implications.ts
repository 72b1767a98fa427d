import type { Database } from "../database.ts";
import { sql } from "../template.ts";
import { aliased, anyOf, equal, haveAll, lackOne, of } from "./columns.ts";
import {
  contestConflicts,
  contestPartial,
  notePartial,
  uncontested,
} from "./contested.ts";
import {
  addContradictions,
  countRows,
  type Findings,
  roomFor,
} from "./contradictions.ts";
import {
  type Plan,
  plan,
  plansWithValues,
  representative,
} from "./implication_plan.ts";
import { forgetImplied, type Keys } from "./keys.ts";
import type { ImpliesRule } from "./rules.ts";

/**
 * Runs implications to a fixpoint, in the columns of dnpc_key.
 *
 * A contradiction may come to light only after one of its values has implied
 * others. Everything implied is then removed, and the next attempt starts
 * without the contradicted values, so that they leave no trace. The same
 * happens if two rules lead to different values for one span.
 */
export function imply(
  db: Database,
  keys: Keys,
  findings: readonly Findings<ImpliesRule>[],
): void {
  // By text, so that the order of the rules makes no difference.
  const plans = findings.toSorted((a, b) => a.text < b.text ? -1 : 1)
    .map((findings) => plan(keys, findings));
  for (const { map, l, r } of plans) {
    const columns = [...l, ...r].map((name) => sql`${name} TEXT`);
    db.run(sql`CREATE TEMP TABLE ${map} (${sql.join(columns)},
      conflict INTEGER NOT NULL, PRIMARY KEY (${sql.join(l)})) WITHOUT ROWID`);
  }
  db.run(`CREATE TEMP TABLE dnpc_contested (
    span_id INTEGER, name TEXT, PRIMARY KEY (span_id, name)) WITHOUT ROWID`);
  const working = plansWithValues(db, plans);
  while (!reachFixpoint(db, working)) {
    forgetImplied(db, keys);
    for (const { map } of plans) {
      db.run(sql`DELETE FROM temp.${map} WHERE conflict < 2`);
    }
  }
  for (const plan of plans) {
    notePartial(db, plan);
    db.run(sql`DROP TABLE temp.${plan.map}`);
  }
  db.run("DROP TABLE temp.dnpc_contested");
}

/** False if an implied value turned out to be contradicted. */
function reachFixpoint(db: Database, plans: readonly Plan[]): boolean {
  const seen = new Set<Plan>();
  let waiting = new Set(plans);
  for (const { findings } of plans) findings.made = 0;
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
      plan.findings.made += made;
      if (made === 0) continue;
      for (const other of plans) {
        if (other !== plan && uses(other, plan.findings.rule.gives)) {
          waiting.add(other);
        }
      }
    }
  }
  return !plans.some((plan) => contestPartial(db, plan));
}

function uses(
  { findings: { rule } }: Plan,
  names: readonly string[],
): boolean {
  return [...rule.implies, ...rule.gives].some((name) => names.includes(name));
}

/** Fills the map; conflict is 1 for left values that lead to several. */
function learn(db: Database, { map, l, r, left, right }: Plan): void {
  const values = right.map((name) => sql`min(${name})`);
  const differ = right.map((name) => sql`min(${name}) <> max(${name})`);
  // The conflict of an earlier attempt is 2, and stays.
  const update = r.map((name) => sql`${name} = excluded.${name}`);
  db.run(sql`INSERT INTO temp.${map}
    SELECT ${sql.join([...left, ...values])}, ${anyOf(differ)}
    FROM temp.dnpc_key
    WHERE ${haveAll([...left, ...right])} GROUP BY ${sql.join(left)}
    ON CONFLICT (${sql.join(l)}) DO UPDATE SET
      ${sql.join(update)}, conflict = max(conflict, excluded.conflict)`);
}

/** Whether there are conflicts that are not noted yet. */
function hasConflicts(db: Database, { map }: Plan): boolean {
  const fresh = sql`SELECT 1 FROM temp.${map} WHERE conflict = 1 LIMIT 1`;
  return db.query(fresh).length > 0;
}

/** Notes the conflicts, whose left values imply nothing from now on. */
function noteConflicts(db: Database, plan: Plan): void {
  const { findings, map, l, r, left, right } = plan;
  const fresh = sql`SELECT * FROM temp.${map} WHERE conflict = 1`;
  addContradictions(
    findings,
    db.query(sql`
      WITH side AS (
        SELECT ${representative(plan)} AS span_id,
          ${sql.join([...left, ...right])}
        FROM (${fresh} ORDER BY ${sql.join(l)} LIMIT ${roomFor(findings)}) AS m
          JOIN temp.dnpc_key AS k ON ${equal(sql`k`, left, sql`m`, l)}
        WHERE ${haveAll(right)}
        GROUP BY ${sql.join([...left, ...right])})
      SELECT ${aliased(left, l)}, ${aliased(right, r)},
        span.id AS spanId, span.type AS spanType, source_id AS sourceId
      FROM side JOIN ${plan.rows} AS span ON span.id = span_id
      ORDER BY ${sql.join([...left, ...right])}`),
  );
  findings.contradicted += countRows(db, fresh);
  db.run(sql`UPDATE temp.${map} SET conflict = 2 WHERE conflict = 1`);
}

/** Gives the right values to spans that lack them; returns their number. */
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
  // A subquery that falls back on the present values takes half of the time of
  // UPDATE FROM, which first writes out all rows.
  const { changes } = db.run(sql`UPDATE temp.dnpc_key AS k
    SET (${columns}) = (
      SELECT ${sql.join([...of(sql`m`, r), ...isNow])} FROM temp.${map} AS m
      WHERE ${equal(sql`k`, left, sql`m`, l)} AND m.conflict = 0
        AND ${sql.join(fits, " AND ")}
      UNION ALL SELECT ${columns} LIMIT 1)
    WHERE ${lacking}`);
  return changes -
    countRows(db, sql`SELECT 1 FROM temp.dnpc_key WHERE ${lacking}`);
}
