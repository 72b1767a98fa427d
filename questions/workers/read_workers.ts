import { type Database, spanSql as sql, type Sql } from "../../sql/mod.ts";
import { nameOfRun } from "../runs/find_run.ts";
import { assignWork } from "./assign_work.ts";
import {
  keyOf,
  type PlaceRow,
  readExecutions,
  type ReadRows,
  runOf,
  type RunRow,
} from "./executions.ts";
import { executorsOf, livesOf, readLifeRows, runsByManagers } from "./lives.ts";
import { readBlocks } from "./read_blocks.ts";
import { attemptsByWorker } from "./resolve_attempts.ts";
import { extend, nameRuns, readRunTimes } from "./run_times.ts";
import { lanesByWorker } from "./slots.ts";
import { readWaits, waitsByWorker } from "./waits.ts";
import { byName, nameOf, type Worker, type WorkerOptions } from "./worker.ts";

/**
 * Reads the workers of all executors, in the order of their names. Attempts of
 * which no log says where they took place are no worker.
 */
export const readWorkers = (db: Database, options: WorkerOptions): Worker[] =>
  readModel(db, options).workers.filter((
    { block, manager, worker, host },
  ) => (block ?? manager ?? worker ?? host) !== null);

/**
 * Reads the workers with all attempts, and what decides about their lives: blocks,
 * runs and tries.
 */
export function readModel(
  db: Database,
  { run: name, executor }: WorkerOptions,
) {
  const run = nameOfRun(db, name);
  const isRun = run === undefined ? sql`1 = 1` : sql`${run} IN (run, rundir)`;
  // A try has no executor until it is launched.
  const isExecutor = executor === undefined
    ? sql`1 = 1`
    : sql`ifnull(executor, ${executor}) = ${executor}`;
  const runIds = new Map<string | null, string>();
  const read: ReadRows = <T extends RunRow>(query: Sql) => {
    const rows = db.query<T>(
      sql`SELECT * FROM (${query}) WHERE ${isRun} AND ${isExecutor}`,
    );
    for (const row of runIds.size > 0 ? rows : []) adopt(row, runIds);
    return rows;
  };
  const rows = readLifeRows(read);
  for (const [rundir, run] of runsByManagers(rows)) runIds.set(rundir, run);
  for (const row of rows) adopt(row, runIds);
  const placeOf = (row: PlaceRow) =>
    keyOf(runOf(row), row.executor, row.manager);
  const withWorkers = new Set(
    rows.filter(({ role, worker }) => role === "worker" && worker !== null)
      .map(placeOf),
  );
  const hasWorkers = (row: PlaceRow) => withWorkers.has(placeOf(row));
  const { executions, tries } = readExecutions(
    read,
    executor,
    {
      hasWorkers,
      isComplete: rows.every((row) =>
        row.role !== "manager" || row.executor === null || hasWorkers(row)
      ),
    },
  );
  const blocks = readBlocks(read);
  const runs = readRunTimes(db, runIds);
  for (const row of [...rows, ...executions]) extend(runs, row);
  nameRuns(runs);
  const executors = executorsOf(rows);
  const lives = livesOf(rows, { runs, blocks, executors, executions });
  const works = assignWork(lives, executions, runs, executors)
    .filter(({ life }) => executor === undefined || life.executor === executor);
  const used = new Set(
    executions.map((one) => keyOf(runOf(one), one.executor)),
  );
  const waitsOf = waitsByWorker(readWaits(read), (place) => used.has(place));
  const attemptsOf = attemptsByWorker(executions, tries);
  const lanesOf = lanesByWorker(executions);
  const workers = works
    // The work of others shows how many slots an idle worker has.
    .sort((a, b) => b.executions.length - a.executions.length)
    .map((work): Worker => {
      const { life } = work;
      const run = runs.get(runOf(life))!;
      const attempts = attemptsOf(work, run);
      const lanes = lanesOf(life, attempts);
      return {
        ...nameOf(life),
        run: run.label,
        host: life.host,
        cores: life.cores,
        memory_mb: life.memory_mb,
        disk_mb: life.disk_mb,
        gpus: life.gpus,
        life: life.interval,
        ended_by: life.ended_by,
        attributes: life.attributes,
        attempts,
        lanes,
        ...waitsOf(life),
      };
    });
  return { workers: workers.sort(byName), blocks, runs, tries, read };
}

/** Gives a row the id of its run. */
function adopt(
  row: RunRow,
  runIds: ReadonlyMap<string | null, string>,
): void {
  row.run ??= runIds.get(row.rundir) ?? null;
}
