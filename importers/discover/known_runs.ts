import type { Database } from "../../sql/mod.ts";
import type { FoundFile } from "./find_files.ts";
import { type Clock, type ShownClock, shownClock } from "../clock/clock.ts";
import { hasTable } from "../store/has_table.ts";
import { identifyDirectories } from "./run_directories.ts";
import type { RunDirectory } from "./run_places.ts";

/** Facts about run directories, known before their logs are read. */
export interface KnownRuns {
  /** By path of a run directory, its name in the database. */
  rundirs: Map<string, string>;
  /** By former name, the new one. */
  renamed: ReadonlyMap<string, string>;
  /** Names of directories to remove, because others have all of their logs. */
  absorbed: readonly string[];
  /** By name, the clock as its parsl.log shows it. */
  clocks: Map<string, ShownClock>;
  /** By name, the number of the submitting process. */
  processes: Map<string, string>;
  /** Names of directories whose submitting process was unknown before. */
  newProcesses: Set<string>;
  /** By name, its run's id. */
  runs: Map<string, string>;
  /**
   * By id of a run without a directory of its own, the name of the directory
   * whose parsl.log it is read from.
   */
  loggedIn: Map<string, string>;
}

/**
 * Collects ids and clocks of runs from parsl.logs that were found and from
 * earlier imports. Other logs need them and may be read before parsl.log.
 */
export function knownRuns(
  db: Database,
  files: readonly FoundFile[] = [],
): KnownRuns {
  const { directories, loggedIn } = earlierRuns(db);
  const runsInLogs = new Set(
    loggedIn.entries().map(([run, rundir]) => nameInLog(rundir, run)),
  );
  const { at, renamed, absorbed } = identifyDirectories(
    db,
    directories,
    files,
    (name) => runsInLogs.has(name),
  );
  const known: KnownRuns = {
    rundirs: new Map(at.entries().map(([path, { rundir }]) => [path, rundir])),
    renamed,
    absorbed,
    clocks: new Map(),
    processes: new Map(),
    newProcesses: new Set(),
    runs: new Map(),
    loggedIn: new Map(
      Array.from(
        loggedIn,
        ([run, rundir]) => [run, renamed.get(rundir) ?? rundir],
      ),
    ),
  };
  const gone = new Set(absorbed);
  for (const directory of [...directories.values(), ...at.values()]) {
    const { rundir, run, clock, process } = directory;
    if (gone.has(rundir)) continue;
    if (run !== undefined) known.runs.set(rundir, run);
    if (clock) known.clocks.set(rundir, clock);
    if (process !== undefined) known.processes.set(rundir, process);
  }
  const clocks = new Map<string, ShownClock>();
  for (const { log, run: shown } of files) {
    const rundir = known.rundirs.get(log?.place.rundir ?? "");
    if (rundir === undefined || !shown) continue;
    // Copies of a log may have different lengths.
    const { clock, process } = shown;
    const longest = clocks.get(rundir);
    const last = longest?.last ?? -Infinity;
    if (clock && clock.last > last) {
      // A rotated log has several parts.
      const first = Math.min(clock.first, longest?.first ?? Infinity);
      clocks.set(rundir, { ...clock, first });
    }
    if (process && !known.processes.has(rundir)) {
      known.processes.set(rundir, process);
      known.newProcesses.add(rundir);
    }
  }
  for (const [rundir, clock] of clocks) known.clocks.set(rundir, clock);
  return known;
}

/** The name, as `rundir`, of a run that another run's parsl.log contains. */
export const nameInLog = (rundir: string, run: string): string =>
  `${rundir}#${run}`;

function earlierRuns(
  db: Database,
): {
  directories: Map<string, RunDirectory>;
  loggedIn: Map<string, string>;
} {
  const directories = new Map<string, RunDirectory>();
  const loggedIn = new Map<string, string>();
  if (!hasTable(db, "span")) return { directories, loggedIn };
  const ofSources = db.query<{ rundir: string }>(
    "SELECT DISTINCT rundir FROM source WHERE rundir IS NOT NULL",
  );
  for (const { rundir } of ofSources) directories.set(rundir, { rundir });
  const rows = db.query<
    {
      rundir: string;
      run: string | null;
      clock: string | null;
      process: string | null;
    }
  >(
    `SELECT attributes ->> 'rundir' AS rundir, attributes ->> 'run' AS run,
       attributes ->> 'clock' AS clock, attributes ->> 'process' AS process
     FROM span WHERE type = 'parsl.rundir.workflow'`,
  );
  for (const { rundir, run, clock, process } of rows) {
    const owner = run === null ? rundir : rundir.slice(0, -run.length - 1);
    if (!directories.has(rundir) && directories.has(owner)) {
      loggedIn.set(run!, owner);
      continue;
    }
    directories.set(rundir, {
      rundir,
      run: run ?? undefined,
      process: process ?? undefined,
      clock: clock === null ? undefined : JSON.parse(clock),
    });
  }
  return { directories, loggedIn };
}

/** By run id, the clock as the run's parsl.log shows it. */
export function clocksByRun(
  { runs, clocks }: Pick<KnownRuns, "runs" | "clocks">,
): Map<string, Clock> {
  return new Map([...runs].flatMap(([rundir, run]) => {
    const shown = clocks.get(rundir);
    return shown ? [[run, shownClock(shown)] as const] : [];
  }));
}
