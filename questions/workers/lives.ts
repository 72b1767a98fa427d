// Over 300 lines: the rules that decide when a worker's life begins and ends.

import { spanSql as sql } from "../../sql/mod.ts";
import { type BlockLife, earliest } from "./read_blocks.ts";
import type { Execution, ReadRows, Resources } from "./executions.ts";
import { keyOf, type PlaceRow, runOf, type RunRow } from "./place_rows.ts";
import { hullOf, type Interval } from "./intervals.ts";
import livesText from "./lives.sql" with { type: "text" };
import type { RunTimes } from "./run_times.ts";

/** Why a life ended, or how long it is known. */
export type EndReason =
  | "disconnected"
  | "worker died"
  | "manager ended"
  | "manager lost"
  | "end of manager log"
  | "block ended"
  | "executor shut down"
  | "run ended"
  | "last known time";

/** A place for one attempt at a time. */
export interface Slot {
  /** From when to when it could have attempts, in Unix seconds. */
  life: Interval;
  /** From when to when its node was paid for, as far as the logs tell. */
  paid: Interval;
}

/** A worker, or several workers of which only the manager is known. */
export interface Life extends PlaceRow, Resources {
  slots: Slot[];
  interval: Interval;
  ended_by: EndReason;
  /** JSON: attributes of its span, and of its manager's. */
  attributes: readonly string[];
  /** When it started and ended, as [time, "up" or "down"]. */
  changes: readonly Change[];
}

type Change = readonly [time: number, work: "up" | "down"];

interface LifeRow extends PlaceRow, Resources {
  role: "worker" | "manager" | "executor";
  attributes: string;
  slots: number | null;
  first: number | null;
  last: number | null;
  /** JSON. */
  changes: string;
  log_began: number | null;
  log_ended: number | null;
  is_quiet: 0 | 1 | null;
  manager_log_ended: number | null;
}

/** The rows of workers and managers. */
export const readLifeRows = (read: ReadRows): LifeRow[] =>
  read<LifeRow>(sql.module(livesText, {})).toArray();

/**
 * The ids of runs by their directories, where only the ids of managers relate the
 * logs of executors to monitoring.
 */
export function runsByManagers(rows: readonly LifeRow[]): Map<string, string> {
  const managers = rows.filter(({ role, manager }) =>
    role === "manager" && manager !== null
  );
  const runs = new Map(
    managers.filter(({ run }) => run !== null)
      .map(({ manager, run }) => [manager, run!]),
  );
  return new Map(
    managers.filter(({ run, rundir, manager }) =>
      run === null && rundir !== null && runs.has(manager)
    ).map(({ rundir, manager }) => [rundir!, runs.get(manager)!]),
  );
}

/** When an executor was added and shut down. */
export interface ExecutorLife {
  added: number;
  ended: number | undefined;
}

/** Finds the lives of executors, by run and executor. */
export const executorsOf = (
  rows: readonly LifeRow[],
): Map<string, ExecutorLife> =>
  new Map(
    rows.filter(({ role, first }) => role === "executor" && first !== null)
      .map((row) => [
        placeOf(row),
        { added: row.first!, ended: lastEnd(JSON.parse(row.changes)) },
      ]),
  );

/** The facts from which the ends of lives are derived. */
interface Facts {
  runs: ReadonlyMap<string, RunTimes>;
  blocks: ReadonlyMap<string, BlockLife>;
  executions: readonly Execution[];
  executors: ReadonlyMap<string, ExecutorLife>;
  /** By block, the end of the last execution in it. */
  lastInBlock: ReadonlyMap<string, number>;
}

/** The lives of workers: those with logs of their own, and those of managers. */
export function livesOf(
  rows: readonly LifeRow[],
  given: Omit<Facts, "lastInBlock">,
): Life[] {
  const facts = {
    ...given,
    lastInBlock: lastEndsOf(given.executions, blockKey),
  };
  const workers = rows.filter(({ role, worker }) =>
    role === "worker" && worker !== null
  );
  const managers = new Map(
    rows.filter(({ role, executor }) => role === "manager" && executor !== null)
      .map((row) => [keyOf(runOf(row), row.executor, row.manager), row]),
  );
  const lastEnds = lastEndsOf(facts.executions, workerKey);
  const logged = workers.flatMap((row) => {
    const place = keyOf(runOf(row), row.executor, row.manager);
    const manager = managers.get(place);
    return connectionsOf(row).flatMap((row) =>
      lifeOf(row, manager, facts, lastEnds) ?? []
    );
  });
  const covered = new Set(
    workers.map((row) => keyOf(runOf(row), row.executor, row.manager)),
  );
  return [...logged, ...poolsOf(rows, managers, covered, facts)];
}

