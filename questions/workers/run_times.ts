import { uniqueEnds } from "../../display/text/unique_ends.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { runOf, type RunRow } from "./place_rows.ts";
import runEndsText from "./run_ends.sql" with { type: "text" };

/** The times of a run. */
export interface RunTimes {
  label: string;
  began: number | null;
  ended: number | null;
  /** The last moment that any log knows. */
  last: number;
}

/**
 * Reads the times of each run, by its id or else its directory.
 *
 * @param runIds ids of runs by directories
 */
export function readRunTimes(
  db: Database,
  runIds: ReadonlyMap<string | null, string>,
): Map<string, RunTimes> {
  const runs = new Map<string, RunTimes>();
  const rows = db.query<
    Omit<RunTimes, "last"> & {
      run_id: string | null;
      rundir: string | null;
      last: number | null;
      sampled: number | null;
    }
  >(sql.module(runEndsText, {}));
  for (const row of rows) {
    const { run_id, rundir, label, began, ended, last, sampled } = row;
    const key = runOf({ run: run_id ?? runIds.get(rundir) ?? null, rundir });
    const known = runs.get(key);
    runs.set(key, {
      // That of a directory is shorter.
      label: rundir === null && known ? known.label : label,
      began: known?.began ?? began,
      ended: known?.ended ?? ended,
      last: Math.max(
        last ?? -Infinity,
        sampled ?? -Infinity,
        ended ?? -Infinity,
        known?.last ?? -Infinity,
      ),
    });
  }
  return runs;
}

/** Extends what is known of a run to a time in it. */
export function extend(
  runs: Map<string, RunTimes>,
  row: RunRow & Partial<Record<typeof times[number], number | null>>,
): void {
  const run = runs.getOrInsertComputed(runOf(row), () => ({
    label: "",
    began: null,
    ended: null,
    last: -Infinity,
  }));
  for (const name of times) {
    run.last = Math.max(run.last, row[name] ?? run.last);
  }
}

const times = [
  "last",
  "log_ended",
  "manager_log_ended",
  "start",
  "end",
] as const;

/** Names the directories that are of no known run by the ends of their paths. */
export function nameRuns(runs: Map<string, RunTimes>): void {
  const labels = new Set(runs.values().map(({ label }) => label));
  const ends = uniqueEnds(runs.keys(), labels);
  for (const [key, run] of runs) {
    if (run.label === "") run.label = ends.get(key)!;
  }
}
