// Over 300 lines: what several accounts say about one worker.

// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { type Database, spanSql as sql, type Sql } from "../../sql/mod.ts";
import { nameOfRun } from "../runs/find_run.ts";
import { readBlocks } from "./read_blocks.ts";
import {
  type Execution,
  keyOf,
  type PlaceRow,
  readExecutions,
  type ReadRows,
  type Resources,
  runOf,
  type RunRow,
  type TryRow,
} from "./executions.ts";
import { hullOf, type Interval, unionOf } from "./intervals.ts";
import { fillLanes, type Lane } from "./lanes.ts";
import {
  type EndReason,
  executorsOf,
  type Life,
  livesOf,
  readLifeRows,
  readRunTimes,
  runsByManagers,
  type RunTimes,
  type Slot,
  workerKey,
} from "./lives.ts";
import transfersText from "./transfers.sql" with { type: "text" };
import waitsText from "./waits.sql" with { type: "text" };

/** Selects the workers of a question. By default all. */
export interface WorkerOptions {
  /**
   * Only workers of this run: its label ("000"), its id, its directory, or a
   * unique part of these.
   */
  run?: string;
  /** Only workers of the executor with this label. */
  executor?: string;
}

/** The name of a worker; null for a part that its component does not have. */
export interface WorkerName {
  /** The label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** The label of its executor. */
  executor: string | null;
  /** The number of its block. */
  block: string | null;
  /** The id of its manager. */
  manager: string | null;
  /**
   * Its number with its manager, or its name; null for the workers of a manager
   * that left no logs.
   */
  worker: string | null;
}

/** The parts of a worker's name, from the outside in. */
export const levels = [
  "run",
  "executor",
  "block",
  "manager",
  "worker",
] as const;

/** Picks the name of a worker. */
export function nameOf(name: WorkerName): WorkerName {
  const { run, executor, block, manager, worker } = name;
  return { run, executor, block, manager, worker };
}

/** How an attempt ended. */
export type Outcome = "done" | "failed" | "lost" | "running";

/** An execution of a task on a worker: a row of `attempts(db)`. */
export interface Attempt extends WorkerName, Resources {
  /** Name of the node. */
  host: string | null;
  /** The app of its task, or else its category in a queue. */
  app: string | null;
  /** Parsl's number of the task; null if unknown. */
  task: string | null;
  /** The number of the try. */
  try: string | null;
  /** The executor's own number of the task. */
  executor_task: string | null;
  /** When the worker received the task, in Unix seconds. */
  start: number;
  /** When it ended, or was last known to run, in Unix seconds. */
  end: number;
  /** end - start. */
  seconds: number;
  /**
   * "done"; "failed" with an exception; "lost" with its worker, manager or block;
   * "running" if no log has its end.
   */
  outcome: Outcome;
  /**
   * The source of its end: "log" for its account's own, or the reason why it
   * ended without one.
   */
  ended_by: "log" | "next attempt" | "end of the try" | EndReason;
  /** 1 if the task was tried again afterwards, otherwise 0. */
  retried: 0 | 1;
  /**
   * Who tells of it: "log" of the worker or the queue, "monitoring", the
   * "manager" according to the interchange, or the "thread" of a pool.
   */
  account: "log" | "monitoring" | "manager" | "thread";
  /** The span of the work or the try, for queries in SQL. */
  span_id: number;
}

/** A worker with its attempts, and the times in which work waited for it. */
export interface Worker extends WorkerName, Resources {
  host: string | null;
  life: Interval;
  ended_by: EndReason;
  /** JSON: attributes of its span, and of its manager's. */
  attributes: readonly string[];
  /** In the order of their start. */
  attempts: Attempt[];
  lanes: Lane<Attempt>[];
  /** When tasks of its executor waited; undefined if no log has that. */
  queued: readonly Interval[] | undefined;
  /** When its manager had tasks that waited for a worker. */
  held: readonly Interval[];
  /** When tasks waited for others. */
  pending: readonly Interval[];
  /** When it sent or received files. */
  transfers: readonly Interval[];
}

/**
 * Reads the workers of all executors, in the order of their names. Attempts of
 * which no log says where they took place are no worker.
 */
export const readWorkers = (db: Database, options: WorkerOptions): Worker[] =>
  readModel(db, options).workers.filter((
    { block, manager, worker, host },
  ) => (block ?? manager ?? worker ?? host) !== null);

/**
 * Reads the workers with all attempts, and what decides about their lives: blocks
 * and runs.
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
  const waits = readWaits(read);
  const workers = joinWorkers({
    lives,
    executions,
    tries,
    runs,
    executors,
    waits,
  })
    .filter((worker) => executor === undefined || worker.executor === executor)
    .sort(byName);
  return { workers, blocks, runs };
}

/** Gives a row the id of its run. */
function adopt(
  row: RunRow,
  runIds: ReadonlyMap<string | null, string>,
): void {
  row.run ??= runIds.get(row.rundir) ?? null;
}

