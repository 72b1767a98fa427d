import type { Database } from "../sql/mod.ts";
import { inTurn } from "./in_turn.ts";
import { emptySourceReport, importReport } from "./make_report.ts";
import { readMonitoringDb } from "./monitoring/import.ts";
import type { ImportOptions } from "./options.ts";
import { existingPath, filesBelow, isFile } from "./paths.ts";
import { type PlainOptions, plainOptions } from "./plain_options.ts";
import type { ImportReport, NotRead, SourceReport } from "./report.ts";

/**
 * Imports what is found in a directory: a runinfo, one run directory, or any
 * directory that holds some. Links in it are not followed. Files are known by their content and not by their
 * names. The report names each file that was read, with what it came to, and
 * those that were not.
 *
 * So far this reads Parsl's monitoring.db.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * const report = await importRuninfo(db, "tests/fixtures/wq/runinfo");
 * assert.equal(report.sources[0]?.importer, "monitoring.db");
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such directory or file.
 * @throws {RangeError} if there is no such time zone.
 * @throws {TypeError} if an attribute is no text, number or boolean.
 */
export async function importRuninfo(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const plain = plainOptions(options);
  return await inTurn(db, async () => {
    const start = performance.now();
    const sources: SourceReport[] = [];
    const notRead: NotRead[] = [];
    for (const file of filesBelow(existingPath(path))) {
      const outcome = await readFile(db, file, plain);
      if (outcome === undefined) continue;
      if ("importer" in outcome) sources.push(outcome);
      else notRead.push(outcome);
    }
    return importReport(sources, notRead, (performance.now() - start) / 1000);
  });
}

// A broken file costs that file: the others are read, and the report says so.
// An empty file is nothing.
async function readFile(
  db: Database,
  path: string,
  options: PlainOptions,
): Promise<SourceReport | NotRead | undefined> {
  let bytes = 0;
  let isSqlite = false;
  try {
    const { size, isSymlink } = Deno.lstatSync(path);
    if (isSymlink) return { path, bytes, reason: "a link, not followed" };
    bytes = size;
    if (bytes === 0 || isBesideSqlite(path)) return undefined;
    isSqlite = startsLikeSqlite(path);
    if (!isSqlite) return { path, bytes };
    return await readMonitoringDb(db, path, options) ??
      { path, bytes, reason: "a database of another program" };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    if (!isSqlite) return { path, bytes, reason: error };
    const report = emptySourceReport(path, "monitoring.db");
    return { ...report, outcome: "failed", bytes, error };
  }
}

// SQLite reads these with the database.
function isBesideSqlite(path: string): boolean {
  const [, main] = /^(.*)-(?:wal|shm|journal)$/s.exec(path) ?? [];
  return main !== undefined && isFile(main) && startsLikeSqlite(main);
}

const magic = new TextEncoder().encode("SQLite format 3\0");

function startsLikeSqlite(path: string): boolean {
  using file = Deno.openSync(path);
  const start = new Uint8Array(magic.length);
  return file.readSync(start) === magic.length &&
    start.every((byte, i) => byte === magic[i]);
}
