import type { Database } from "../database.ts";
import { spanKeySql } from "../span_key.ts";
import { type Sql, sql } from "../template.ts";
import { equal, haveAll, jsonPath, numbered } from "./columns.ts";
import type { Findings } from "./contradictions.ts";
import type { Keys } from "./keys.ts";
import { contextNames, type ContextRule, contextType } from "./rules.ts";

/** A context rule at work. */
interface ContextPlan {
  findings: Findings<ContextRule>;
  type: string;
  names: readonly string[];
  /** Columns of dnpc_key. */
  columns: Sql[];
  /** The temporary table of the values, with the ids of their spans. */
  map: Sql;
  values: Sql[];
}

/**
 * Makes the spans of context rules, one for all calls of bind(), and nests the
 * spans that carry their values in them.
 *
 * No context carries another one: all rules look for carriers before the new
 * spans are added to dnpc_key, where relations find them.
 */
export function bindContexts(
  db: Database,
  keys: Keys,
  findings: readonly Findings<ContextRule>[],
): void {
  const plans = findings.map((findings): ContextPlan => {
    const names = contextNames(findings.rule);
    return {
      findings,
      type: contextType(findings.rule),
      names,
      columns: names.map(keys.column),
      map: sql.id(`dnpc_context_${findings.id}`),
      values: numbered("v", names),
    };
  });
  for (const plan of plans) {
    makeContextSpans(db, plan);
    relate(db, keys, plan);
  }
  removeOthers(db, plans);
  for (const { type, columns, map, values } of plans) {
    db.run(sql`INSERT OR IGNORE INTO temp.dnpc_key (
        ${sql.join([sql`span_id`, sql`type`, ...columns])})
      SELECT ${sql.join([sql`id`, keys.type(type), ...values])}
      FROM temp.${map}`);
    db.run(sql`DROP TABLE temp.${map}`);
  }
}

function makeContextSpans(
  db: Database,
  { type, names, columns, map, values }: ContextPlan,
): void {
  const key = spanKeySql(values);
  const members = names.map((name, i) => sql`${jsonPath(name)}, ${values[i]!}`);
  db.run(
    sql`CREATE TEMP TABLE ${map} (${
      sql.join(values.map((name) => sql`${name} TEXT`))
    }, id INTEGER, PRIMARY KEY (${sql.join(values)})) WITHOUT ROWID`,
  );
  db.run(sql`INSERT INTO temp.${map} (${sql.join(values)})
    SELECT DISTINCT ${sql.join(columns)} FROM temp.dnpc_key
    WHERE ${haveAll(columns)}`);
  // Equal keys have equal values, unless the names in the rule have changed.
  db.run(sql`INSERT INTO span (type, key, attributes, implied)
    SELECT ${type}, ${key}, json_set('{}', ${sql.join(members)}),
      ${JSON.stringify(names)}
    FROM temp.${map} WHERE true
    ON CONFLICT (type, key) DO UPDATE
    SET attributes = excluded.attributes, implied = excluded.implied
    WHERE id IN (SELECT id FROM temp.dnpc_made)
      AND implied <> excluded.implied`);
  db.run(sql`UPDATE temp.${map} SET id = (
    SELECT span.id FROM span WHERE type = ${type} AND span.key = ${key})`);
}

/** A source's span that serves as the context is in no context of its type. */
function relate(
  db: Database,
  keys: Keys,
  { findings, type, columns, map, values }: ContextPlan,
): void {
  findings.made = db.run(sql`
    INSERT INTO temp.dnpc_subspan (superspan_id, subspan_id, rule_id)
    SELECT m.id, k.span_id, ${findings.id}
    FROM temp.dnpc_key AS k JOIN temp.${map} AS m
      ON ${equal(sql`m`, values, sql`k`, columns)}
    WHERE k.type IS NOT ${keys.type(type)}`).changes;
}

/** Removes the spans that only earlier rules made. */
function removeOthers(db: Database, plans: readonly ContextPlan[]): void {
  const kept = plans.map(({ map }) => sql`SELECT id FROM temp.${map}`);
  db.run(sql`DELETE FROM temp.dnpc_made
    WHERE id IN (${sql.join([sql`SELECT NULL`, ...kept], " UNION ALL ")})`);
  db.run("DELETE FROM span WHERE id IN (SELECT id FROM temp.dnpc_made)");
  db.run("DROP TABLE temp.dnpc_made");
}
