import { checkOptions } from "../../../display/text/mistakes.ts";
import { type Database, DatabaseError } from "../../../sql/mod.ts";
import { openSource } from "../../container/open_source.ts";
import { findFiles } from "../../discover/find_files.ts";
import type { ImportReport } from "../../report/report.ts";
import { importIdentified } from "../../store/import.ts";
import { importOptionNames, type ImportOptions } from "../../store/options.ts";

/**
 * Imports Parsl's monitoring.db: all of its tables as `monitoring_*`, with
 * clock times also in Unix seconds, and spans, events and metrics created from
 * them. Reads the schema of every version of Parsl. `path` is the database, a
 * directory or a tarball.
 *
 * The workflow may still be running: this reads its committed data, without
 * making it wait and without writing to the file or beside it, in any journal
 * mode.
 *
 * Importing the same content again adds nothing; a changed file replaces its
 * earlier results, unless it has none of the earlier runs any more: then these
 * are kept.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importMonitoringDb } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importMonitoringDb(db, "tests/fixtures/wq/runinfo/monitoring.db");
 * const [row] = db.query("SELECT count(*) AS tasks FROM monitoring_task");
 * assert.equal(row?.tasks, 104);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file.
 * @throws {DatabaseError} if the file is not an SQLite database, or damaged.
 * @throws {TypeError} if the file is empty or another program's database; if an
 * attribute is not text, a number or a boolean.
 * @throws {RangeError} if there is no such time zone.
 */
export async function importMonitoringDb(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  checkOptions("importMonitoringDb", options, importOptionNames);
  let isSingle = false;
  const report = await importIdentified(
    db,
    path,
    options,
    async (path, recognizing) => {
      const files = await findFiles(path, { ...recognizing, ...noLogs });
      const found = files.filter(({ isSqlite, members }) =>
        isSqlite || members?.some(({ isSqlite }) => isSqlite)
      );
      isSingle = files.every((file) => file.path === path && !file.members);
      if (found.length > 0) return found;
      if (!isSingle) throw missing(path);
      // This throws if the file is not a database at all.
      (await openSource(path))[Symbol.dispose]();
      throw foreign(path);
    },
  );
  const [source] = report.sources;
  const [file] = report.notRead;
  if (!source) throw isSingle && file ? foreign(file.path) : missing(path);
  if (isSingle && source.outcome === "failed") {
    throw new DatabaseError(source.error!);
  }
  return report;
}

const missing = (path: string | URL) =>
  new TypeError(`${path} contains no monitoring.db of Parsl`);

const noLogs = { asLog: () => undefined, asMember: () => undefined };

const foreign = (path: string) =>
  new TypeError(
    `${path} is empty or a database of another program: Parsl's ` +
      "monitoring.db has the tables workflow and task",
  );
