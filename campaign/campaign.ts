import type { ColumnTable } from "arquero";
import { counted, messageOf } from "../display/text/format.ts";
import { showAs } from "../display/notebook/jupyter.ts";
import { statOrNothing } from "../display/output.ts";
import { mistake, whatIs } from "../display/text/mistakes.ts";
import { showReport } from "../display/text/rows.ts";
import { visible } from "../display/text/untrusted.ts";
import type { RunAnswers } from "../questions/mod.ts";
import {
  type CampaignTables,
  type Database,
  DatabaseError,
  type Row,
  rowTable,
  Sql,
  type SqlParameters,
} from "../sql/mod.ts";
import { labelled, labelsOf, partitionNamed } from "./catalog.ts";
import type { Engine } from "./engine.ts";
import { databaseOf } from "./load_run.ts";
import { type Contents, type Partition, readContents } from "./manifest.ts";
import { damaged } from "./parquet_rows.ts";
import { answersOf, type AnswersOptions } from "./run_answers.ts";
import { replaceTables } from "./sql_rewriting.ts";
import { addTables, tablesOfRuns } from "./tables.ts";

/**
 * An open campaign. The same questions as of a database, but each call returns a
 * promise. It shows itself as a sentence.
 */
export interface Campaign {
  /** The directory. */
  readonly dir: string;
  /** The labels of the runs, in the order of their beginning. */
  readonly runs: readonly string[];
  /** Directories of runs that cannot be read, and why. */
  readonly leftOut: readonly { name: string; reason: string }[];
  /**
   * Returns all rows of a query: of a question such as `timesBetween()`, or of
   * your own SQL in DuckDB's dialect. Charts take the rows as they are.
   *
   * Numbers are as in a database: 1 and 0 for conditions, bigint beyond 2^53.
   *
   * @throws {DatabaseError} an error of DuckDB about the SQL or a file
   * @throws {RangeError} for a run, a type or a name that the campaign has not
   */
  query<T = Row>(
    sql: string | Sql,
    values?: SqlParameters,
  ): Promise<T[]>;
  /** The same as an [Arquero](https://idl.uw.edu/arquero/) table. */
  table(
    sql: string | Sql,
    values?: SqlParameters,
  ): Promise<ColumnTable>;
  /**
   * Loads a run into a database, for questions that need one: the rows are those
   * of the database that was exported. {@linkcode openRun} says more.
   *
   * @param run its label ("000"), its id, its directory, or a unique part of these;
   * it may be left out if the campaign has one run
   * @param path a file for the database, which must not exist; by default it is
   * in memory
   */
  database(run?: string, path?: string): Promise<Database>;
  /**
   * Returns what `summary` and `failures` say of each run, or of one. It is
   * computed once and kept in the directory of the run, if that can be written to.
   *
   * @param run as in {@linkcode database}
   */
  answers<Name extends keyof RunAnswers>(
    name: Name,
    run?: string,
  ): Promise<RunAnswers[Name][]>;
  /** Closes DuckDB. Closing it again does nothing. */
  close(): void;
  /** Closes the campaign at the end of a block, if declared with `using`. */
  [Symbol.dispose](): void;
}

/**
 * The runs of a campaign that can be read.
 *
 * @param warn told about the others
 * @throws {RangeError} if there are none
 */
export function readRuns(dir: string, warn: (text: string) => void): Contents {
  const contents = readContents(dir);
  for (const { name, reason } of contents.leftOut.slice(0, maxNamed)) {
    warn(`${dir}/${name} is left out: ${reason}`);
  }
  const more = contents.leftOut.length - maxNamed;
  if (more > 0) warn(`${more} more directories in ${dir} are left out`);
  if (contents.partitions.length > 0) return contents;
  if (!statOrNothing(dir)) throw new RangeError(`there is no ${dir}`);
  throw new RangeError(
    `${dir} has no runs: \`dnpc import RUNS --to parquet ${dir}\` writes them`,
  );
}

const maxNamed = 20;

/** A campaign that an engine reads, which is closed with it. */
export async function openedWith(
  engine: Engine,
  dir: string,
  contents: Contents,
  settings: AnswersOptions,
): Promise<Campaign> {
  try {
    const catalog = await addTables(engine, contents.partitions);
    return new OpenCampaign(engine, dir, contents, catalog, settings);
  } catch (error) {
    engine[Symbol.dispose]();
    throw error instanceof RangeError ? error : explained(error);
  }
}

/** An error of the engine: about SQL, or about a file, with what to do then. */
function explained(error: unknown, sql?: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const message = messageOf(error).trim();
  const [first = ""] = message.split("\n");
  const file = /(?:^|["'])([^"']*\/run=[^"'/]*\/\w+\.parquet)/.exec(first)?.[1];
  return file === undefined
    ? new DatabaseError(message, sql)
    : damaged(file, first.replace(`${file} is damaged: `, ""));
}

