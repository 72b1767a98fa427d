import type { Database, SqlParameter } from "../../sql/mod.ts";

/**
 * Writes the rows of one table, many in a statement. What is written stays only
 * if the transaction around it does.
 */
export class RowBuffer {
  /** How many rows were added. */
  count = 0;
  #db: Database;
  #width: number;
  #insert: (rows: number) => string;
  #largest: string;
  #waiting: SqlParameter[] = [];

  /** `or` says what becomes of a row that a constraint forbids. */
  constructor(
    db: Database,
    table: string,
    columns: readonly string[],
    or: "" | "OR IGNORE" = "",
  ) {
    this.#db = db;
    this.#width = columns.length;
    const row = `(${columns.map(() => "?").join(", ")})`;
    this.#insert = (rows) =>
      `INSERT ${or} INTO ${table} (${columns.join(", ")})
       VALUES ${new Array(rows).fill(row).join(", ")}`;
    this.#largest = this.#insert(mostRows);
  }

  add(row: readonly SqlParameter[]): void {
    this.count++;
    for (let i = 0; i < row.length; i++) this.#waiting.push(row[i]!);
    if (this.#waiting.length < mostRows * this.#width) return;
    this.#db.run(this.#largest, this.#waiting);
    this.#waiting = [];
  }

  /** Writes what is still waiting. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const rows of fewerRows) {
      const length = rows * this.#width;
      while (waiting.length >= length) {
        this.#db.run(this.#insert(rows), waiting.splice(0, length));
      }
    }
  }
}

// More are hardly faster.
const mostRows = 64;

// A few sizes, so that they are compiled once for all logs.
const fewerRows = [16, 4, 1];
