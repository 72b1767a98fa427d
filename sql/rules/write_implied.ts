import type { Database } from "../database.ts";
import { insertRows } from "../insert.ts";
import { type Sql, sql } from "../template.ts";
import type { Rows } from "./rows.ts";

/**
 * Updates rows of a table, as `t`, by the implied values of some rows: `i.added`
 * is a JSON object of them, and `i.names` a JSON array of their names.
 *
 * @param columns to be set to the values
 * @returns how many rows there were
 */
export function writeImplied(
  db: Database,
  rows: Rows,
  changed: Iterable<number>,
  { table, columns, values }: { table: Sql; columns: Sql; values: Sql },
): number {
  db.run(`CREATE TEMP TABLE dnpc_implied (
    id INTEGER PRIMARY KEY, added TEXT, names TEXT)`);
  const implied = (row: number) =>
    rows.given.filter(({ implied }) => implied[row] === 1)
      .map(({ name }) => name);
  insertRows(
    db,
    "dnpc_implied",
    ["id", "added", "names"],
    Iterator.from(changed).map((row) => {
      const names = implied(row);
      const added = JSON.stringify(rows.valuesOf(row, names));
      return [rows.ids[row]!, added, JSON.stringify(names)];
    }),
  );
  // A subquery for each row is faster than UPDATE FROM, which first writes out
  // all rows.
  const { changes } = db.run(sql`UPDATE ${table} AS t SET (${columns}) = (
      SELECT ${values} FROM temp.dnpc_implied AS i WHERE i.id = t.id)
    WHERE id IN (SELECT id FROM temp.dnpc_implied)`);
  db.run("DROP TABLE temp.dnpc_implied");
  return changes;
}
