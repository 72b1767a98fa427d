import type { Database } from "../database.ts";
import { sql } from "../template.ts";
import { type Keys, saidAttributes } from "./keys.ts";

/**
 * Writes what is implied in dnpc_key to the spans, and takes from them what
 * was implied before. Spans that stay the same are not written.
 */
export function writeImplied(db: Database, keys: Keys): void {
  const { given } = keys;
  const isNew = given.map(keys.implied);
  // Put together as text: json_object() could not leave out what is not new.
  const names = given.map((name, i) =>
    sql`iif(${isNew[i]!}, ',' || json_quote(${name}), '')`
  );
  const values = given.map((name, i) =>
    sql`iif(${isNew[i]!}, ',' || json_quote(${name}) || ':' ||
      json_quote(${keys.column(name)}), '')`
  );
  const patches = given.length === 0
    ? sql`SELECT NULL, NULL, NULL WHERE 0`
    : sql`
    SELECT span_id, '[' || ltrim(${sql.join(names, " || ")}, ',') || ']',
      '{' || ltrim(${sql.join(values, " || ")}, ',') || '}'
    FROM temp.dnpc_key WHERE ${sql.join(isNew, " OR ")}`;
  db.run(sql`CREATE TEMP TABLE dnpc_patch (
    span_id INTEGER PRIMARY KEY, implied TEXT, patch TEXT)`);
  db.run(sql`INSERT INTO temp.dnpc_patch ${patches}`);
  db.run(sql`INSERT OR IGNORE INTO temp.dnpc_patch
    SELECT id, NULL, '{}' FROM span WHERE implied IS NOT NULL`);
  db.run(sql`
    WITH wanted AS MATERIALIZED (
      SELECT id, p.implied, json_patch(
          iif(span.implied IS NULL, span.attributes, ${saidAttributes}),
          patch) AS attributes
      FROM temp.dnpc_patch AS p JOIN span ON id = span_id)
    UPDATE span SET attributes = wanted.attributes, implied = wanted.implied
    FROM wanted
    WHERE wanted.id = span.id AND (wanted.attributes <> span.attributes
      OR wanted.implied IS NOT span.implied)`);
  db.run("DROP TABLE temp.dnpc_patch");
}
