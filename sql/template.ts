// Over 300 lines: the tag and the documentation of its methods.

import {
  type CampaignForm,
  type MaterializedQuery,
  materializedQuery,
  type QueryCheck,
  Sql,
} from "./sql_text.ts";
import { replaceParameters, tokenize } from "./tokens.ts";
import type { SqlParameter } from "./values.ts";

/** Content of `${...}` in the tag {@linkcode sql}: a value or more SQL. */
export type SqlPiece = SqlParameter | Sql;

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

  /**
   * A query of the same rows, which the database computes once: it keeps them in
   * a temporary table until any table changes, by this or another program.
   * `String(query)` contains the query itself.
   *
   * @param columns the names of the columns of the query, in order
   * @param key the number of leading columns that identify a row, and by which
   * the table is sorted; they are never NULL. By default 0
   *
   * @example
   * ```ts
   * import { openDatabase, sql } from "dnpc/sql";
   * import { strict as assert } from "node:assert";
   *
   * using db = await openDatabase();
   * db.exec("CREATE TABLE visit (place TEXT); INSERT INTO visit VALUES ('sea')");
   * const query = sql`SELECT place, count(*) AS visits FROM visit GROUP BY place`;
   * const counts = sql.materialized(query, ["place", "visits"], 1);
   *
   * const visits = sql`SELECT visits FROM (${counts}) WHERE place = ${"sea"}`;
   * assert.deepEqual([...db.query(visits)], [{ visits: 1 }]);
   * db.exec("INSERT INTO visit VALUES ('sea')");
   * assert.deepEqual([...db.query(visits)], [{ visits: 2 }]);
   * ```
   */
  materialized(query: Sql, columns: readonly string[], key?: number): Sql;

  /**
   * The same query, with a check that the database calls each time before it
   * runs it, alone or as a part of another query: for errors that say more than
   * an empty result, such as an unknown name.
   *
   * @example
   * ```ts
   * import { openDatabase, sql } from "dnpc/sql";
   * import { strict as assert } from "node:assert";
   *
   * using db = await openDatabase();
   * db.exec("CREATE TABLE visit (place TEXT); INSERT INTO visit VALUES ('sea')");
   * const place = "see";
   * const query = sql.checked(
   *   sql`SELECT * FROM visit WHERE place = ${place}`,
   *   (db) => {
   *     const places = db.query("SELECT place FROM visit").map(Object.values);
   *     if (!places.flat().includes(place)) {
   *       throw new RangeError(`nobody was at ${place}, only at ${places}`);
   *     }
   *   },
   * );
   * assert.throws(() => db.query(query), /nobody was at see, only at sea/);
   * ```
   */
  checked(query: Sql, check: QueryCheck): Sql;

  /**
   * The same query, with a noun for what each row is about: charts of its rows
   * count "tasks" where they would count "spans". A query that contains it has
   * none.
   *
   * @example
   * ```ts
   * import { openDatabase, sql } from "dnpc/sql";
   * import { twoEvents } from "dnpc/plots";
   * import { strict as assert } from "node:assert";
   *
   * using db = await openDatabase();
   * const visits = sql.about(sql`SELECT 10 AS came, 12 AS went`, "visit");
   * assert.match(twoEvents(db.query(visits)).caption, /^1 visit: /);
   * ```
   */
  about(query: Sql, noun: string): Sql;

  /**
   * The same query, with another text for the tables of a campaign, which has
   * many runs in Parquet files: there are no temporary tables, but the table
   * step. A query that contains it has both texts as well.
   *
   * @param form returns a query of the same rows
   */
  either(query: Sql, form: CampaignForm): Sql;
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
  /** The same for a campaign, if one of the pieces differs there. */
  const composed = (
    pieces: readonly SqlPiece[],
    compose: (pieces: readonly SqlPiece[]) => Sql,
  ): Sql => {
    const own = compose(pieces);
    if (!pieces.some((piece) => piece instanceof Sql && piece.hasForm)) {
      return own;
    }
    return withForm(
      own,
      (campaign) =>
        compose(
          pieces.map((piece) =>
            piece instanceof Sql ? piece.inCampaign(campaign) : piece
          ),
        ),
    );
  };
  const tagged = (
    strings: TemplateStringsArray,
    ...pieces: SqlPiece[]
  ): Sql => {
    if (!Array.isArray(strings)) {
      throw new TypeError(
        "sql is a tag, to be written before the text: sql`SELECT ...`, not " +
          "sql(...). A text alone goes to db.query(...)",
      );
    }
    return composed(pieces, (pieces) => {
      const parts = new Parts(needsSchema);
      const text = pieces.map((piece, i) => parts.add(piece) + strings[i + 1]!);
      return parts.join(strings[0]! + text.join(""));
    });
  };
  return Object.assign(tagged, {
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
      return composed([...pieces], (pieces) => {
        const parts = new Parts(needsSchema);
        const texts = pieces.map((piece) => parts.add(piece));
        return parts.join(texts.join(separator));
      });
    },
    raw(text: string): Sql {
      return new Sql(text, [], needsSchema);
    },
    module(text: string, args: Readonly<Record<string, SqlPiece>>): Sql {
      const [first] = tokenize(text);
      const names = Object.keys(args);
      return composed(Object.values(args), (pieces) => {
        const parts = new Parts(needsSchema);
        const unused = new Set(names);
        const filled = replaceParameters(text.slice(first?.start), (name) => {
          const piece = pieces[names.indexOf(name.slice(1))];
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
      });
    },
    materialized(query: Sql, columns: readonly string[], key = 0): Sql {
      const names = columns.map((name) => sql.id(name).text);
      const one = materializedQuery(query, names, key);
      return new Sql(
        `SELECT * FROM ${one.placeholder}`,
        [],
        query.needsSchema,
        new Set([one]),
        query.checks,
        undefined,
        (campaign) => query.inCampaign(campaign),
      );
    },
    checked: (query: Sql, check: QueryCheck): Sql =>
      composed([query], ([query]) => {
        const parts = new Parts(needsSchema);
        const text = parts.add(query!);
        parts.checks.add(check);
        return parts.join(text);
      }),
    about: (query: Sql, noun: string): Sql =>
      withForm(
        copy(query, noun),
        (campaign) => copy(query.inCampaign(campaign), noun),
      ),
    either: withForm,
  });
}

function copy(
  { text, params, needsSchema, materialized, checks }: Sql,
  noun: string | undefined,
  form?: CampaignForm,
): Sql {
  return new Sql(text, params, needsSchema, materialized, checks, noun, form);
}

function withForm(query: Sql, form: CampaignForm): Sql {
  return copy(query, query.noun, form);
}

/** Collects the values of pieces while their texts are put together. */
class Parts {
  readonly #params: SqlParameter[] = [];
  readonly #materialized = new Set<MaterializedQuery>();
  readonly checks = new Set<QueryCheck>();
  #needsSchema: boolean;

  constructor(needsSchema: boolean) {
    this.#needsSchema = needsSchema;
  }

  /** Gives the text for a piece and keeps its values. */
  add(piece: SqlPiece): string {
    if (piece instanceof Sql) {
      for (const value of piece.params) this.#params.push(value);
      this.#needsSchema ||= piece.needsSchema;
      for (const query of piece.materialized) this.#materialized.add(query);
      for (const check of piece.checks) this.checks.add(check);
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
    return new Sql(
      text,
      this.#params,
      this.#needsSchema,
      this.#materialized,
      this.checks,
    );
  }
}
