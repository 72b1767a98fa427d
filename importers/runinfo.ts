import { bind, type Database } from "../sql/mod.ts";
import { type FoundLog, recognizeLog } from "./find_sources.ts";
import { inTurn } from "./in_turn.ts";
import { shownClock, zoneClock } from "./logs/clock.ts";
import { dropCopies, type KnownRuns, knownRuns } from "./known_runs.ts";
import { importLog } from "./logs/import_log.ts";
import { emptySourceReport, importReport } from "./make_report.ts";
import { readMonitoringDb } from "./monitoring/import.ts";
import type { ImportOptions } from "./options.ts";
import { existingPath, filesBelow, isFile } from "./paths.ts";
import { type PlainOptions, plainOptions } from "./plain_options.ts";
import { parslLog } from "./parsl/parsl_log.ts";
import type { ImportReport, NotRead, SourceReport } from "./report.ts";
import { parslRules } from "./rules.ts";

/**
 * Imports what is found in a directory: a runinfo, one run directory, or any
 * directory that holds some. Links in it are not followed. Files are known by their content and not by their
 * names. The report names each file that was read, with what it came to, and
 * those that were not.
 *
 * This reads Parsl's monitoring.db, parsl.log, the text logs of the high
 * throughput executor (interchange, managers, workers) and Work Queue's
 * transaction_log, of Parsl from 2023 on. Their accounts are bound together by
 * rules. Clock times without a zone are read as the run's own parsl.log shows.
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
    const found = filesBelow(existingPath(path)).map(recognize)
      .filter((file) => file !== undefined).toArray();
    const runs = knownRuns(db, found.flatMap(({ log }) => log ?? []));
    const sources: SourceReport[] = [];
    const notRead: NotRead[] = [];
    for (const file of found) {
      const outcome = await readFile(db, file, plain, runs);
      if ("importer" in outcome) sources.push(outcome);
      else notRead.push(outcome);
    }
    for (const file of readByOtherClocks(db, found, runs)) {
      const outcome = await readFile(db, file, plain, runs);
      if ("importer" in outcome) sources.push(outcome);
    }
    const isChanged = sources.some(({ outcome }) =>
      outcome === "imported" || outcome === "replaced"
    );
    if (isChanged) dropCopies(db, runs);
    const bindings = isChanged
      ? bind(db, options.rules ?? parslRules)
      : undefined;
    const seconds = (performance.now() - start) / 1000;
    return importReport(sources, notRead, seconds, bindings);
  });
}

interface FoundFile {
  path: string;
  bytes: number;
  log?: FoundLog;
  isSqlite?: boolean;
  /** Why it cannot be read. */
  reason?: string;
}

// An empty file is nothing.
function recognize(path: string): FoundFile | undefined {
  let bytes = 0;
  try {
    const { size, isSymlink } = Deno.lstatSync(path);
    if (isSymlink) return { path, bytes, reason: "a link, not followed" };
    bytes = size;
    if (bytes === 0 || isBesideSqlite(path)) return undefined;
    if (startsLikeSqlite(path)) return { path, bytes, isSqlite: true };
    const log = recognizeLog(path);
    return log ? { path, bytes, log } : { path, bytes };
  } catch (thrown) {
    return { path, bytes, reason: messageOf(thrown) };
  }
}

// What was imported before the parsl.log of its run came is read again, if it is
// still there and its clock is another.
function readByOtherClocks(
  db: Database,
  found: readonly FoundFile[],
  { clocks, runs }: KnownRuns,
): FoundFile[] {
  const isNew = (rundir: string) =>
    found.some(({ log }) =>
      log?.format === parslLog && log.place.rundir === rundir
    );
  const rundirs = [...clocks.keys()].filter(isNew);
  if (rundirs.length === 0) return [];
  const now = new Set(found.map(({ path }) => path));
  const newRuns = new Set(rundirs.map((rundir) => runs.get(rundir)));
  const sources = db.query<{ path: string; importer: string; id: number }>(
    "SELECT id, path, importer FROM source WHERE clock IS NOT NULL",
  );
  const runsOf = (id: number) =>
    db.query<{ run: string }>(
      "SELECT run_id AS run FROM monitoring_workflow WHERE source_id = ?",
      [id],
    );
  return sources.filter(({ id, path, importer }) =>
    !now.has(path) && isFile(path) &&
    (importer === "monitoring.db"
      ? runsOf(id).some(({ run }) => newRuns.has(run))
      : rundirs.some((rundir) => path.startsWith(`${rundir}/`)))
  ).flatMap(({ path }) => recognize(path) ?? []);
}

// A broken file costs that file: the others are read, and the report says so.
async function readFile(
  db: Database,
  { path, bytes, log, isSqlite, reason }: FoundFile,
  options: PlainOptions,
  { clocks, runs }: KnownRuns,
): Promise<SourceReport | NotRead> {
  if (reason !== undefined) return { path, bytes, reason };
  try {
    if (log) {
      const shown = clocks.get(log.place.rundir);
      return importLog(db, log.format, log.place, {
        attributes: options.attributes,
        clock: shown ? shownClock(shown) : zoneClock(options.timeZone),
        shown,
        hasOwnDirectory: (run) => runs.values().some((own) => own === run),
      });
    }
    if (!isSqlite) return { path, bytes };
    const byRun = [...runs].flatMap(([rundir, run]) => {
      const shown = clocks.get(rundir);
      return shown ? [[run, shownClock(shown)] as const] : [];
    });
    return await readMonitoringDb(db, path, options, new Map(byRun)) ??
      { path, bytes, reason: "a database of another program" };
  } catch (thrown) {
    const importer = log?.format.importer ?? "monitoring.db";
    return {
      ...emptySourceReport(path, importer),
      outcome: "failed",
      bytes,
      error: messageOf(thrown),
    };
  }
}

const messageOf = (thrown: unknown) =>
  thrown instanceof Error ? thrown.message : String(thrown);

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
