import { bind, type Database } from "../sql/mod.ts";
import { type FoundFile, messageOf, recognize } from "./found_files.ts";
import {
  clocksByRun,
  dropCopies,
  type KnownRuns,
  knownRuns,
} from "./known_runs.ts";
import { shownClock, zoneClock } from "./logs/clock.ts";
import { importLog } from "./logs/import_log.ts";
import { importWhole } from "./logs/import_whole.ts";
import { emptySourceReport, importReport } from "./make_report.ts";
import { readMonitoringDb } from "./monitoring/import.ts";
import type { ImportOptions } from "./options.ts";
import { isFile } from "./paths.ts";
import type { PlainOptions } from "./plain_options.ts";
import type { ImportReport, NotRead, SourceReport } from "./report.ts";
import { parslRules } from "./rules.ts";

/**
 * Imports files that were found, each on its own, and then what only all of
 * them together tell: clocks, copies and bindings.
 */
export async function importFound(
  db: Database,
  found: readonly FoundFile[],
  plain: PlainOptions,
  { rules = parslRules }: Pick<ImportOptions, "rules">,
): Promise<ImportReport> {
  const start = performance.now();
  const runs = knownRuns(db, found.flatMap(({ log }) => log ?? []));
  const sources: SourceReport[] = [];
  const notRead: NotRead[] = [];
  for (const file of found) {
    const outcome = await readFile(db, file, plain, runs);
    if ("importer" in outcome) sources.push(outcome);
    else notRead.push(outcome);
  }
  const isChanged = sources.some(({ outcome }) =>
    outcome === "imported" || outcome === "replaced"
  );
  const again = readByOtherClocks(db, found, runs);
  if (isChanged) {
    const told = dropCopies(db, runs).filter(isFile);
    again.push(...told.flatMap((path) => recognize(path) ?? []));
  }
  for (const file of again) {
    const outcome = await readFile(db, file, plain, runs);
    if (!("importer" in outcome)) continue;
    const place = sources.findIndex(({ path }) => path === file.path);
    if (place < 0) sources.push(outcome);
    else sources[place] = outcome;
  }
  const bindings = isChanged ? bind(db, rules) : undefined;
  const seconds = (performance.now() - start) / 1000;
  return importReport(sources, notRead, seconds, bindings);
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
      log?.format.look !== undefined && log.place.rundir === rundir
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
      const { format, place } = log;
      if ("isOne" in format) {
        const whole = Deno.readFileSync(path);
        return importWhole(db, format, place, whole, options.attributes);
      }
      const shown = clocks.get(place.rundir);
      return importLog(db, format, place, {
        attributes: options.attributes,
        clock: shown ? shownClock(shown) : zoneClock(options.timeZone),
        shown,
        hasOwnDirectory: (run) => runs.values().some((own) => own === run),
      });
    }
    if (!isSqlite) return { path, bytes };
    const byRun = clocksByRun({ clocks, runs });
    return await readMonitoringDb(db, path, options, byRun) ??
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
