import { literalOf } from "./parameters.ts";
import { replaceParameters, tokenize } from "./tokens.ts";
import type { SqlParameter, SqlParameters } from "./values.ts";

/** Content of `${...}` in the tag {@linkcode sql}: a value or more SQL. */
export type SqlPiece = SqlParameter | Sql;

/**
 * SQL text with the values for its `?`, made by the tag {@linkcode sql}.
 *
 * `db.query` binds the values. `String(query)` and a notebook show them as
 * literals, so that the printed text runs in the sqlite3 shell.
 */
export class Sql {
  /** The text, with `?` for each bound value. */
  readonly text: string;
  /** The values, in order. */
  readonly params: readonly SqlParameter[];
  /** Whether a part of it was made by {@linkcode spanSql}. */
  readonly needsSchema: boolean;

  /** Use the tag {@linkcode sql}. */
  constructor(
    text: string,
    params: readonly SqlParameter[] = [],
    needsSchema = false,
  ) {
    this.text = text;
    this.params = params;
    this.needsSchema = needsSchema;
  }

  /** The text with each value as an SQL literal. */
  toString(): string {
    let next = 0;
    return replaceParameters(
      this.text,
      (name) =>
        name !== "?" || next === this.params.length
          ? name
          : literalOf(this.params[next++]!, next),
    );
  }

  /** Shows the text with its values in a notebook. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/plain": String(this) };
  }

  /** Shows the text with its values in a terminal. */
  [Symbol.for("Deno.customInspect")](): string {
    return String(this);
  }
}

/** The text and values of SQL in either form. */
export function textAndValues(sql: string | Sql, params?: SqlParameters) {
  if (!(sql instanceof Sql)) return { text: sql, values: params };
  if (params !== undefined) {
    throw new TypeError(
      "SQL made by the sql tag has its values inside: give no others",
    );
  }
  return { text: sql.text, values: sql.params };
}

/** The tag {@linkcode sql} and its methods for pieces other than values. */
export interface SqlTag {
  (strings: TemplateStringsArray, ...pieces: SqlPiece[]): Sql;

  /**
   * Quotes the name of a table or column, which can have any characters.
   *
   * @throws {RangeError} for a name with a NUL character, which SQLite cannot
   * hold
   */
  id(name: string): Sql;

  /**
   * Joins pieces, for an IN list or a list of conditions.
   *
   * @param separator the text between two pieces, by default a comma
   */
  join(pieces: Iterable<SqlPiece>, separator?: string): Sql;

  /** Inserts text that is already SQL. Never pass text from a log. */
  raw(text: string): Sql;

  /**
   * Fills in the text of an `.sql` file: each `:name` becomes the argument of
   * that name, a bound value or more SQL. The comment at the head of the file
   * is left out.
   *
   * @example
   * ```ts
   * import { sql } from "dnpc/sql";
   * import { strict as assert } from "node:assert";
   *
   * // import text from "./older_than.sql" with { type: "text" };
   * const text = "-- People of an age.\nSELECT name FROM :table WHERE age > :age";
   * const query = sql.module(text, { table: sql.id("person"), age: 40 });
   *
   * assert.equal(query.text, 'SELECT name FROM "person" WHERE age > ?');
   * assert.equal(String(query), 'SELECT name FROM "person" WHERE age > 40');
   * ```
   *
   * @throws {TypeError} for a placeholder without an argument, and for an
   * argument without a placeholder
   */
  module(text: string, args: Readonly<Record<string, SqlPiece>>): Sql;
}

/**
 * Builds SQL from a template: values are bound and never become part of the
 * text; another piece of SQL is inserted together with its values, so that
 * queries compose.
 *
 * Plain text with separate values works too: `db.query("SELECT ?", [5])`.
 *
 * @throws {TypeError} for an array: write `sql.join(array)`
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
export const sql: SqlTag = tag(false);

/**
 * The tag {@linkcode sql} for queries of the tables that imports write, as all
 * questions are. Before it runs one, alone or as a part of another query, the
 * database calls {@linkcode checkSchema}.
 *
 * @example
 * ```ts
 * import { openDatabase, spanSql } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * const types = spanSql`SELECT DISTINCT type FROM span`;
 * assert.throws(() => db.query(types), /nothing was imported into it yet/);
 * ```
 */
export const spanSql: SqlTag = tag(true);

function tag(needsSchema: boolean): SqlTag {
  return Object.assign(
    (strings: TemplateStringsArray, ...pieces: SqlPiece[]): Sql => {
      const parts = new Parts(needsSchema);
      const text = pieces.map((piece, i) => parts.add(piece) + strings[i + 1]!);
      return parts.join(strings[0]! + text.join(""));
    },
    {
      id(name: string): Sql {
        if (name.includes("\0")) {
          throw new RangeError(
            "a name in SQL cannot hold a zero character: " +
              JSON.stringify(name),
          );
        }
        return new Sql(`"${name.toWellFormed().replaceAll('"', '""')}"`);
      },
      join(pieces: Iterable<SqlPiece>, separator = ", "): Sql {
        const parts = new Parts(needsSchema);
        const texts = Array.from(pieces, (piece) => parts.add(piece));
        return parts.join(texts.join(separator));
      },
      raw(text: string): Sql {
        return new Sql(text, [], needsSchema);
      },
      module(text: string, args: Readonly<Record<string, SqlPiece>>): Sql {
        const parts = new Parts(needsSchema);
        const unused = new Set(Object.keys(args));
        const [first] = tokenize(text);
        const filled = replaceParameters(text.slice(first?.start), (name) => {
          const piece = args[name.slice(1)];
          if (piece === undefined) {
            throw new TypeError(`no argument was given for ${name}`);
          }
          unused.delete(name.slice(1));
          return parts.add(piece);
        });
        if (unused.size > 0) {
          const names = [...unused].map((name) => `:${name}`).join(", ");
          throw new TypeError(`the SQL has no placeholder ${names}`);
        }
        return parts.join(filled.trimEnd());
      },
    },
  );
}

/** Collects the values of pieces while their texts are put together. */
class Parts {
  readonly #params: SqlParameter[] = [];
  #needsSchema: boolean;

  constructor(needsSchema: boolean) {
    this.#needsSchema = needsSchema;
  }

  /** Gives the text for a piece and keeps its values. */
  add(piece: SqlPiece): string {
    if (piece instanceof Sql) {
      for (const value of piece.params) this.#params.push(value);
      this.#needsSchema ||= piece.needsSchema;
      return piece.text;
    }
    if (Array.isArray(piece)) {
      throw new TypeError(
        "an array is not a value in SQL: write ${sql.join(array)}, " +
          "inside of IN (...) for a list",
      );
    }
    this.#params.push(piece);
    return "?";
  }

  join(text: string): Sql {
    return new Sql(text, this.#params, this.#needsSchema);
  }
}
