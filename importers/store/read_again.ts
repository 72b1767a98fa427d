import type { Database } from "../../sql/mod.ts";
import type { FoundFile } from "../discover/find_files.ts";
import type { KnownRuns } from "../discover/known_runs.ts";
import { shownClock } from "../clock/clock.ts";
import { databaseFormats, fileFormats } from "../formats/list.ts";

/**
 * Where sources lie that were imported before the parsl.log of their run came,
 * and are read again since it says more: by which clock, or what are copies.
 */
export function toReadAgain(
  db: Database,
  files: readonly FoundFile[],
  runs: KnownRuns,
): string[] {
  // Where nothing was ever imported, as when the first file is broken.
  const [table] = db.query("SELECT 1 FROM sqlite_schema WHERE name = 'source'");
  if (!table) return [];
  return [...readByOtherClocks(db, files, runs), ...readAsOwn(db, runs)];
}

// What the submitting process logged while a try ran is a copy, once it is
// known which process that is.
function readAsOwn(db: Database, { newProcesses }: KnownRuns): string[] {
  return [...newProcesses].flatMap((rundir) =>
    db.query<{ path: string }>(
      `UPDATE source SET fingerprint = ''
       WHERE importer IN (SELECT value FROM json_each(:importers))
         AND copies = 0
         AND substr(path, 1, length(:folder)) = :folder
       RETURNING path`,
      { importers: withCopies, folder: `${rundir}/` },
    )
  ).map(({ path }) => path);
}

const withCopies = JSON.stringify(
  fileFormats.filter((format) => "hasCopies" in format)
    .map(({ importer }) => importer),
);

function readByOtherClocks(
  db: Database,
  files: readonly FoundFile[],
  { clocks, runs, sameAs }: KnownRuns,
): string[] {
  const rundirs = new Map(files.flatMap(({ log, run }) => {
    if (!log || !run) return [];
    const own = log.place.rundir;
    const shown = clocks.get(sameAs.get(own) ?? own);
    return shown ? [[own, shownClock(shown).name]] : [];
  }));
  if (rundirs.size === 0) return [];
  const clockOfRun = new Map(
    [...rundirs].map(([own, clock]) => [
      runs.get(sameAs.get(own) ?? own),
      clock,
    ]),
  );
  const clocksOfLog = (path: string) =>
    [...rundirs].filter(([rundir]) => path.startsWith(`${rundir}/`))
      .map(([, clock]) => clock);
  const now = new Set(files.map(({ path }) => path));
  const sources = db.query<
    { id: number; path: string; importer: string; clock: string }
  >("SELECT id, path, importer, clock FROM source WHERE clock IS NOT NULL");
  return sources.filter(({ id, path, importer, clock }) => {
    if (now.has(path)) return false;
    const database = databaseFormats.find((one) => one.importer === importer);
    const shown = database
      ? database.runsOf(db, id).flatMap((run) => clockOfRun.get(run) ?? [])
      : clocksOfLog(path);
    return shown.some((name) => !clock.split("; ").includes(name));
  }).map(({ path }) => path);
}
