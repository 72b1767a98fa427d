import type { ColumnTable } from "arquero";
import { counted, messageOf } from "../display/text/format.ts";
import { showAs } from "../display/notebook/jupyter.ts";
import { checkOptions } from "../display/text/mistakes.ts";
import { showReport } from "../display/text/rows.ts";
import { visible } from "../display/text/untrusted.ts";
import { findRun } from "../questions/mod.ts";
import {
  type CampaignTables,
  type Database,
  DatabaseError,
  type Row,
  rowTable,
  Sql,
  type SqlParameters,
} from "../sql/mod.ts";
import { openCatalog } from "./catalog.ts";
import { bindForDuckDB, resultOf } from "./dialect.ts";
import { type DuckDB, startDuckDB } from "./duckdb.ts";
import { createViews, readFacts } from "./duckdb_views.ts";
import { type Partition, readContents } from "./manifest.ts";

/** Options of {@linkcode openCampaign}. */
export interface OpenCampaignOptions {
  /** Memory that DuckDB may use before it writes to disk. By default "3GB". */
  memory?: string | undefined;
  /** Threads of DuckDB. By default one for each core. */
  threads?: number | undefined;
  /** Told about directories that are left out. By default `console.warn`. */
  warn?: ((text: string) => void) | undefined;
}

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
  /** Closes DuckDB. Closing it again does nothing. */
  close(): void;
  /** Closes the campaign at the end of a block, if declared with `using`. */
  [Symbol.dispose](): void;
}

/**
 * Opens a campaign, which {@linkcode exportCampaign} wrote, with DuckDB: its
 * package `@duckdb/node-api` is installed at the first use.
 *
 * Questions of dnpc/questions that return a query have the same columns as in a
 * database, and take the same options. The tables for your own SQL are those of
 * {@linkcode exportCampaign}; the column `run` of each is the id of the run, and
 * the table `run_label` has its label.
 *
 * A directory of a run that is damaged or not complete is left out and named.
 * What is checked are the lengths of files: other damage is an error of the query
 * that meets it, which names the file.
 *
 * @throws {RangeError} for a campaign of another version of dnpc, and for a
 * directory without runs
 * @throws {Error} if DuckDB is not installed, with what to do
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { exportCampaign, openCampaign } from "dnpc/campaign";
 * import { timesBetween } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 * const dir = await Deno.makeTempDir();
 * exportCampaign(db, dir);
 *
 * using campaign = await openCampaign(dir);
 * const question = timesBetween({
 *   from: "parsl.rundir.try/launched",
 *   to: "parsl.rundir.try/exec_done",
 *   run: "000",
 * });
 * const rows = await campaign.query(question);
 * assert.equal(rows.length, db.query(question).length);
 * await Deno.remove(dir, { recursive: true });
 * ```
 */
export async function openCampaign(
  dir: string,
  options: OpenCampaignOptions = {},
): Promise<Campaign> {
  checkOptions("openCampaign", options, {
    memory: true,
    threads: true,
    warn: true,
  });
  const { memory = "3GB", threads, warn = console.warn } = options;
  const { partitions, leftOut } = readContents(dir);
  for (const { name, reason } of leftOut) {
    warn(`${dir}/${name} is left out: ${reason}`);
  }
  if (partitions.length === 0) {
    throw new RangeError(
      `${dir} has no runs: \`dnpc import RUNS --to parquet ${dir}\` writes them`,
    );
  }
  const duckdb = await startDuckDB();
  try {
    const facts = await readFacts(duckdb, partitions);
    const catalog = await openCatalog(partitions, facts);
    await createViews(duckdb, partitions, catalog);
    const temporary = `${Deno.makeTempDirSync()}/duckdb`;
    const settings = {
      memory_limit: `'${memory.replaceAll("'", "")}'`,
      temp_directory: `'${temporary.replaceAll("'", "''")}'`,
      ...threads !== undefined && { threads: String(Math.floor(threads)) },
    };
    for (const [name, value] of Object.entries(settings)) {
      await duckdb.run(`SET ${name} = ${value}`);
    }
    return new OpenCampaign({ dir, partitions, leftOut, duckdb, catalog });
  } catch (error) {
    duckdb[Symbol.dispose]();
    throw error;
  }
}

class OpenCampaign implements Campaign {
  readonly dir: string;
  readonly runs: readonly string[];
  readonly leftOut: readonly { name: string; reason: string }[];
  readonly #duckdb: DuckDB & Disposable;
  readonly #catalog: Database;
  readonly #tables: CampaignTables;
  #isOpen = true;

  constructor(
    { dir, partitions, leftOut, duckdb, catalog }: {
      dir: string;
      partitions: readonly Partition[];
      leftOut: readonly { name: string; reason: string }[];
      duckdb: DuckDB & Disposable;
      catalog: Database;
    },
  ) {
    this.dir = dir;
    this.leftOut = leftOut;
    this.#duckdb = duckdb;
    this.#catalog = catalog;
    this.runs = catalog.query<{ label: string }>(
      "SELECT label FROM run JOIN run_label USING (id) ORDER BY began, label",
    ).map(({ label }) => label);
    const partitionOf = new Map(
      partitions.map(({ name, manifest }) => [manifest.run, name.slice(4)]),
    );
    const stepped = new Set(
      catalog.query<{ type: string }>(
        "SELECT type FROM span_kind WHERE role IN ('task', 'try')",
      ).map(({ type }) => type),
    );
    this.#tables = {
      runNamed: (name) => {
        const { run, rundir } = findRun(catalog, name);
        return partitionOf.get(run ?? "") ?? partitionOf.get(rundir ?? "")!;
      },
      hasSteps: (type) => stepped.has(type),
    };
    const sentence = () =>
      `${visible(dir)}: ${counted(this.runs.length, "run")}` +
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

  async #all(sql: string | Sql, values: SqlParameters = []) {
    if (!this.#isOpen) throw new DatabaseError("the campaign is closed");
    if (sql instanceof Sql) {
      if (Object.keys(values).length > 0) {
        throw new TypeError(
          "SQL made by the sql tag has its values inside: give no others",
        );
      }
      for (const check of sql.checks) check(this.#catalog);
    }
    const own = sql instanceof Sql
      ? sql.inCampaign(this.#tables)
      : { text: sql, params: values };
    const { text, bound } = bindForDuckDB(own.text, own.params);
    try {
      return resultOf(await this.#duckdb.runAndReadAll(text, bound));
    } catch (error) {
      throw new DatabaseError(messageOf(error).trim(), own.text);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#duckdb[Symbol.dispose]();
    this.#catalog.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
