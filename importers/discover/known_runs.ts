import type { Database } from "../../sql/mod.ts";
import type { FoundFile } from "./find_files.ts";
import { type Clock, type ShownClock, shownClock } from "../clock/clock.ts";

/** Facts about run directories, known before their logs are read. */
export interface KnownRuns {
  /** By run directory, the clock as its parsl.log shows it. */
  clocks: Map<string, ShownClock>;
  /** By run directory, the number of the submitting process. */
  processes: Map<string, string>;
  /** Run directories whose submitting process was unknown before. */
  newProcesses: Set<string>;
  /** By run directory, its run's id. */
  runs: Map<string, string>;
  /**
   * By run directory, the copy of it whose path identifies the run: a tarball
   * may have been unpacked elsewhere.
   */
  sameAs: Map<string, string>;
}

/**
 * Collects ids and clocks of runs from parsl.logs that were found and from
 * earlier imports. Other logs need them and may be read before parsl.log.
 */
export function knownRuns(
  db: Database,
  files: readonly FoundFile[] = [],
): KnownRuns {
  const known = earlierRuns(db);
  const rundirs = new Map(
    [...known.runs].map(([rundir, run]) => [run, rundir]),
  );
  for (const { log, run: shown } of files) {
    if (!log || !shown) continue;
    const own = log.place.rundir;
    const rundir = rundirs.get(shown.run ?? "") ?? own;
    if (rundir !== own) known.sameAs.set(own, rundir);
    if (shown.clock) known.clocks.set(rundir, shown.clock);
    if (shown.process && !known.processes.has(rundir)) {
      known.processes.set(rundir, shown.process);
      known.newProcesses.add(own);
    }
    if (shown.run === undefined) continue;
    known.runs.set(rundir, shown.run);
    rundirs.set(shown.run, rundir);
  }
  return known;
}

function earlierRuns(db: Database): KnownRuns {
  const known: KnownRuns = {
    clocks: new Map(),
    processes: new Map(),
    newProcesses: new Set(),
    runs: new Map(),
    sameAs: new Map(),
  };
  const [table] = db.query("SELECT 1 FROM sqlite_schema WHERE name = 'span'");
  if (!table) return known;
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
    // A run logged in another run's parsl.log shares its directory.
    if (run !== null && rundir.endsWith(`#${run}`)) continue;
    if (run !== null) known.runs.set(rundir, run);
    if (process !== null) known.processes.set(rundir, process);
    if (clock !== null) known.clocks.set(rundir, JSON.parse(clock));
  }
  return known;
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
