import type { Database } from "./database.ts";
import { DatabaseError } from "./errors.ts";
import schema from "./schema.sql" with { type: "text" };

/**
 * Refuses a database whose table of one of our names is another program's.
 *
 * @throws {DatabaseError} that says which table it is, and what it lacks
 */
export function checkTables(db: Database): void {
  const rows = db.query<{ table: string; type: string; columns: string }>(
    `SELECT name AS "table", type, (
       SELECT json_group_array(lower(c.name)) FROM pragma_table_info(t.name) AS c
     ) AS columns
     FROM sqlite_schema AS t
     WHERE type IN ('table', 'view')
       AND lower(name) IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(Object.keys(tables))],
  );
  for (const { table, type, columns } of rows) {
    const there = new Set<string>(JSON.parse(columns));
    const missing = tables[table.toLowerCase()]!
      .filter((name) => !there.has(name));
    if (type === "table" && missing.length === 0) continue;
    const lacks = missing.length === 0
      ? "is a view"
      : `has no column ${missing.join(", ")}`;
    const instead = type === "table"
      ? `, or give that one another name: ALTER TABLE "${table}" RENAME TO …`
      : "";
    throw new DatabaseError(
      `${db.path ?? "the database"} has a ${type} "${table}" that is not ` +
        `dnpc's: it ${lacks}. Import into a new file${instead}`,
    );
  }
}

/** The columns of each table that imports write, as its first version had them. */
const tables: Record<string, string[]> = {};
for (
  const [, table, body] of schema.matchAll(
    /^CREATE TABLE IF NOT EXISTS (\w+) \(\n([\s\S]*?)^\)/gm,
  )
) {
  tables[table!] = [...body!.matchAll(/^ {2}(\w+) (?:INTEGER|TEXT|REAL)\b/gm)]
    .map(([, column]) => column!)
    // What addColumns() adds.
    .filter((column) => `${table}.${column}` !== "source.attributes");
}