/** When each worker or block was last done with an execution. */
function lastEndsOf(
  executions: readonly Execution[],
  keyOf: (execution: Execution) => string,
): Map<string, number> {
  const ends = new Map<string, number>();
  for (const execution of executions) {
    const key = keyOf(execution);
    // That of a lost one is when somebody noticed.
    const isEnded = execution.end !== null && !execution.is_lost;
    const end = isEnded ? execution.end! : execution.start;
    ends.set(key, Math.max(end, ends.get(key) ?? -Infinity));
  }
  return ends;
}

/** When something ended for the last time. */
const lastEnd = (changes: readonly Change[]): number | undefined =>
  changes.findLast(([, work]) => work === "down")?.[0];

/** The name of an executor as a key. */
const placeOf = (row: Pick<PlaceRow, keyof RunRow | "executor">): string =>
  keyOf(runOf(row), row.executor);

/** The parts of the name of a worker as a key. */
export const workerKey = (row: PlaceRow): string =>
  keyOf(runOf(row), row.executor, row.block, row.manager, row.worker);

const blockKey = (
  row: Pick<PlaceRow, keyof RunRow | "executor" | "block">,
) => keyOf(runOf(row), row.executor, row.block);

/** A row for each time that the worker of a queue was connected. */
function connectionsOf(row: LifeRow): LifeRow[] {
  const changes: Change[] = JSON.parse(row.changes);
  const starts = changes.flatMap(([, work], i) =>
    work === "up" && i > 0 && changes[i - 1]![1] === "down" ? [i] : []
  );
  if (row.manager !== null || starts.length === 0) return [row];
  return [0, ...starts].map((start, i) => {
    const own = changes.slice(start, starts[i]);
    // Only the last one may lack an end.
    const isLast = starts[i] === undefined;
    return {
      ...row,
      changes: JSON.stringify(own),
      first: start === 0 ? row.first : own[0]![0],
      last: isLast ? row.last : own.at(-1)![0],
    };
  });
}

function lifeOf(
  row: LifeRow,
  manager: LifeRow | undefined,
  facts: Facts,
  lastEnds: ReadonlyMap<string, number>,
): Life | undefined {
  const { host } = row;
  const changes: Change[] = JSON.parse(row.changes);
  const [connected] = changes.find(([, work]) => work === "up") ?? [];
  const start = row.manager === null
    ? connected ?? row.first
    // A worker that died before it logged anything is restarted in its place.
    : row.log_began ?? row.first;
  if (start === null) return undefined;
  const [changed, work] = changes.at(-1) ?? [];
  // Its attempts may be those of another connection.
  const isConnection = row.manager === null && work === "down";
  const last = Math.max(
    row.last!,
    row.log_ended ?? -Infinity,
    isConnection ? -Infinity : lastEnds.get(workerKey(row)) ?? -Infinity,
  );
  const run = facts.runs.get(runOf(row));
  const block = facts.blocks.get(blockKey(row));
  const ofManager: Change[] = JSON.parse(manager?.changes ?? "[]");
  const managerEnd = lastEnd(ofManager);
  // Without DEBUG lines, a manager that waits logs nothing.
  const log = manager?.is_quiet
    ? null
    : manager?.log_ended ?? row.manager_log_ended;
  const [end, ended_by] = ((): [number, EndReason] => {
    if (work === "down") {
      const isQueue = row.manager === null;
      return [changed!, isQueue ? "disconnected" : "worker died"];
    }
    if (row.manager === null && managerEnd !== undefined) {
      return [managerEnd, "manager ended"];
    }
    if (log != null) {
      const isLast = row.manager === null && log >= (run?.last ?? Infinity);
      return [log, isLast ? "last known time" : "end of manager log"];
    }
    return proofOfEnd(row, managerEnd, facts);
  })();
  const interval: Interval = [start, Math.max(end, last, start)];
  return {
    ...row,
    host: host ?? manager?.host ?? null,
    slots: [{
      life: interval,
      // The manager of a queue is part of the submitting process.
      paid: row.manager === null
        ? interval
        : paidOf(interval, manager?.log_began, block),
    }],
    interval,
    ended_by,
    changes,
    attributes: [row.attributes, ...manager ? [manager.attributes] : []],
  };
}

/** The earliest proof that the workers of a manager had ended. */
function proofOfEnd(
  row: LifeRow,
  lost: number | undefined,
  { runs, blocks, executors, lastInBlock }: Facts,
): [number, EndReason] {
  const run = runs.get(runOf(row));
  const { ended } = blocks.get(blockKey(row)) ?? {};
  const shutDown = executors.get(placeOf(row))?.ended;
  // The script of a block may end before its managers.
  const last = lastInBlock.get(blockKey(row)) ?? -Infinity;
  const isProof = ended != null && last - ended < maxLateEnd;
  const proofs: [number | null | undefined, EndReason][] = [
    [lost, "manager lost"],
    [isProof ? Math.max(ended, last) : null, "block ended"],
    [shutDown, "executor shut down"],
    [run?.ended, "run ended"],
  ];
  return proofs.filter((proof): proof is [number, EndReason] =>
    proof[0] != null
  ).sort(([a], [b]) => a - b)[0] ??
    [run?.last ?? -Infinity, "last known time"];
}

