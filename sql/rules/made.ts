import type { Database } from "../database.ts";
import { type Sql, sql } from "../template.ts";

/**
 * Of each list in span.implied, which of the attributes it names: the temporary
 * table dnpc_before. There are few such lists, and many spans.
 *
 * @param flags the columns, one for each of the attributes
 */
export function findImpliedBefore(
  db: Database,
  attributes: readonly string[],
  flags: readonly Sql[],
): void {
  const named = attributes.map((name, i) =>
    sql`EXISTS (SELECT 1 FROM json_each(implied)
      WHERE value = ${name}) AS ${flags[i]!}`
  );
  db.run(sql`CREATE TEMP TABLE dnpc_before (${
    sql.join([
      sql`implied TEXT PRIMARY KEY, names INTEGER`,
      ...flags.map((flag) => sql`${flag} INTEGER`),
    ])
  })`);
  db.run(sql`INSERT INTO temp.dnpc_before
    SELECT ${
    sql.join([sql`implied, json_array_length(implied)`, ...named])
  } FROM (SELECT DISTINCT implied FROM span WHERE implied IS NOT NULL)`);
}

/**
 * Whether a context rule made a span: of these alone, all attributes are
 * implied.
 */
export const isMade: Sql = sql`(
  span.source_id IS NULL AND span.implied IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM json_each(span.attributes)
    WHERE key NOT IN (SELECT value FROM json_each(span.implied))))`;

/** The spans that context rules made: the temporary table dnpc_made. */
export function findMade(db: Database): void {
  db.run("CREATE TEMP TABLE dnpc_made (id INTEGER PRIMARY KEY)");
  db.run(sql`INSERT INTO temp.dnpc_made SELECT id FROM span WHERE ${isMade}`);
}
