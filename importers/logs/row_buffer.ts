import { type Database, insertRows, type SqlParameter } from "../../sql/mod.ts";

/**
 * Writes the rows of one table, many in a statement. What is written stays only
 * if the transaction around it does.
 */
export class RowBuffer {
  /** How many rows were added. */
  count = 0;
  #db: Database;
  #table: string;
  #columns: readonly string[];
  #insert: string;
  #waiting: SqlParameter[] = [];

  constructor(db: Database, table: string, columns: readonly string[]) {
    this.#db = db;
    this.#table = table;
    this.#columns = columns;
    const row = `(${columns.map(() => "?").join(", ")})`;
    this.#insert = `INSERT INTO ${table} (${columns.join(", ")})
      VALUES ${new Array(mostRows).fill(row).join(", ")}`;
  }

  add(row: readonly SqlParameter[]): void {
    this.count++;
    for (let i = 0; i < row.length; i++) this.#waiting.push(row[i]!);
    if (this.#waiting.length < mostRows * row.length) return;
    this.#db.run(this.#insert, this.#waiting);
    this.#waiting = [];
  }

  /** Writes what is still waiting. */
  flush(): void {
    const width = this.#columns.length;
    const rows: SqlParameter[][] = [];
    for (let i = 0; i < this.#waiting.length; i += width) {
      rows.push(this.#waiting.slice(i, i + width));
    }
    this.#waiting = [];
    insertRows(this.#db, this.#table, this.#columns, rows);
  }
}

// More are hardly faster.
const mostRows = 64;
