import type { Database } from "./database.ts";
import type { SqlParameter } from "./values.ts";

/** A view whose rows are in one table, and some of their columns in another. */
interface View {
  rows: string;
  texts: string;
  /** The column of `rows` that refers to `texts`. */
  id: string;
  /** The columns of `texts`, the one with the most values last. */
  columns: readonly [string, string];
  /** Value of the first column in rows without it. */
  missing: SqlParameter;
}

const views = new Map<string, View>([
  ["event", {
    rows: "event_row",
    texts: "event_type",
    id: "type_id",
    columns: ["named", "type"],
    missing: 1,
  }],
  ["metric", {
    rows: "metric_row",
    texts: "metric_name",
    id: "name_id",
    columns: ["metric", "name"],
    missing: null,
  }],
]);

/** Replaces texts in rows for the view event or metric by their ids. */
export class TextIds {
  /** The table with the rows, and its columns: the id is the last. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly #db: Database;
  readonly #select: string;
  readonly #insert: string;
  readonly #missing: SqlParameter;
  /** The places of the texts in a row, or -1. */
  readonly #at: readonly [number, number];
  #ids = new Map<SqlParameter, Map<SqlParameter, number>>();
  #known = 0;

  /** Undefined for a table. */
  static of(
    db: Database,
    name: string,
    columns: readonly string[],
  ): TextIds | undefined {
    const view = views.get(name);
    const [found] = view === undefined ? [] : db.query(
      "SELECT 1 FROM sqlite_schema WHERE type = 'view' AND name = ?",
      [name],
    );
    return view && found && new TextIds(db, view, columns);
  }

  private constructor(db: Database, view: View, columns: readonly string[]) {
    const { rows, texts, id, columns: [first, second], missing } = view;
    this.table = rows;
    this.columns = [
      ...columns.filter((name) => name !== first && name !== second),
      id,
    ];
    this.#db = db;
    this.#missing = missing;
    this.#at = [columns.indexOf(first), columns.indexOf(second)];
    this.#select = `SELECT id, ${second} AS text FROM ${texts}
      WHERE ${first} = ? AND ${second} = ?`;
    this.#insert = `INSERT INTO ${texts} (${first}, ${second})
      VALUES (?, ?) RETURNING id, ${second} AS text`;
  }

  /** Appends the values of a row, in the order of `columns`. */
  append(values: SqlParameter[], row: readonly SqlParameter[]): void {
    const [first, second] = this.#at;
    for (let i = 0; i < row.length; i++) {
      if (i !== first && i !== second) values.push(row[i]!);
    }
    values.push(this.#id(row[first] ?? this.#missing, row[second] ?? null));
  }

  #id(first: SqlParameter, second: SqlParameter): number {
    const known = this.#ids.get(first)?.get(second);
    if (known !== undefined) return known;
    const texts = [first, second];
    const found = this.#db.query<{ id: number; text: string }>(
      this.#select,
      texts,
    );
    const [row] = found.length > 0
      ? found
      : this.#db.query<{ id: number; text: string }>(this.#insert, texts);
    if (this.#known++ === maxKnown) {
      this.#known = 0;
      this.#ids.clear();
    }
    // The database's text: the given one may be a slice of a chunk of a log.
    this.#ids.getOrInsertComputed(first, () => new Map())
      .set(row!.text, row!.id);
    return row!.id;
  }
}

const maxKnown = 65_536;
