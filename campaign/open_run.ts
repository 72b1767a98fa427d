import { checkOptions } from "../display/text/mistakes.ts";
import type { Database } from "../sql/mod.ts";
import { readRuns } from "./campaign.ts";
import { labelled, openCatalog, partitionNamed } from "./catalog.ts";
import { runsIn } from "./facts.ts";
import { databaseOf } from "./load_run.ts";
import type { Partition } from "./manifest.ts";

/** Options of {@linkcode openRun}. */
export interface OpenRunOptions {
  /** A file for the database, which must not exist. By default it is in memory. */
  path?: string | undefined;
  /** Told about directories that are left out. By default `console.warn`. */
  warn?: ((text: string) => void) | undefined;
}

/**
 * Loads a run of a campaign into a database, for questions that need one, the
 * report, or your own SQL in SQLite's dialect: the rows are those of the database
 * that was exported. DuckDB is not needed. `campaign.database(run)` does the
 * same for a campaign that is open.
 *
 * @param dir the directory of the campaign
 * @param run its label ("000"), its id, its directory, or a unique part of these;
 * it may be left out if the campaign has one run
 * @throws {RangeError} with a list of the runs, if none or several match, and for
 * a `path` that exists
 * @throws {DatabaseError} if a file of the run is damaged
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { exportCampaign, openRun } from "dnpc/campaign";
 * import { failures } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * const dir = await Deno.makeTempDir();
 * {
 *   using db = await openDatabase();
 *   await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *   exportCampaign(db, dir);
 * }
 *
 * using db = await openRun(dir, "000");
 * assert.equal(failures(db)[0]!.exception, "ValueError");
 * await Deno.remove(dir, { recursive: true });
 * ```
 */
export async function openRun(
  dir: string,
  run?: string,
  options: OpenRunOptions = {},
): Promise<Database> {
  checkOptions("openRun", options, { path: true, warn: true });
  const { path, warn = console.warn } = options;
  const { partitions } = readRuns(dir, warn);
  using catalog = await catalogOfRuns(partitions);
  const partition = partitionNamed(catalog, partitions, run);
  const [labelledRun] = labelled(catalog, [partition]);
  return await databaseOf(labelledRun!, path);
}

/** A catalog of the runs alone. */
async function catalogOfRuns(
  partitions: readonly Partition[],
): Promise<Database> {
  const none = { rule: [], span_kind: [], event_kind: [], log_kind: [] };
  return await openCatalog([...partitions], {
    ...none,
    run: await runsIn(partitions),
  });
}