/** The column run of the tables for a directory run=ID. */
const runOf = ({ name }: Partition): string => name.slice("run=".length);

/** The same query of these runs alone. */
function rowsOfRuns(query: Sql, runs: readonly string[]): Sql {
  // In any dialect, a text in quotes.
  if (!runs.every((run) => /^[\w.-]+$/.test(run))) return query;
  const list = runs.map((run) => `'${run}'`);
  const text = replaceTables(
    query.text,
    (table) =>
      tablesOfRuns.has(table)
        ? `SELECT * FROM ${table} WHERE run IN (${list})`
        : undefined,
  );
  return new Sql(text, query.params);
}

class OpenCampaign implements Campaign {
  readonly dir: string;
  readonly runs: readonly string[];
  readonly leftOut: readonly { name: string; reason: string }[];
  readonly #engine: Engine;
  readonly #catalog: Database;
  readonly #partitions: readonly Partition[];
  readonly #tables: CampaignTables;
  readonly #settings: AnswersOptions;
  #isOpen = true;

  constructor(
    engine: Engine,
    dir: string,
    { partitions, leftOut }: Contents,
    catalog: Database,
    settings: AnswersOptions,
  ) {
    this.dir = dir;
    this.#settings = settings;
    this.leftOut = leftOut;
    this.#engine = engine;
    this.#catalog = catalog;
    this.#partitions = partitions;
    this.runs = labelsOf(catalog);
    const stepped = new Set(
      catalog.query<{ type: string }>(
        "SELECT type FROM span_kind WHERE role IN ('task', 'try')",
      ).map(({ type }) => type),
    );
    const runNamed = (name: string) =>
      runOf(
        partitionNamed(catalog, partitions, name),
      );
    const withoutRun = partitions.filter(({ manifest }) => manifest.run === "")
      .map(runOf);
    this.#tables = {
      runNamed,
      ofRun: (query, name) =>
        rowsOfRuns(query, [runNamed(name), ...withoutRun]),
      hasSteps: (type) => stepped.has(type),
    };
    const others = partitions.filter(({ manifest }) => manifest.run !== "")
      .length - this.runs.length;
    const sentence = () =>
      `${visible(dir)}: ${counted(this.runs.length, "run")}` +
      (others > 0
        ? `, ${counted(others, "other")} without a log of Parsl`
        : "") +
      (leftOut.length ? `, ${leftOut.length} left out` : "");
    showAs(this, () => ({ "text/plain": sentence() }));
    Object.defineProperty(this, Symbol.for("Deno.customInspect"), {
      value: sentence,
      enumerable: false,
    });
  }

  async query<T = Row>(
    sql: string | Sql,
    values?: SqlParameters,
  ): Promise<T[]> {
    const { columns, rows } = await this.#all(sql, values);
    const objects = rows.map((row) =>
      Object.fromEntries(columns.map((name, i) => [name, row[i]])) as T
    );
    const noun = sql instanceof Sql ? sql.noun : undefined;
    return showReport(objects, { columns, noun });
  }

  async table(
    sql: string | Sql,
    values?: SqlParameters,
  ): Promise<ColumnTable> {
    return rowTable(await this.#all(sql, values));
  }

  async database(run?: string, path?: string): Promise<Database> {
    this.#checkOpen();
    const partition = partitionNamed(this.#catalog, this.#partitions, run);
    const [labelledRun] = labelled(this.#catalog, [partition]);
    return await databaseOf(labelledRun!, path);
  }

  async answers<Name extends keyof RunAnswers>(
    name: Name,
    run?: string,
  ): Promise<RunAnswers[Name][]> {
    this.#checkOpen();
    const asked = run === undefined
      ? this.#partitions
      : [partitionNamed(this.#catalog, this.#partitions, run)];
    const runs = labelled(this.#catalog, asked);
    return await answersOf(name, runs, this.#settings);
  }

  #checkOpen(): void {
    if (!this.#isOpen) throw new DatabaseError("the campaign is closed");
  }

  async #all(sql: string | Sql, values: SqlParameters = []) {
    this.#checkOpen();
    if (sql instanceof Sql) {
      if (Object.keys(values).length > 0) {
        throw new TypeError(
          "SQL made by the sql tag has its values inside: give no others",
        );
      }
      for (const check of sql.checks) check(this.#catalog);
    } else if (typeof sql !== "string") {
      throw mistake(
        `the SQL is text, or made by the sql tag, not ${whatIs(sql)}`,
      );
    }
    const own = sql instanceof Sql
      ? sql.inCampaign(this.#tables)
      : { text: sql, params: values };
    try {
      return await this.#engine.all(own.text, own.params);
    } catch (error) {
      throw explained(error, own.text);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#engine[Symbol.dispose]();
    this.#catalog.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
