import type { Database } from "./database.ts";
import { sql } from "./template.ts";
import type { SqlParameter } from "./values.ts";

/**
 * Inserts many rows at once, several times as fast as a statement for each,
 * and all of them or none.
 *
 * @param table the name of the table
 * @param columns the names of the columns, in the order of the values
 * @param rows any iterable: a generator spares holding them all
 * @returns how many rows were inserted
 * @throws {DatabaseError} what SQLite says, and then nothing is inserted
 * @throws {RangeError} for a row with more or fewer values than columns
 *
 * @example
 * ```ts
 * import { insertRows, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * db.exec("CREATE TABLE task (id INTEGER, name TEXT)");
 * const rows = [[1, "a"], [2, "b"]];
 * assert.equal(insertRows(db, "task", ["id", "name"], rows), 2);
 * assert.equal(db.query("SELECT * FROM task").length, 2);
 * ```
 */
export function insertRows(
  db: Database,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly SqlParameter[]>,
): number {
  if (columns.length === 0) {
    throw new RangeError(`insertRows() into ${table} was given no columns`);
  }
  const sizes = statementSizes(columns.length);
  const statements = new Map(
    sizes.map((size) => [size, statement(table, columns, size)]),
  );
  const run = (size: number, values: SqlParameter[]) =>
    db.run(statements.get(size)!, values);
  return db.transaction(() => {
    const largest = sizes[0]!;
    let waiting: SqlParameter[] = [];
    let count = 0;
    for (const row of rows) {
      if (row.length !== columns.length) {
        throw new RangeError(
          `row ${count} for ${table} has ${row.length} values, ` +
            `and there are ${columns.length} columns`,
        );
      }
      for (let i = 0; i < row.length; i++) waiting.push(row[i]!);
      count++;
      if (waiting.length === largest * columns.length) {
        run(largest, waiting);
        waiting = [];
      }
    }
    for (const size of sizes) {
      const length = size * columns.length;
      while (waiting.length >= length) run(size, waiting.splice(0, length));
    }
    return count;
  });
}

/** SQLite's limit, as both engines are compiled. */
const mostParameters = 32_766;

// A few sizes, so that the rest of any number of rows runs as statements that
// are compiled already.
function statementSizes(columns: number): number[] {
  return [64, 16, 4, 1].filter((size) =>
    size === 1 || size * columns <= mostParameters
  );
}

function statement(
  table: string,
  columns: readonly string[],
  size: number,
): string {
  const names = columns.map((name) => sql.id(name).text).join(", ");
  const row = `(${columns.map(() => "?").join(", ")})`;
  const values = new Array(size).fill(row).join(", ");
  return `INSERT INTO ${sql.id(table).text} (${names}) VALUES ${values}`;
}
