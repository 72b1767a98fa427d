import {
  Columns,
  type Database,
  PairNumbers,
  spanSql as sql,
  type Sql,
  withRoom,
} from "../../sql/mod.ts";
import { nestedEvents } from "../events/events_of.ts";
import { nameOfRun } from "../runs/find_run.ts";
import { type Edge, edgesQuery } from "./task_dependencies.ts";
import tryStagesText from "./try_stages.sql" with { type: "text" };
import { eventsOfTries } from "./where_is_every_task.ts";
import workWithoutTryText from "./work_without_try.sql" with { type: "text" };

const names = ["run", "executor", "task", "try"] as const;

const stages = [
  /** When it became pending. */
  "submitted",
  /** When its last dependency had ended; null if one did not. */
  "ready",
  "launched",
  "queued",
  "held",
  "started",
  "finished",
  "returned",
] as const;

/** When a try reached each stage, in Unix seconds; null if unknown. */
export type StageTimes = Record<typeof stages[number], number | null>;

/** Tries, and the work of executors that no log relates to a try, as indexes. */
export class TryStages extends Columns<
  typeof names[number],
  typeof stages[number]
> {
  /** Rows before this one are tries, others such work. */
  tries = 0;

  constructor() {
    super(names, stages);
  }

  times(row: number): StageTimes {
    return this.numbers(row, stages);
  }
}

/** Reads the stages of all tries, or of those of one run. */
export function readTryStages(
  db: Database,
  name: string | undefined,
): TryStages {
  const run = nameOfRun(db, name);
  const is_wanted = run === undefined
    ? sql`1 = 1`
    : sql`${run} IN (attributes ->> 'run', attributes ->> 'rundir')`;
  type Row =
    & { run: string }
    & Record<Exclude<typeof names[number], "run">, string | null>
    & Omit<StageTimes, "ready">
    & { ended: number | null };
  const read = (events: Sql) =>
    db.iterate<Row>(sql.module(tryStagesText, { events, is_wanted }));
  const rows = new TryStages();
  /** Tasks, by run and number. */
  const tasks = new PairNumbers();
  const taskOf = (run: string, task: string | null) =>
    tasks.number(rows.numberOf(run), rows.numberOf(task));
  /** By task, when it ended; NaN if it did not. */
  let ends = new Float64Array(1024).fill(NaN);
  for (const { ended, ...row } of read(eventsOfTries)) {
    rows.add({ ...row, ready: null });
    const task = taskOf(row.run, row.task);
    const { length } = ends;
    ends = withRoom(ends, task + 1);
    if (ends.length > length) ends.fill(NaN, length);
    if (ended !== null) ends[task] = ended;
  }
  rows.tries = rows.length;
  /** By task, when its last dependency had ended. */
  const needed = new Float64Array(ends.length).fill(-Infinity);
  for (const edge of db.iterate<Edge & { run: string }>(edgesQuery(run))) {
    if (edge.kind !== "depends") continue;
    const task = taskOf(edge.run, edge.task);
    const end = ends[taskOf(edge.run, edge.depends_on)] ?? NaN;
    if (task < needed.length) {
      needed[task] = Math.max(
        needed[task]!,
        Number.isNaN(end) ? Infinity : end,
      );
    }
  }
  for (let row = 0; row < rows.tries; row++) {
    const task = tasks.known(
      rows.textNumber(row, "run"),
      rows.textNumber(row, "task"),
    );
    const submitted = rows.number(row, "submitted") ?? -Infinity;
    const ready = Math.max(submitted, needed[task]!);
    rows.setNumber(row, "ready", Number.isFinite(ready) ? ready : null);
  }
  // No log shows where its results go.
  for (const { ended: _, ...row } of read(eventsOfOtherWork)) {
    const returned = row.returned ?? row.finished;
    rows.add({ ...row, ready: null, returned });
  }
  return rows;
}

const eventsOfOtherWork = nestedEvents(
  sql.module(workWithoutTryText, {}),
  { events: "named" },
);
