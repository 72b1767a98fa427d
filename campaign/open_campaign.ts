import { checkOptions, whatIs } from "../display/text/mistakes.ts";
import { type Campaign, openedWith, readRuns } from "./campaign.ts";
import { startDuckDB } from "./duckdb.ts";

/** Options of {@linkcode openCampaign}. */
export interface OpenCampaignOptions {
  /** Memory that DuckDB may use before it writes to disk. By default "1.5GB". */
  memory?: string | undefined;
  /**
   * Threads of DuckDB, by default one for each core; and of the first `summary`,
   * each of which needs the memory for a run: by default at most four, in a
   * notebook one.
   */
  threads?: number | undefined;
  /** Told about directories that are left out. By default `console.warn`. */
  warn?: ((text: string) => void) | undefined;
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
 * Opening checks the lengths of files alone. A query that meets other damage
 * throws an error that names the file.
 *
 * @throws {RangeError} for a campaign of another version of dnpc, for a directory
 * without runs, and for a `memory` or `threads` that cannot be
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
  const { memory = "1.5GB", threads, warn = console.warn } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0)) {
    throw new RangeError(
      `threads is a whole number from 1 on, not ${whatIs(threads)}`,
    );
  }
  const contents = readRuns(dir, warn);
  const engine = await startDuckDB({ memory, threads });
  return await openedWith(engine, dir, contents, { warn, threads });
}
