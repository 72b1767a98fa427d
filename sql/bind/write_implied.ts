import type { Database } from "../database.ts";
import { sql } from "../template.ts";
import { type Keys, saidAttributes } from "./keys.ts";

/**
 * Writes what is implied in dnpc_key to the spans, and takes from them what
 * was implied before. Spans that stay the same are not written.
 */
export function writeImplied(db: Database, keys: Keys): void {
  const values = keys.given.map((name) =>
    sql`${name}, iif(${keys.said(name)} IS NULL, ${keys.column(name)}, NULL)`
  );
  const isNew = keys.given.map((name) =>
    sql`${keys.said(name)} IS NULL AND ${keys.column(name)} IS NOT NULL`
  );
  // Patched into an empty object, those that are NULL are left out.
  const patches = keys.given.length === 0
    ? sql`SELECT NULL, NULL WHERE 0`
    : sql`
    SELECT span_id, json_patch('{}', json_object(${sql.join(values)}))
    FROM temp.dnpc_key WHERE ${sql.join(isNew, " OR ")}`;
  db.run(sql`CREATE TEMP TABLE dnpc_patch (
    span_id INTEGER PRIMARY KEY, patch TEXT)`);
  db.run(sql`INSERT INTO temp.dnpc_patch ${patches}`);
  db.run(sql`INSERT OR IGNORE INTO temp.dnpc_patch
    SELECT id, NULL FROM span WHERE implied IS NOT NULL`);
  db.run(sql`
    WITH wanted AS MATERIALIZED (
      SELECT id,
        json_patch(${saidAttributes}, ifnull(patch, '{}')) AS attributes,
        (SELECT json_group_array(key) FROM json_each(patch)
          HAVING count(*) > 0) AS implied
      FROM temp.dnpc_patch JOIN span ON id = span_id)
    UPDATE span SET attributes = wanted.attributes, implied = wanted.implied
    FROM wanted
    WHERE wanted.id = span.id AND (wanted.attributes <> span.attributes
      OR wanted.implied IS NOT span.implied)`);
  db.run("DROP TABLE temp.dnpc_patch");
}
