import { KeyNumbers, spanSql as sql, withRoom } from "../../sql/mod.ts";
import type { Execution, ReadRows } from "./executions.ts";
import { keyOf, type PlaceRow, runOf } from "./place_rows.ts";
import { type Interval, Intervals, unionOf } from "./intervals.ts";
import type { Life } from "./lives.ts";
import transfersText from "./transfers.sql" with { type: "text" };
import waitsText from "./waits.sql" with { type: "text" };

interface WaitRow extends Pick<PlaceRow, "run" | "rundir" | "executor"> {
  manager: string | null;
  executor_task: string | null;
  pending: number | null;
  queued: number | null;
  held: number | null;
  ended: number | null;
}

/** When tasks waited, by the place where they did. */
export interface Waits {
  /** By run and executor. */
  queued: Map<string, Interval[]>;
  /** By run, executor and manager. */
  held: Map<string, Interval[]>;
  /** By run and executor. */
  pending: Map<string, Interval[]>;
  /** By run, executor and worker. */
  transfers: Map<string, Interval[]>;
  /** When the work of an execution went to a manager; null if no log has it. */
  receivedAt(execution: Execution): number | null;
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
    "executor_task",
    "pending",
    "queued",
    "held",
    "ended",
  ],
);

export function readWaits(read: ReadRows): Waits {
  const names = ["queued", "held", "pending", "transfers"] as const;
  const lists = Object.fromEntries(
    names.map((name) => [name, new Map<string, Intervals>()]),
  ) as Record<typeof names[number], Map<string, Intervals>>;
  const runs = new Set<string>();
  // A run may have a million.
  const tasks = new KeyNumbers();
  let received = new Float64Array(1024);
  const add = (
    name: typeof names[number],
    key: string,
    begin: number | null,
    until: number | null,
  ) => {
    if (begin === null) return;
    lists[name].getOrInsertComputed(key, () => new Intervals())
      .add(begin, until ?? Infinity);
  };
  for (const row of read<WaitRow>(allWaits)) {
    const place = keyOf(runOf(row), row.executor);
    const sent = row.held ?? row.ended;
    add("pending", place, row.pending, row.queued ?? sent);
    add("queued", place, row.queued, sent);
    if (row.held !== null && row.executor_task !== null) {
      const task = tasks.number([place, row.executor_task]);
      received = withRoom(received, task + 1);
      received[task] = row.held;
    }
    if (row.manager !== null) {
      add("held", keyOf(place, row.manager), row.held, row.ended);
    }
    if (row.pending !== null || row.queued !== null) runs.add(runOf(row));
  }
  type TransferRow = PlaceRow & { begin: number; until: number };
  for (const row of read<TransferRow>(sql.module(transfersText, {}))) {
    const key = keyOf(runOf(row), row.executor, row.worker);
    add("transfers", key, row.begin, row.until);
  }
  const unionsOf = (name: typeof names[number]) =>
    new Map(lists[name].entries().map(([key, one]) => [key, one.union()]));
  return {
    queued: unionsOf("queued"),
    held: unionsOf("held"),
    pending: unionsOf("pending"),
    transfers: unionsOf("transfers"),
    receivedAt(one) {
      if (one.executor_task === null) return null;
      const place = keyOf(runOf(one), one.executor);
      const task = tasks.known([place, one.executor_task]);
      return task === 0 ? null : received[task]!;
    },
    runs,
  };
}

/**
 * Returns a function for the times in which work waited for a worker, and files
 * were transferred.
 *
 * @param isUsed whether an executor, as a key, had any work
 */
export function waitsByWorker(
  waits: Waits,
  isUsed: (place: string) => boolean,
) {
  // One list for all workers of an executor, whose sums are computed once.
  const unions = new Map<string, Interval[]>();
  const pendingOf = (place: string, unknown: string) =>
    unions.getOrInsertComputed(place, () =>
      unionOf([
        ...waits.pending.get(place) ?? [],
        ...waits.pending.get(unknown) ?? [],
      ]));
  /** Of all executors, for workers that may belong to any of them. */
  const queuedOf = (run: string) =>
    unions.getOrInsertComputed(keyOf("queued", run), () =>
      unionOf(
        waits.queued.entries().toArray()
          .flatMap(([place, queued]) =>
            place.startsWith(keyOf(run, "")) ? queued : []
          ),
      ));
  return (life: Life) => {
    const { executor, manager, worker } = life;
    const place = keyOf(runOf(life), executor);
    const isKnown = waits.runs.has(runOf(life));
    // A try has no executor until it is launched.
    const hasWork = waits.pending.has(place) || waits.queued.has(place) ||
      isUsed(place);
    return {
      queued: executor === null
        ? isKnown ? queuedOf(runOf(life)) : undefined
        : waits.queued.get(place) ?? (isKnown ? none : undefined),
      held: manager === null
        ? none
        : waits.held.get(keyOf(place, manager)) ?? none,
      transfers: waits.transfers.get(keyOf(place, worker)) ?? none,
      pending: hasWork ? pendingOf(place, keyOf(runOf(life), null)) : none,
    };
  };
}

const none: readonly Interval[] = [];
