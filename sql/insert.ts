import { copyOf } from "../display/text/copy_of.ts";
import type { Database } from "./database.ts";
import { boundText } from "./parameters.ts";
import { sql } from "./template.ts";
import type { SqlParameter } from "./values.ts";

/**
 * Inserts many rows, several times as fast as one statement per row: all of
 * them or none.
 *
 * @param table the name of a table, or of the views event and metric: their
 * types and names are stored once each
 * @param columns the names of the columns, in the order of the values
 * @param rows any iterable; a generator saves holding them all
 * @returns how many rows were inserted
 * @throws {DatabaseError} an error of SQLite, and then nothing is inserted
 * @throws {RangeError} for a row with more or fewer values than columns
 *
 * @example
 * ```ts
 * import { createSchema, insertRows, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * db.exec("CREATE TABLE task (id INTEGER, name TEXT)");
 * const rows = [[1, "a"], [2, "b"]];
 * assert.equal(insertRows(db, "task", ["id", "name"], rows), 2);
 * assert.equal(db.query("SELECT * FROM task").length, 2);
 *
 * createSchema(db);
 * insertRows(db, "event", ["span_id", "type"], [[1, "sent"], [2, "sent"]]);
 * assert.equal(db.query("SELECT * FROM event WHERE type = 'sent'").length, 2);
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
  return db.transaction(() => {
    const buffer = new RowBuffer(db, table, columns);
    for (const row of rows) {
      if (row.length !== columns.length) {
        throw new RangeError(
          `row ${buffer.count} for ${table} has ${row.length} values, ` +
            `and there are ${columns.length} columns`,
        );
      }
      buffer.add(row);
    }
    buffer.flush();
    return buffer.count;
  });
}

/**
 * Collects rows of one table and inserts many with each statement. The caller
 * manages the transaction, and flushes the last rows. While a buffer collects
 * rows of the view event or metric, nothing else may insert rows of that view.
 *
 * @example
 * ```ts
 * import { openDatabase, RowBuffer } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * db.exec("CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT)");
 * const tasks = new RowBuffer(db, "task", ["id", "name"], "OR IGNORE");
 * tasks.add([1, "a"]);
 * tasks.add([1, "b"]);
 * tasks.flush();
 * assert.deepEqual([...db.query("SELECT * FROM task")], [{ id: 1, name: "a" }]);
 * ```
 */
export class RowBuffer {
  /** Rows added so far. */
  count = 0;
  readonly #db: Database;
  readonly #textIds: TextIds | undefined;
  readonly #width: number;
  readonly #sizes: readonly number[];
  readonly #statements: readonly string[];
  #waiting: SqlParameter[] = [];

  /**
   * `or` determines the treatment of rows that violate a constraint: by default
   * an error.
   */
  constructor(
    db: Database,
    table: string,
    columns: readonly string[],
    or: "" | "OR IGNORE" = "",
  ) {
    this.#db = db;
    this.#textIds = TextIds.of(db, table, columns);
    ({ table, columns } = this.#textIds ?? { table, columns });
    this.#width = columns.length;
    // Few sizes, so that the statements for the last rows are compiled already.
    this.#sizes = [64, 16, 4, 1].filter((size) =>
      size === 1 || size * columns.length <= maxParameters
    );
    const names = sql.join(columns.map(sql.id)).text;
    const row = `(${columns.map(() => "?").join(", ")})`;
    this.#statements = this.#sizes.map((size) =>
      `INSERT ${or} INTO ${sql.id(table).text} (${names}) VALUES ${
        new Array(size).fill(row).join(", ")
      }`
    );
  }

  /** Adds a row, whose values are in the order of the columns. */
  add(row: readonly SqlParameter[]): void {
    this.count++;
    if (this.#textIds) this.#textIds.append(this.#waiting, row);
    else for (let i = 0; i < row.length; i++) this.#waiting.push(row[i]!);
    if (this.#waiting.length < this.#sizes[0]! * this.#width) return;
    const rows = this.#waiting;
    this.#waiting = [];
    this.#db.run(this.#statements[0]!, rows);
  }

  /** Inserts the rows that are still waiting. */
  flush(): void {
    this.#textIds?.flush();
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#sizes.forEach((size, i) => {
      const length = size * this.#width;
      while (waiting.length >= length) {
        this.#db.run(this.#statements[i]!, waiting.splice(0, length));
      }
    });
  }
}

