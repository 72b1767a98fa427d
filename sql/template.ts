import type { SqlParameter } from "./values.ts";

/** What can stand in `${...}` of the tag {@linkcode sql}. */
export type SqlPiece = SqlParameter | Sql;

/**
 * SQL text with the values for its `?`, made by the tag {@linkcode sql}. It
 * shows itself as its text.
 */
export class Sql {
  /** The text, with `?` where a value is bound. */
  readonly text: string;
  /** The values, in order. */
  readonly params: readonly SqlParameter[];

  /** Use the tag {@linkcode sql}. */
  constructor(text: string, params: readonly SqlParameter[] = []) {
    this.text = text;
    this.params = params;
  }

  /** The text. */
  toString(): string {
    return this.text;
  }

  /** The text, as a notebook shows it. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": this.text };
  }

  /** The text, as a terminal shows it. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.text;
  }
}

/** The tag {@linkcode sql}, and the pieces that are no values. */
export interface SqlTag {
  (strings: TemplateStringsArray, ...pieces: SqlPiece[]): Sql;

  /**
   * The name of a table or column, quoted: any characters are part of it.
   *
   * @throws {RangeError} for a name with a zero character, where SQLite ends
   */
  id(name: string): Sql;

  /**
   * Pieces one after the other, for an IN list or a list of conditions.
   *
   * @param separator what stands between: a comma by default
   */
  join(pieces: Iterable<SqlPiece>, separator?: string): Sql;

  /** Text that is SQL already. Never for text that came from a log. */
  raw(text: string): Sql;
}

/**
 * Makes SQL of a template: a value is bound, never part of the text, and
 * another piece of SQL is put in place with its values, so that queries are
 * made of queries.
 *
 * A plain text with values beside it does as well: `db.query("SELECT ?", [5])`.
 *
 * @throws {TypeError} for an array: which list is meant, `sql.join` says
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * const numbers = sql`SELECT column1 AS n FROM (VALUES (1), (2), (3))`;
 * const wanted = [1, 3];
 * const query = sql`SELECT sum(${sql.id("n")}) AS total FROM (${numbers})
 *   WHERE n IN (${sql.join(wanted)})`;
 *
 * assert.deepEqual(query.params, [1, 3]);
 * assert.deepEqual([...db.query(query)], [{ total: 4 }]);
 * ```
 */
export const sql: SqlTag = Object.assign(
  (strings: TemplateStringsArray, ...pieces: SqlPiece[]): Sql => {
    const params: SqlParameter[] = [];
    let text = strings[0]!;
    pieces.forEach((piece, i) => {
      text += append(piece, params) + strings[i + 1]!;
    });
    return new Sql(text, params);
  },
  {
    id(name: string): Sql {
      if (name.includes("\0")) {
        throw new RangeError(
          `a name in SQL cannot hold a zero character: ${JSON.stringify(name)}`,
        );
      }
      return new Sql(`"${name.toWellFormed().replaceAll('"', '""')}"`);
    },
    join(pieces: Iterable<SqlPiece>, separator = ", "): Sql {
      const params: SqlParameter[] = [];
      const texts = Array.from(pieces, (piece) => append(piece, params));
      return new Sql(texts.join(separator), params);
    },
    raw(text: string): Sql {
      return new Sql(text);
    },
  },
);

/** The text for a piece; its values go to the others. */
function append(piece: SqlPiece, params: SqlParameter[]): string {
  if (piece instanceof Sql) {
    for (const value of piece.params) params.push(value);
    return piece.text;
  }
  if (Array.isArray(piece)) {
    throw new TypeError(
      "an array is no value in SQL: write ${sql.join(array)}, " +
        "inside of IN (...) for a list",
    );
  }
  params.push(piece);
  return "?";
}
