import { literalOf } from "./parameters.ts";
import { replaceParameters } from "./tokens.ts";
import type { Row, SqlParameter, SqlParameters } from "./values.ts";

/**
 * SQL text with the values for its `?`, made by the tag `sql`.
 *
 * `db.query` binds the values. `String(query)` and a notebook show them as
 * literals, so that the printed text runs in the sqlite3 shell.
 */
export class Sql {
  /** The text, with `?` for each bound value. */
  readonly text: string;
  /** The values, in order. */
  readonly params: readonly SqlParameter[];
  /** Whether a part of it was made by `spanSql`. */
  readonly needsSchema: boolean;
  /** The queries of `sql.materialized()` whose tables the text reads. */
  readonly materialized: ReadonlySet<MaterializedQuery>;
  /** The checks of `sql.checked()`. */
  readonly checks: ReadonlySet<QueryCheck>;
  /** What each row is about, as `sql.about()` says. */
  readonly noun: string | undefined;
  readonly #form: CampaignForm | undefined;

  /** Use the tag `sql`. */
  constructor(
    text: string,
    params: readonly SqlParameter[] = [],
    needsSchema = false,
    materialized: ReadonlySet<MaterializedQuery> = new Set(),
    checks: ReadonlySet<QueryCheck> = new Set(),
    noun?: string,
    form?: CampaignForm,
  ) {
    this.text = text;
    this.params = params;
    this.needsSchema = needsSchema;
    this.materialized = materialized;
    this.checks = checks;
    this.noun = noun;
    this.#form = form;
  }

  /** Whether it has another text for the tables of a campaign. */
  get hasForm(): boolean {
    return this.#form !== undefined;
  }

  /** The same query of the tables of a campaign, without temporary tables. */
  inCampaign(campaign: CampaignTables): Sql {
    return this.#form?.(campaign) ?? this;
  }

  /** The text with the tables of materialized queries. */
  withTables(tableOf: (query: MaterializedQuery) => string): string {
    let text = this.text;
    for (const query of this.materialized) {
      if (!text.includes(query.placeholder)) continue;
      const table = tableOf(query);
      text = text.replaceAll(query.placeholder, () => table);
    }
    return text;
  }

  /**
   * The text with each value as an SQL literal, and each materialized query in
   * place of its table.
   */
  toString(): string {
    const text = this.withTables(({ query }) => `(${query})`);
    let next = 0;
    return replaceParameters(
      text,
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

/** Makes the text of a query for the tables of a campaign. */
export type CampaignForm = (campaign: CampaignTables) => Sql;

/** What a query for the tables of a campaign depends on. */
export interface CampaignTables {
  /**
   * The column run of the tables, for the name of a run.
   *
   * @throws {RangeError} with a list of the runs, if none or several match
   */
  runNamed(name: string): string;
  /**
   * The same query of the rows of one run, and of those that belong to no run, so
   * that no other run is read.
   */
  ofRun(query: Sql, name: string): Sql;
  /** Whether the table step has the steps of root spans of this type. */
  hasSteps(type: string): boolean;
}

/** Throws if a query makes no sense for a database. */
export type QueryCheck = (db: Queryable) => void;

/** What a check needs of a database. */
export interface Queryable {
  /** As of every database. */
  query<T = Row>(sql: string | Sql): T[];
}

/** A query whose rows a database keeps in a temporary table. */
export interface MaterializedQuery {
  /** The query. */
  query: Sql;
  /** Stands for the table in SQL. */
  placeholder: string;
  /** The columns and the primary key of the table, as SQL. */
  columns: string;
}

/**
 * Returns the materialized query with these columns, as SQL, of which the first
 * `key` are the primary key. The same query has the same table.
 */
export function materializedQuery(
  query: Sql,
  names: readonly string[],
  key: number,
): MaterializedQuery {
  const primaryKey = key === 0
    ? ")"
    : `, PRIMARY KEY (${names.slice(0, key)})) WITHOUT ROWID`;
  const columns = `${names}${primaryKey}`;
  return queries.getOrInsertComputed(`${columns} ${query}`, () => ({
    query,
    placeholder: `temp."materialized query ${queries.size}"`,
    columns,
  }));
}

const queries = new Map<string, MaterializedQuery>();