/** How many workers it stands for: a manager may stand for all of its own. */
export const workerCount = ({ worker, lanes }: Worker): number =>
  worker === null ? lanes.length : 1;

/** Counts workers, each once if it was connected several times. */
export function countWorkers(workers: readonly Worker[]): number {
  const counts = new Map(
    workers.map((worker) => [
      keyOf(...levels.map((level) => worker[level])),
      workerCount(worker),
    ]),
  );
  return sum(counts.values());
}

/** Orders workers and blocks by their names, 2 before 10. */
export const byName = (a: Partial<WorkerName>, b: Partial<WorkerName>) =>
  levels.map((level) => compare(a[level] ?? "", b[level] ?? ""))
    .find((order) => order !== 0) ?? 0;

const { compare } = new Intl.Collator("en", { numeric: true });

/** Extends what is known of a run to a time in it. */
function extend(
  runs: Map<string, RunTimes>,
  row: PlaceRow & Partial<Record<typeof times[number], number | null>>,
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
function nameRuns(runs: Map<string, RunTimes>): void {
  const ends = (path: string) => {
    const parts = path.split("/");
    return parts.map((_, i) => parts.slice(-1 - i).join("/"));
  };
  const counts = new Map<string, number>();
  for (const end of runs.keys().flatMap(ends)) {
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  const labels = new Set(runs.values().map(({ label }) => label));
  for (const [key, run] of runs) {
    if (run.label !== "") continue;
    run.label = ends(key).find((end) =>
      counts.get(end) === 1 && !labels.has(end)
    ) ?? key;
  }
}

interface WaitRow extends Pick<PlaceRow, "run" | "rundir" | "executor"> {
  manager: string | null;
  pending: number | null;
  queued: number | null;
  held: number | null;
  ended: number | null;
}

/** When tasks waited, by the place where they did. */
interface Waits {
  /** By run and executor. */
  queued: Map<string, Interval[]>;
  /** By run, executor and manager. */
  held: Map<string, Interval[]>;
  /** By run and executor. */
  pending: Map<string, Interval[]>;
  /** By run, executor and worker. */
  transfers: Map<string, Interval[]>;
  /** Runs of which any log has it. */
  runs: Set<string>;
}

const allWaits = sql.materialized(
  sql.module(waitsText, {}),
  [
    "run",
    "rundir",
    "executor",
    "manager",
    "pending",
    "queued",
    "held",
    "ended",
  ],
);

function readWaits(read: ReadRows): Waits {
  const lists: Waits = {
    queued: new Map(),
    held: new Map(),
    pending: new Map(),
    transfers: new Map(),
    runs: new Set(),
  };
  const { queued, held, pending, transfers } = lists;
  const add = (
    list: Map<string, Interval[]>,
    key: string,
    begin: number | null,
    until: number | null,
  ) => {
    if (begin === null) return;
    list.getOrInsertComputed(key, () => []).push([begin, until ?? Infinity]);
  };
  for (const row of read<WaitRow>(allWaits)) {
    const place = keyOf(runOf(row), row.executor);
    const sent = row.held ?? row.ended;
    add(pending, place, row.pending, row.queued ?? sent);
    add(queued, place, row.queued, sent);
    if (row.manager !== null) {
      add(held, keyOf(place, row.manager), row.held, row.ended);
    }
    if (row.pending !== null || row.queued !== null) lists.runs.add(runOf(row));
  }
  type TransferRow = PlaceRow & { begin: number; until: number };
  for (const row of read<TransferRow>(sql.module(transfersText, {}))) {
    const key = keyOf(runOf(row), row.executor, row.worker);
    add(transfers, key, row.begin, row.until);
  }
  for (const list of [queued, held, pending, transfers]) {
    for (const [key, intervals] of list) list.set(key, unionOf(intervals));
  }
  return lists;
}

interface Work {
  life: Life;
  executions: Execution[];
}

/** Puts workers, their attempts and waiting tasks together. */
function joinWorkers(
  { lives, executions, tries, runs, executors, waits }: {
    lives: readonly Life[];
    executions: readonly Execution[];
    tries: ReadonlyMap<string, TryRow>;
    runs: ReadonlyMap<string, RunTimes>;
    executors: ReturnType<typeof executorsOf>;
    waits: Waits;
  },
): Worker[] {
  /** By worker, its lives in the order of their start: usually one. */
  const found = new Map<string, Work[]>();
  const poolKey = (row: PlaceRow) =>
    keyOf("pool", runOf(row), row.executor, row.block, row.host);
  for (const life of lives) {
    const work = { life, executions: [] };
    found.getOrInsertComputed(workerKey(life), () => []).push(work);
    if (life.worker === null) found.set(poolKey(life), [work]);
  }
  const others = new Map<string, Execution[]>();
  for (const execution of executions) {
    const known = found.get(workerKey(execution)) ??
      (execution.account === "monitoring"
        ? found.get(poolKey(execution))
        : undefined);
    if (known) {
      const own = known.findLast(({ life }) =>
        life.interval[0] <= execution.start
      ) ?? known[0]!;
      own.executions.push(execution);
    } else {
      others.getOrInsertComputed(workerKey(execution), () => [])
        .push(execution);
    }
  }
  for (const [key, executions] of others) {
    const run = runs.get(runOf(executions[0]!))!;
    const { executor } = executions[0]!;
    const pool = executors.get(keyOf(runOf(executions[0]!), executor));
    const interval = hullOf(
      executions.map(({ start, end }) => [start, end ?? run.last]),
    );
    const isThread = executions[0]!.account === "thread" ||
      executions[0]!.account === "monitoring" && executions[0]!.worker !== null;
    // The threads of a pool exist as long as it does.
    const life = isThread
      ? hullOf([
        interval,
        [pool?.added ?? interval[0], pool?.ended ?? run.last],
      ])
      : interval;
    found.set(key, [{ life: lifeByWork(executions[0]!, life), executions }]);
  }
  const retries = lastTries(tries);
  const repeats = lastStarts(executions);
  const used = new Set(
    executions.map((one) => keyOf(runOf(one), one.executor)),
  );
  // One list for all workers of an executor, whose sums are computed once.
  const unions = new Map<string, Interval[]>();
  const pendingOf = (place: string, unknown: string) =>
    unions.getOrInsertComputed(place, () =>
      unionOf([
        ...waits.pending.get(place) ?? [],
        ...waits.pending.get(unknown) ?? [],
      ]));
  const sizes = usualCores(executions);
  // By executor, the most slots that work shows of a worker.
  const most = new Map<string, number>();
  const works = [...new Set([...found.values()].flat())]
    .sort((a, b) => b.executions.length - a.executions.length);
  return works.map(({ life, executions }): Worker => {
    const run = runs.get(runOf(life))!;
    const name = { ...nameOf(life), run: run.label };
    const tryOf = (execution: Execution) =>
      tries.get(keyOf(runOf(life), execution.task, execution.try));
    const attempts = resolveEnds(executions, life, run, tryOf).map((
      one,
    ): Attempt => {
      const lastTry = retries.get(keyOf(runOf(one), one.task)) ?? 0;
      const isRepeated = repeats.get(workKey(one))! > one.start;
      const isRetried = isRepeated || lastTry > Number(one.try ?? 0);
      // The state of a try is that of its last execution.
      const state = isRepeated ? undefined : tryOf(one);
      const attempt = attemptOf(one, life, run, state, isRepeated);
      const app = tryOf(one)?.app ?? one.category;
      return { ...name, app, ...attempt, retried: isRetried ? 1 : 0 };
    });
    const place = keyOf(runOf(life), life.executor);
    const least = attempts.length === 0 ? most.get(place) : undefined;
    const lanes = fillLanes(
      slotsOf(life, sizes.get(place), least),
      attempts,
      {
        // The log of a queue may not say how many it has.
        hasMore: life.manager === null && life.worker !== null,
        isQueued: ({ account }) => account === "manager",
      },
    );
    most.set(place, Math.max(lanes.length, most.get(place) ?? 1));
    for (const one of attempts) one.seconds = one.end - one.start;
    const isKnown = waits.runs.has(runOf(life));
    // A try has no executor until it is launched.
    const isUsed = waits.pending.has(place) || waits.queued.has(place) ||
      used.has(place);
    return {
      ...name,
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
      queued: waits.queued.get(place) ?? (isKnown ? [] : undefined),
      held: life.manager === null
        ? []
        : waits.held.get(keyOf(place, life.manager)) ?? [],
      transfers: waits.transfers.get(keyOf(place, life.worker)) ?? [],
      pending: isUsed ? pendingOf(place, keyOf(runOf(life), null)) : [],
    };
  });
}

/** The life of a worker that only its work shows. */
const lifeByWork = (work: Execution, interval: Interval): Life => ({
  ...work,
  cores: null,
  memory_mb: null,
  disk_mb: null,
  gpus: null,
  slots: [{ life: interval, paid: interval }],
  interval,
  ended_by: "last known time",
  changes: [],
  attributes: [],
});

/** By run and task, the number of the last try. */
function lastTries(tries: ReadonlyMap<string, TryRow>): Map<string, number> {
  const last = new Map<string, number>();
  for (const row of tries.values()) {
    const key = keyOf(runOf(row), row.task);
    last.set(key, Math.max(Number(row.try), last.get(key) ?? 0));
  }
  return last;
}

/** A try, or the work of a task whose number only its executor knows. */
const workKey = (one: Execution): string =>
  one.task === null
    ? keyOf(runOf(one), one.executor, "", String(one.span_id))
    : keyOf(runOf(one), one.task, one.try);

/** When each work was last started: a queue sends it again if it is lost. */
function lastStarts(executions: readonly Execution[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const one of executions) {
    const key = workKey(one);
    last.set(key, Math.max(one.start, last.get(key) ?? -Infinity));
  }
  return last;
}

/** By run and executor, how many cores most of its tasks are given. */
function usualCores(executions: readonly Execution[]): Map<string, number> {
  const counts = new Map<string, Map<number, number>>();
  for (const execution of executions) {
    if (!execution.cores) continue;
    const place = keyOf(runOf(execution), execution.executor);
    const own = counts.getOrInsertComputed(place, () => new Map());
    own.set(execution.cores, (own.get(execution.cores) ?? 0) + 1);
  }
  return new Map(
    counts.entries().map(([place, own]) => [
      place,
      [...own].reduce((a, b) => b[1] > a[1] ? b : a)[0],
    ]),
  );
}

/**
 * The slots of a worker: as many as its cores allow, or as other workers of its
 * executor have.
 */
function slotsOf(
  { slots, cores, manager, worker }: Life,
  usual: number | undefined,
  least = 1,
): readonly Slot[] {
  if (manager !== null || worker === null) return slots;
  const number = cores && usual ? Math.floor(cores / usual) : least;
  return Array.from({ length: Math.max(1, number) }, () => slots[0]!);
}

type Ended = Execution & { end: number; ended_by: Attempt["ended_by"] };

/** Gives each execution of a worker an end, by the earliest proof of it. */
function resolveEnds(
  executions: Execution[],
  life: Life,
  run: RunTimes,
  tryOf: (execution: Execution) => TryRow | undefined,
): Ended[] {
  executions.sort((a, b) => a.start - b.start);
  const [{ length: slots }] = [life.slots];
  // An HTEX worker has one task at a time.
  const isSingle = life.manager !== null && life.worker !== null && slots === 1;
  return executions.map((execution, i): Ended => {
    const { start, end } = execution;
    if (end !== null && !execution.is_lost) {
      return { ...execution, end, ended_by: "log" };
    }
    const change = life.changes.find(([time]) => time > start);
    const next = isSingle ? executions[i + 1] : undefined;
    const proofs: [number, Attempt["ended_by"]][] = [
      [life.interval[1], life.ended_by],
    ];
    if (end !== null) proofs.push([end, "log"]);
    if (change) {
      const reason = life.manager === null ? "disconnected" : "worker died";
      proofs.push([change[0], reason]);
    }
    if (next) proofs.push([next.start, "next attempt"]);
    const { ended } = tryOf(execution) ?? {};
    if (ended != null && ended >= start) proofs.push([ended, "end of the try"]);
    const [proof, ended_by] = proofs.reduce((a, b) => b[0] < a[0] ? b : a);
    const last = ended_by === "last known time" ? run.last : proof;
    return { ...execution, end: Math.max(start, last), ended_by };
  });
}

/** Sources of an end after which the result of an attempt may still count. */
const survivable: ReadonlySet<Attempt["ended_by"]> = new Set([
  "log",
  "next attempt",
  "end of the try",
  "last known time",
]);

function attemptOf(
  execution: Ended,
  life: Life,
  run: RunTimes,
  known: TryRow | undefined,
  isRepeated: boolean,
) {
  const { start, end, ended_by, account, span_id } = execution;
  const outcome = ((): Outcome => {
    const isUnfinished = ended_by === "end of the try" && !known?.is_useful;
    // A run that was cut off may have gone on.
    const isCut = run.ended === null && known?.state == null &&
      ended_by === "end of the manager's log";
    if (isCut && !isRepeated && !execution.is_lost) return "running";
    if (execution.is_lost || isUnfinished || !survivable.has(ended_by)) {
      return "lost";
    }
    if (ended_by === "last known time") return "running";
    if (known?.state != null) return known.is_useful ? "done" : "failed";
    return execution.is_failed || isRepeated ? "failed" : "done";
  })();
  return {
    host: life.host ?? execution.host,
    task: execution.task,
    try: execution.try,
    executor_task: execution.executor_task,
    start,
    end,
    seconds: end - start,
    outcome,
    ended_by,
    account,
    cores: execution.cores,
    memory_mb: execution.memory_mb,
    disk_mb: execution.disk_mb,
    gpus: execution.gpus,
    span_id,
  };
}
