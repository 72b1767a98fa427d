import type { Database } from "../../sql/mod.ts";
import { shownClock } from "../clock/clock.ts";
import type { FoundFile } from "../discover/find_files.ts";
import type { KnownRuns } from "../discover/known_runs.ts";
import { databaseFormats, fileFormats } from "../formats/list.ts";
import { removeSpans } from "./remove.ts";
import { hasSources } from "./sources.ts";

/**
 * Paths of sources that this import's logs make outdated: another clock applies
 * to them, or some of their lines turn out to be copies.
 */
export function sourcesToReadAgain(
  db: Database,
  files: readonly FoundFile[],
  runs: KnownRuns,
  isAnyChanged: boolean,
): Set<string> {
  if (!hasSources(db)) return new Set();
  return new Set([
    ...readByOtherClocks(db, files, runs),
    ...withCopiesOfProcess(db, runs),
    ...isAnyChanged ? withCopiesOfRuns(db, runs) : [],
  ]);
}

/** Makes the next import read these sources again. Returns their paths. */
const forgetContent = (
  db: Database,
  where: string,
  parameters: Record<string, string>,
): string[] =>
  db.query<{ path: string }>(
    `UPDATE source SET fingerprint = '' WHERE ${where} RETURNING path`,
    parameters,
  ).map(({ path }) => path);

// A try's log repeats lines of the submitting process, recognizable once the
// number of that process is known.
function withCopiesOfProcess(
  db: Database,
  { newProcesses }: KnownRuns,
): string[] {
  return [...newProcesses].flatMap((rundir) =>
    forgetContent(
      db,
      `importer IN (SELECT value FROM json_each(:importers)) AND copies = 0
         AND substr(path, 1, length(:folder)) = :folder`,
      { importers: importersWithCopies, folder: `${rundir}/` },
    )
  );
}

const importersWithCopies = JSON.stringify(
  fileFormats.filter((format) => "hasCopies" in format)
    .map(({ importer }) => importer),
);

/**
 * Removes runs read from another run's parsl.log if they turn out to have their
 * own directory. Returns the logs that contained these copies.
 */
function withCopiesOfRuns(db: Database, { runs }: KnownRuns): string[] {
  const copied = db.query<{ rundir: string }>(
    `SELECT DISTINCT attributes ->> 'rundir' AS rundir FROM span
     WHERE type = 'parsl.rundir.workflow'
       AND attributes ->> 'rundir' LIKE '%#%'
       AND substr(attributes ->> 'rundir',
             instr(attributes ->> 'rundir', '#' || (attributes ->> 'run')) + 1)
         IN (SELECT value FROM json_each(?))`,
    [JSON.stringify([...runs.values()])],
  );
  if (copied.length === 0) return [];
  const rundirs = JSON.stringify(copied.map(({ rundir }) => rundir));
  const copies = `SELECT id FROM span WHERE attributes ->> 'rundir'
    IN (SELECT value FROM json_each(:rundirs))`;
  return db.transaction(() => {
    const paths = forgetContent(
      db,
      `id IN (
         SELECT source_id FROM event WHERE span_id IN (${copies})
         UNION SELECT source_id FROM metric WHERE span_id IN (${copies}))`,
      { rundirs },
    );
    removeSpans(db, copies, { rundirs });
    return paths;
  });
}

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
