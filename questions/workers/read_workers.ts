// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import {
  changesOf,
  type Database,
  spanSql as sql,
  type Sql,
} from "../../sql/mod.ts";
import { checkExecutor } from "../runs/check_executor.ts";
import { nameOfRun } from "../runs/find_run.ts";
import { assignWork, type Work } from "./assign_work.ts";
import { type Execution, readExecutions, type ReadRows } from "./executions.ts";
import { keyOf, type PlaceRow, runOf, type RunRow } from "./place_rows.ts";
import { executorsOf, livesOf, readLifeRows, runsByManagers } from "./lives.ts";
import { hullOf } from "./intervals.ts";
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
  placed(readModel(db, options).workers);

/** Workers of which a log says where they were. */
export const placed = (workers: readonly Worker[]): Worker[] =>
  workers.filter(({ block, manager, worker, host }) =>
    (block ?? manager ?? worker ?? host) !== null
  );

/** Workers with all attempts, and what decides about their lives. */
type Model = ReturnType<typeof readAnew>;

/** The last model of each database, and what it was read for. */
const kept = new WeakMap<Database, { of: string; model: Model }>();

/** More attempts than these take too much memory to be kept. */
const maxKeptAttempts = 1_000_000;

/**
 * Reads the workers with all attempts, and what decides about their lives: blocks,
 * runs and tries. The next question reads the same, if nothing has changed: do
 * not change what it returns.
 */
export function readModel(
  db: Database,
  { run, executor }: WorkerOptions,
): Model {
  const ofNow = () => JSON.stringify([changesOf(db), run, executor]);
  const found = kept.get(db);
  if (found?.of === ofNow()) return found.model;
  const model = readAnew(db, { run, executor });
  const attempts = sum(model.workers, ({ attempts }) => attempts.length);
  if (attempts <= maxKeptAttempts) kept.set(db, { of: ofNow(), model });
  else kept.delete(db);
  return model;
}

function readAnew(db: Database, { run: name, executor }: WorkerOptions) {
  const run = nameOfRun(db, name);
  const isRun = run === undefined ? sql`1 = 1` : sql`${run} IN (run, rundir)`;
  const runIds = new Map<string | null, string>();
  const read: ReadRows = function* <T extends RunRow>(query: Sql) {
    const rows = sql`SELECT * FROM (${query}) WHERE ${isRun}`;
    for (const row of db.iterate<T>(rows)) {
      adopt(row, runIds);
      yield row;
    }
  };
  const allRows = readLifeRows(read);
  for (const [rundir, run] of runsByManagers(allRows)) runIds.set(rundir, run);
  for (const row of allRows) adopt(row, runIds);
  const placeOf = (row: PlaceRow) =>
    keyOf(runOf(row), row.executor, row.manager);
  // Its manager's log may name it, too.
  const isLogged = (row: typeof allRows[number]) =>
    row.log_began !== null || row.manager_log_ended === null ||
    row.manager === null;
  const withWorkers = new Set(
    allRows.filter((row) =>
      row.role === "worker" && row.worker !== null && isLogged(row)
    ).map(placeOf),
  );
  const hasWorkers = (row: PlaceRow) => withWorkers.has(placeOf(row));
  // A manager that names its workers does not say what they executed.
  const rows = allRows.filter((row) =>
    row.role !== "worker" || hasWorkers(row)
  );
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
  const isWanted = (row: Pick<PlaceRow, "executor">) =>
    executor === undefined || row.executor === executor;
  const works = assignWork(lives, executions, runs, executors)
    .flatMap((work) => isWanted(work.life) ? [work] : partOf(work, isWanted));
  const used = new Set(
    executions.map((one) => keyOf(runOf(one), one.executor)),
  );
  const waits = readWaits(read);
  const waitsOf = waitsByWorker(waits, (place) => used.has(place));
  const attemptsOf = attemptsByWorker(executions, tries, waits);
  const lanesOf = lanesByWorker(executions);
  // An attempt takes the place of each: memory would hold a million of both.
  executions.length = 0;
  const workers = works
    // The work of others shows how many slots an idle worker has.
    .sort((a, b) => b.executions.length - a.executions.length)
    .map((work): Worker => {
      const { life } = work;
      const run = runs.get(runOf(life))!;
      const attempts = attemptsOf(work, run);
      work.executions = [];
      const lanes = lanesOf(life, attempts);
      return {
        ...nameOf(life),
        run: run.label,
        host: life.host,
        cores: life.cores,
        memory_mb: life.memory_mb,
        disk_mb: life.disk_mb,
        gpus: life.gpus,
        // A log that begins later than a worker has its attempts alone.
        life: hullOf([life.interval, ...lanes.map(({ life }) => life)]),
        ended_by: life.ended_by,
        attributes: life.attributes,
        attempts,
        lanes,
        ...waitsOf(life),
      };
    });
  const own = new Map(blocks.entries().filter(([, row]) => isWanted(row)));
  if (works.length === 0 && own.size === 0) checkExecutor(db, executor);
  // A try has no executor until it is launched.
  const isPossible = executor === undefined
    ? sql`1 = 1`
    : sql`ifnull(executor, ${executor}) = ${executor}`;
  return {
    workers: workers.sort(byName),
    blocks: own,
    runs,
    tries: executor === undefined
      ? tries
      : tries.filter((row) => row.executor === null || isWanted(row)),
    read: <T extends RunRow>(query: Sql) =>
      read<T>(sql`SELECT * FROM (${query}) WHERE ${isPossible}`),
  };
}

/**
 * The wanted executions of workers that may belong to any of several executors:
 * attempts without a place.
 */
function partOf(
  { life, executions }: Work,
  isWanted: (execution: Execution) => boolean,
): Work[] {
  const own = life.executor === null ? executions.filter(isWanted) : [];
  const nowhere = { ...life, block: null, manager: null, host: null };
  return own.length === 0 ? [] : [{ life: nowhere, executions: own }];
}

/** Gives a row the id of its run. */
function adopt(
  row: RunRow,
  runIds: ReadonlyMap<string | null, string>,
): void {
  row.run ??= runIds.get(row.rundir) ?? null;
}
