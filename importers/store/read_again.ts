import type { Database } from "../../sql/mod.ts";
import { shownClock } from "../clock/clock.ts";
import type { FoundFile } from "../discover/find_files.ts";
import type { KnownRuns } from "../discover/known_runs.ts";
import { databaseFormats, fileFormats } from "../formats/list.ts";
import { fileOnDisk } from "../container/packing.ts";
import {
  type EarlierContent,
  isStillThere,
} from "../container/earlier_content.ts";
import { removeSpans } from "./remove.ts";
import { hasSources } from "./sources.ts";

/**
 * Sources that this import's logs make outdated: another clock applies to them,
 * or some of their lines turn out to be copies. By path, the name of their run
 * directory.
 */
export function sourcesToReadAgain(
  db: Database,
  files: readonly FoundFile[],
  runs: KnownRuns,
  isAnyChanged: boolean,
): Map<string, string | null> {
  if (!hasSources(db)) return new Map();
  return new Map([
    ...readByOtherClocks(db, files, runs),
    ...withCopiesOfProcess(db, runs),
    ...isAnyChanged ? withCopiesOfRuns(db, runs) : [],
  ].map(({ path, rundir }) => [path, rundir]));
}

type Source = EarlierContent & {
  id: number;
  path: string;
  importer: string;
  rundir: string | null;
  clock: string | null;
};

/** Selects sources whose files are unchanged: another run may be there now. */
const sourcesWhere = (
  db: Database,
  where: string,
  parameters: Record<string, string> = {},
): Source[] =>
  db.query<Source>(
    `SELECT id, path, rundir, importer, bytes, head, fingerprint, clock
     FROM source WHERE ${where}`,
    parameters,
  ).filter(isUnchanged);

/** Makes the next import read these sources again. */
function forgetContent(
  db: Database,
  where: string,
  parameters: Record<string, string>,
): Source[] {
  const sources = sourcesWhere(db, where, parameters);
  for (const { id } of sources) {
    db.run("UPDATE source SET fingerprint = '' WHERE id = ?", [id]);
  }
  return sources;
}

const isUnchanged = (source: Source): boolean =>
  databaseFormats.some(({ importer }) => importer === source.importer)
    ? fileOnDisk(source.path) !== undefined
    : isStillThere(source) === true;

// A try's log repeats lines of the submitting process, recognizable once the
// number of that process is known.
const withCopiesOfProcess = (
  db: Database,
  { newProcesses }: KnownRuns,
): Source[] =>
  newProcesses.size === 0 ? [] : forgetContent(
    db,
    `copies = 0 AND importer IN (SELECT value FROM json_each(:importers))
       AND rundir IN (SELECT value FROM json_each(:rundirs))`,
    {
      importers: importersWithCopies,
      rundirs: JSON.stringify([...newProcesses]),
    },
  );

const importersWithCopies = JSON.stringify(
  fileFormats.filter((format) => "hasCopies" in format)
    .map(({ importer }) => importer),
);

/**
 * Removes runs read from another run's parsl.log if they turn out to have their
 * own directory. Returns the logs that contained these copies.
 */
function withCopiesOfRuns(db: Database, { runs }: KnownRuns): Source[] {
  const copied = db.query<{ rundir: string }>(
    `SELECT DISTINCT attributes ->> 'rundir' AS rundir FROM span
     WHERE type = 'parsl.rundir.workflow'
       AND attributes ->> 'run' IN (SELECT value FROM json_each(?))
       AND attributes ->> 'rundir' NOT IN (
         SELECT rundir FROM source WHERE rundir IS NOT NULL)`,
    [JSON.stringify([...runs.values()])],
  );
  if (copied.length === 0) return [];
  const rundirs = JSON.stringify(copied.map(({ rundir }) => rundir));
  const copies = `SELECT id FROM span WHERE attributes ->> 'rundir'
    IN (SELECT value FROM json_each(:rundirs))`;
  return db.transaction(() => {
    const sources = forgetContent(
      db,
      `id IN (
         SELECT source_id FROM event WHERE span_id IN (${copies})
         UNION SELECT source_id FROM metric WHERE span_id IN (${copies}))`,
      { rundirs },
    );
    removeSpans(db, copies, { rundirs });
    return sources;
  });
}

function readByOtherClocks(
  db: Database,
  files: readonly FoundFile[],
  { clocks, runs, rundirs }: KnownRuns,
): Source[] {
  const clockOf = new Map(files.flatMap(({ log, run }) => {
    const rundir = run && rundirs.get(log?.place.rundir ?? "");
    const shown = clocks.get(rundir ?? "");
    return rundir !== undefined && shown
      ? [[rundir, shownClock(shown).name]]
      : [];
  }));
  if (clockOf.size === 0) return [];
  const clockOfRun = new Map(
    [...clockOf].map(([rundir, clock]) => [runs.get(rundir), clock]),
  );
  const now = new Set(files.map(({ path }) => path));
  const outdated = db.query<Source>(
    "SELECT id, path, rundir, importer, clock FROM source WHERE clock IS NOT NULL",
  ).filter(({ id, path, rundir, importer, clock }) => {
    if (now.has(path)) return false;
    const database = databaseFormats.find((one) => one.importer === importer);
    const shown = database
      ? database.runsOf(db, id).flatMap((run) => clockOfRun.get(run) ?? [])
      : [clockOf.get(rundir ?? "")].filter((name) => name !== undefined);
    return shown.some((name) => !clock!.split("; ").includes(name));
  });
  const ids = JSON.stringify(outdated.map(({ id }) => id));
  return sourcesWhere(db, "id IN (SELECT value FROM json_each(:ids))", { ids });
}