/** Work that was ending while its block ended, in seconds. */
const maxLateEnd = 1;

/** A node is paid for from the start of its block to its end. */
const paidOf = (
  [start, end]: Interval,
  managerBegan: number | null | undefined,
  block: BlockLife | undefined,
): Interval => [
  Math.min(start, managerBegan ?? start, block?.started ?? block?.up ?? start),
  Math.max(end, block?.ended ?? end),
];

/**
 * Workers that left no logs, of managers that are known: from the interchange, or
 * from monitoring, which does not say in which manager of a host a task ran.
 */
function poolsOf(
  rows: readonly LifeRow[],
  managers: ReadonlyMap<string, LifeRow>,
  covered: ReadonlySet<string>,
  facts: Facts,
): Life[] {
  const known = new Map(
    managers.values().map((row) => [keyOf(runOf(row), row.manager), row]),
  );
  const executorsAt = new Map<string, Set<string | null>>();
  for (const execution of facts.executions) {
    if (execution.account !== "monitoring") continue;
    executorsAt.getOrInsertComputed(hostKey(execution), () => new Set())
      .add(execution.executor);
  }
  const executorsWith = new Map<string, Set<string | null>>();
  for (const block of facts.blocks.values()) {
    executorsWith.getOrInsertComputed(numberKey(block), () => new Set())
      .add(block.executor);
  }
  const groups = new Map<string, Life[]>();
  for (const row of rows) {
    if (row.role !== "manager" || !row.slots || row.first === null) continue;
    const ofInterchange = known.get(keyOf(runOf(row), row.manager));
    // A manager that monitoring describes, too.
    if (ofInterchange && ofInterchange !== row) continue;
    if (covered.has(keyOf(runOf(row), row.executor, row.manager))) continue;
    const executors = executorsAt.get(hostKey(row));
    const isMonitored = executors !== undefined;
    // Monitoring names no executor: only one may have run tasks at the host, or
    // have a block of that number.
    const executor = row.executor ?? onlyOf(executors) ??
      onlyOf(executorsWith.get(numberKey(row))) ?? null;
    const pool = poolOf({ ...row, executor }, facts);
    const key = isMonitored
      ? keyOf(runOf(row), executor, row.block, null, row.host)
      : keyOf(runOf(row), executor, row.block, row.manager, row.host);
    groups.getOrInsertComputed(key, () => []).push(pool);
  }
  return [...groups.values()].map(joinPools);
}

const hostKey = (row: PlaceRow) => keyOf(runOf(row), row.block, row.host);

const numberKey = (row: RunRow & Pick<PlaceRow, "block">) =>
  keyOf(runOf(row), row.block);

const onlyOf = <T>(values: ReadonlySet<T> | undefined): T | undefined => {
  const [only, ...others] = values ?? [];
  return others.length === 0 ? only : undefined;
};

function poolOf(row: LifeRow, facts: Facts): Life {
  const changes: Change[] = JSON.parse(row.changes);
  const ups = changes.filter(([, work]) => work === "up");
  const down = lastEnd(changes);
  const start = earliest(ups[0]?.[0], row.first, row.log_began)!;
  const block = facts.blocks.get(blockKey(row));
  const [proof, reason] = proofOfEnd(row, down, facts);
  const [end, ended_by]: [number, EndReason] = row.log_ended === null ||
      row.is_quiet
    ? [proof, reason]
    : [row.log_ended, "end of manager log"];
  const seen = ups.at(-1)?.[0] ?? start;
  const interval: Interval = [start, Math.max(end, seen, start)];
  const slot = { life: interval, paid: paidOf(interval, row.log_began, block) };
  return {
    ...row,
    worker: null,
    slots: Array.from({ length: row.slots! }, () => slot),
    interval,
    ended_by,
    changes: [],
    attributes: [row.attributes],
  };
}

/** Puts managers together that nothing distinguishes: their slots are one pool. */
function joinPools(pools: readonly Life[]): Life {
  const [first, ...others] = pools;
  if (others.length === 0) return first!;
  const [start, end] = hullOf(pools.map(({ interval }) => interval));
  const last = pools.find(({ interval }) => interval[1] === end)!;
  return {
    ...first!,
    manager: null,
    slots: pools.flatMap(({ slots }) => slots),
    interval: [start, end],
    ended_by: last.ended_by,
  };
}
