import { type Database, insertRows, type SqlParameter } from "../../sql/mod.ts";

/** Collects the rows of one table and writes them in large pieces. */
export class RowBuffer {
  /** How many rows were added. */
  count = 0;
  #write: (rows: SqlParameter[][]) => void;
  #waiting: SqlParameter[][] = [];

  constructor(db: Database, table: string, columns: readonly string[]) {
    this.#write = (rows) => insertRows(db, table, columns, rows);
  }

  add(row: SqlParameter[]): void {
    this.count++;
    this.#waiting.push(row);
    if (this.#waiting.length === largest) this.flush();
  }

  /** Writes what is still waiting. */
  flush(): void {
    this.#write(this.#waiting);
    this.#waiting = [];
  }
}

const largest = 1024;
