import type { Database } from "../sql/mod.ts";
import { inTurn } from "./in_turn.ts";
import { readMonitoringDb } from "./monitoring_db.ts";
import {
  type ImportOptions,
  type PlainOptions,
  plainOptions,
} from "./options.ts";
import { existingPath, filesBelow } from "./paths.ts";
import {
  emptySourceReport,
  type ImportReport,
  importReport,
  type NotRead,
  type SourceReport,
} from "./report.ts";

/**
 * Imports what is found in a directory: a runinfo, one run directory, or any
 * directory that holds some. Files are known by their content and not by their
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
 */
export function importRuninfo(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const plain = plainOptions(options);
  return inTurn(db, async () => {
    const start = performance.now();
    const sources: SourceReport[] = [];
    const notRead: NotRead[] = [];
    for (const file of filesBelow(existingPath(path))) {
      const { size } = Deno.statSync(file);
      if (size === 0) continue;
      const outcome = await readFile(db, file, size, plain);
      if ("importer" in outcome) sources.push(outcome);
      else notRead.push(outcome);
    }
    return importReport(sources, notRead, (performance.now() - start) / 1000);
  });
}

// A broken file costs that file: the others are read, and the report says so.
async function readFile(
  db: Database,
  path: string,
  bytes: number,
  options: PlainOptions,
): Promise<SourceReport | NotRead> {
  if (!startsLikeSqlite(path)) return { path, bytes };
  try {
    return await readMonitoringDb(db, path, options) ??
      { path, bytes, reason: "a database of another program" };
  } catch (error) {
    return {
      ...emptySourceReport(path, "monitoring.db"),
      outcome: "failed",
      bytes,
      error: error instanceof Error ? error.message : String(error),
    };
  }
}

const magic = new TextEncoder().encode("SQLite format 3\0");

function startsLikeSqlite(path: string): boolean {
  using file = Deno.openSync(path);
  const start = new Uint8Array(magic.length);
  return file.readSync(start) === magic.length &&
    start.every((byte, i) => byte === magic[i]);
}
