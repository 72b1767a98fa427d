import { type Database, spanSql as sql, type Sql } from "../../sql/mod.ts";
import { nestedEvents } from "../events/events_of.ts";
import { nameOfRun } from "../runs/find_run.ts";
import { edgesOfRuns } from "./task_dependencies.ts";
import tryStagesText from "./try_stages.sql" with { type: "text" };
import { eventsOfTries } from "./where_is_every_task.ts";
import workWithoutTryText from "./work_without_try.sql" with { type: "text" };

/** When a try reached each stage, in Unix seconds; null if unknown. */
export interface TryStages {
  run: string;
  executor: string | null;
  task: string | null;
  try: string | null;
  /** When it became pending. */
  submitted: number | null;
  /** When its last dependency had ended; null if one did not. */
  ready: number | null;
  launched: number | null;
  queued: number | null;
  held: number | null;
  started: number | null;
  finished: number | null;
  returned: number | null;
}

/** Tries, and the work of executors that no log relates to a try. */
export interface StagesOfRuns {
  tries: readonly TryStages[];
  work: readonly TryStages[];
}

/** Reads the stages of all tries, or of those of one run. */
export function readTryStages(
  db: Database,
  name: string | undefined,
): StagesOfRuns {
  const run = nameOfRun(db, name);
  const is_wanted = run === undefined
    ? sql`1 = 1`
    : sql`${run} IN (attributes ->> 'run', attributes ->> 'rundir')`;
  const read = (events: Sql) =>
    db.query<TryStages & { ended: number | null }>(
      sql.module(tryStagesText, { events, is_wanted }),
    );
  const rows = read(eventsOfTries);
  const ends = new Map<string, number>();
  for (const { run, task, ended } of rows) {
    if (ended !== null) ends.set(keyOf(run, task), ended);
  }
  const dependencies = new Map<string, string[]>();
  for (const [of, edges] of edgesOfRuns(db, run)) {
    for (const { task, depends_on, kind } of edges) {
      if (kind !== "depends") continue;
      dependencies.getOrInsertComputed(keyOf(of, task), () => [])
        .push(keyOf(of, depends_on));
    }
  }
  const tries = rows.map((row) => {
    const needed = dependencies.get(keyOf(row.run, row.task)) ?? [];
    const ready = needed.reduce(
      (last, one) => Math.max(last, ends.get(one) ?? Infinity),
      row.submitted ?? -Infinity,
    );
    return { ...row, ready: Number.isFinite(ready) ? ready : null };
  });
  // No log shows where its results go.
  const work = read(eventsOfOtherWork)
    .map((row) => ({
      ...row,
      ready: null,
      returned: row.returned ?? row.finished,
    }));
  return { tries, work };
}

const eventsOfOtherWork = nestedEvents(
  sql.module(workWithoutTryText, {}),
  { events: "named" },
);

const keyOf = (run: string, task: string | null) => `${task} ${run}`;