/** A view whose rows are in one table, and some of their columns in another. */
interface View {
  rows: string;
  texts: string;
  /** The column of `rows` that refers to `texts`. */
  id: string;
  /** The columns of `texts`, the one with the most values last. */
  columns: readonly [string, string];
  /** Value of the first column as SQLite stores it, by which it is known. */
  storedFirst: (value: SqlParameter) => SqlParameter;
}

const storedText = (value: SqlParameter): SqlParameter =>
  typeof value === "string"
    ? boundText(value)
    : typeof value === "number" || typeof value === "bigint"
    ? String(value)
    : value;

const views = new Map<string, View>([
  ["event", {
    rows: "event_row",
    texts: "event_type",
    id: "type_id",
    columns: ["named", "type"],
    storedFirst: (named) => Number(named ?? 1),
  }],
  ["metric", {
    rows: "metric_row",
    texts: "metric_name",
    id: "name_id",
    columns: ["metric", "name"],
    storedFirst: storedText,
  }],
]);

/** Replaces texts in rows for the view event or metric by their ids. */
class TextIds {
  /** The table with the rows, and its columns: the id is the last. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly #db: Database;
  readonly #select: string;
  readonly #storedFirst: View["storedFirst"];
  /** The places of the texts in a row, or -1. */
  readonly #at: readonly [number, number];
  readonly #texts: RowBuffer;
  #ids = new Map<SqlParameter, Map<SqlParameter, number>>();
  #known = 0;
  /** Whether `ids` has all texts in the database. */
  #knowsAll = true;
  #last: number;

  /** Undefined for a table. */
  static of(
    db: Database,
    name: string,
    columns: readonly string[],
  ): TextIds | undefined {
    const view = views.get(name.toLowerCase());
    const [found] = view === undefined ? [] : db.query(
      "SELECT 1 FROM sqlite_schema WHERE type = 'view' AND lower(name) = ?",
      [name.toLowerCase()],
    );
    return view && found &&
      new TextIds(db, view, columns.map((column) => column.toLowerCase()));
  }

  private constructor(db: Database, view: View, columns: readonly string[]) {
    const { rows, texts, id, columns: [first, second] } = view;
    this.table = rows;
    this.columns = [
      ...columns.filter((name) => name !== first && name !== second),
      id,
    ];
    this.#db = db;
    this.#storedFirst = view.storedFirst;
    this.#at = [columns.indexOf(first), columns.indexOf(second)];
    this.#select = `SELECT id FROM ${texts}
      WHERE ${first} = ? AND ${second} = ?`;
    this.#texts = new RowBuffer(db, texts, ["id", first, second]);
    const known = db.query<{ id: number; first: number; second: string }>(
      `SELECT id, ${first} AS first, ${second} AS second FROM ${texts}
       ORDER BY id DESC LIMIT ${maxLoaded}`,
    );
    this.#last = known[0]?.id ?? 0;
    this.#knowsAll = known.length < maxLoaded;
    for (const { id, first, second } of known) this.#know(first, second, id);
  }

  /** Appends the values of a row, in the order of `columns`. */
  append(values: SqlParameter[], row: readonly SqlParameter[]): void {
    const [first, second] = this.#at;
    for (let i = 0; i < row.length; i++) {
      if (i !== first && i !== second) values.push(row[i]!);
    }
    values.push(
      this.#id(
        this.#storedFirst(row[first] ?? null),
        storedText(row[second] ?? null),
      ),
    );
  }

  /** Inserts the texts that are still waiting. */
  flush(): void {
    this.#texts.flush();
  }

  #id(first: SqlParameter, second: SqlParameter): number {
    const known = this.#ids.get(first)?.get(second);
    if (known !== undefined) return known;
    if (this.#known === maxKnown) {
      this.flush();
      this.#ids.clear();
      this.#known = 0;
      this.#knowsAll = false;
    }
    const [found] = this.#knowsAll
      ? []
      : this.#db.query<{ id: number }>(this.#select, [first, second]);
    const id = found?.id ?? ++this.#last;
    if (!found) this.#texts.add([id, first, second]);
    this.#know(first, typeof second === "string" ? copyOf(second) : second, id);
    return id;
  }

  #know(first: SqlParameter, second: SqlParameter, id: number): void {
    this.#known++;
    this.#ids.getOrInsertComputed(first, () => new Map()).set(second, id);
  }
}

// A file with more types than these has mostly types that occur once.
const maxLoaded = 1024;
const maxKnown = 131_072;

/** SQLite's limit, as both engines are compiled. */
const maxParameters = 32_766;
