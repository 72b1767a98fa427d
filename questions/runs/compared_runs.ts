import { spanSql as sql } from "../../sql/mod.ts";
import { type Asking, rowsOf } from "../asking.ts";
import { keyOfRun } from "./find_run.ts";

/** A run to compare. */
export interface ComparedRun {
  /** Its label, or else what identifies it. */
  run: string;
  /** The id of the run, or its directory; in a campaign, the column run. */
  key: string;
  version: string | null;
  host: string | null;
  user: string | null;
  workflow: string | null;
  /** Its length; null if it did not end. */
  seconds: number | null;
}

/**
 * Finds the runs of these names, or all, in the order of their beginning.
 *
 * @throws {RangeError} for a name that fits no run, or several
 */
export function* comparedRuns(
  names: readonly string[] | undefined,
): Asking<ComparedRun[]> {
  const columns = sql`label AS run, parsl_version AS version, host, "user",
    workflow, ended - began AS seconds`;
  const all = yield* rowsOf<ComparedRun>(sql.either(
    sql`SELECT coalesce(run_id, rundir) AS "key", ${columns}
    FROM run JOIN run_label USING (id) ORDER BY began, label`,
    () =>
      sql`SELECT run_label.run AS "key", ${columns}
    FROM run JOIN run_label ON run_label.id = run.id ORDER BY began, label`,
  ));
  if (names === undefined) return all;
  const runs: ComparedRun[] = [];
  for (const name of names) {
    const [{ key }] = (yield* rowsOf<{ key: string }>(keyOfRun(name))) as [
      { key: string },
    ];
    // Of a run without a parsl.log and monitoring no more is known.
    runs.push(
      all.find((run) => run.key === key) ??
        {
          run: key,
          key,
          version: null,
          host: null,
          user: null,
          workflow: null,
          seconds: null,
        },
    );
  }
  return runs;
}

/** As many runs of 26,000 tasks take less than a gigabyte of DuckDB's memory. */
const runsAtOnce = 32;

/**
 * Runs to ask about at once: in a campaign not all of many; undefined for all.
 *
 * @param isCampaign whether they are in a campaign
 * @param isAll whether they are all runs that there are
 */
export const partsOf = (
  runs: readonly ComparedRun[],
  { isCampaign, isAll }: { isCampaign: boolean; isAll: boolean },
): (readonly ComparedRun[] | undefined)[] =>
  isCampaign && runs.length > runsAtOnce
    ? Array.from(
      { length: Math.ceil(runs.length / runsAtOnce) },
      (_, i) => runs.slice(i * runsAtOnce, (i + 1) * runsAtOnce),
    )
    : [isAll ? undefined : runs];
