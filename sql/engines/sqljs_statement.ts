import type { RunResult, SqlValue } from "../values.ts";
import { type BoundValue, Real } from "../parameters.ts";
import type { Result } from "../rows.ts";
import type { Statement } from "../statement.ts";
import { type Cast, castParameters } from "./casts.ts";
import { integer, type Prepared } from "./engine.ts";
import type {
  SqljsDatabase,
  SqljsPrepared,
  SqljsRow,
  SqljsValue,
} from "./sqljs_api.ts";

/** A statement of sql.js. */
export class SqljsStatement implements Prepared {
  readonly #db: SqljsDatabase;
  readonly #statement: Statement;
  readonly #plain: SqljsPrepared;
  /** The same with casts around parameters, by which ones. */
  readonly #cast = new Map<string, SqljsPrepared>();
  #columns: string[] | undefined;
  #lastRowid: SqljsPrepared | undefined;

  constructor(db: SqljsDatabase, statement: Statement) {
    this.#db = db;
    this.#statement = statement;
    this.#plain = db.prepare(statement.sql);
  }

  all(values: readonly BoundValue[]): Result {
    const prepared = this.#bind(values);
    try {
      const rows: SqlValue[][] = [];
      while (prepared.step()) rows.push(readRow(prepared));
      // Of the plain one, since a parameter can be the name of a column.
      this.#columns ??= this.#plain.getColumnNames();
      return { columns: this.#columns, rows };
    } finally {
      prepared.reset();
    }
  }

  run(values: readonly BoundValue[]): RunResult {
    const prepared = this.#bind(values);
    try {
      while (prepared.step());
    } finally {
      prepared.reset();
    }
    return {
      changes: this.#statement.changesRows ? this.#db.getRowsModified() : 0,
      lastInsertRowid: this.#readLastRowid(),
    };
  }

  free(): void {
    for (const prepared of [this.#plain, ...this.#cast.values()]) {
      prepared.free();
    }
    this.#lastRowid?.free();
  }

  #bind(values: readonly BoundValue[]): SqljsPrepared {
    const prepared = values.some(needsCast)
      ? this.#prepareCast(values.map(castOf))
      : this.#plain;
    if (values.length > 0) prepared.bind(values.map(sqljsValue));
    return prepared;
  }

  #prepareCast(casts: readonly (Cast | undefined)[]): SqljsPrepared {
    const key = casts.map((cast) => cast?.[0] ?? "-").join("");
    let prepared = this.#cast.get(key);
    if (prepared === undefined) {
      if (this.#cast.size >= mostCasts) this.#freeOldest();
      prepared = this.#db.prepare(castParameters(this.#statement, casts));
      this.#cast.set(key, prepared);
    }
    return prepared;
  }

  #freeOldest(): void {
    const [key, prepared] = this.#cast.entries().next().value!;
    prepared.free();
    this.#cast.delete(key);
  }

  #readLastRowid(): number | bigint {
    this.#lastRowid ??= this.#db.prepare("SELECT last_insert_rowid()");
    this.#lastRowid.step();
    const [rowid] = readRow(this.#lastRowid);
    this.#lastRowid.reset();
    return rowid as number | bigint;
  }
}

const mostCasts = 8;

// sql.js binds whole numbers of 32 bits as INTEGER and all others as REAL.
function isShort(value: number): boolean {
  return (value | 0) === value;
}

function needsCast(value: BoundValue): boolean {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && !isShort(value);
  }
  return typeof value === "bigint" ||
    (value instanceof Real && isShort(value.value));
}

// Once one value needs a cast, every INTEGER gets one, short or not: fewer
// different statements are then compiled for the rows of one table.
function castOf(value: BoundValue): Cast | undefined {
  if (value instanceof Real) return "REAL";
  return typeof value === "bigint" || Number.isSafeInteger(value)
    ? "INTEGER"
    : undefined;
}

function sqljsValue(value: BoundValue): SqljsValue {
  if (value instanceof Real) return value.value;
  return typeof value === "bigint" ? String(value) : value;
}

function readRow(prepared: SqljsPrepared): SqlValue[] {
  let row: SqljsRow = prepared.get();
  // Past 2^53 an INTEGER is rounded, so that the row is read again exactly.
  if (row.some(isLarge)) row = prepared.get(null, { useBigInt: true });
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!;
    if (typeof value === "bigint") row[i] = integer(value);
    else if (typeof value === "string" && value.includes("\0")) {
      // Where node:sqlite ends a text, and SQLite's own length() too.
      row[i] = value.slice(0, value.indexOf("\0"));
    }
  }
  return row;
}

function isLarge(value: SqlValue): boolean {
  return typeof value === "number" && Math.abs(value) >= 2 ** 53;
}
