import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { rootValues } from "../events/root_values.ts";
import { internal } from "./executions.ts";
import { keyOf, runOf } from "./place_rows.ts";
import { readModel } from "./read_workers.ts";
import type { TryRow } from "./tries.ts";
import { type Attempt, levels, type WorkerOptions } from "./worker.ts";

/** A duration, and the group that it belongs to. */
export interface Span {
  /** One for each column of the groups. */
  values: (string | null)[];
  /** Null if it has not ended. */
  seconds: number | null;
  isFailed: boolean;
}

/** Durations, and a sentence about where they come from. */
export interface Spans {
  spans: Span[];
  noun: string;
  source: string;
}

/** An execution, or a try of an executor of which no log has executions. */
type Execution =
  & Pick<Attempt, "app" | "host" | "task" | "try" | typeof levels[number]>
  & Pick<Attempt, "span_id">
  & Partial<Pick<Attempt, "outcome" | "account" | "executor_task">>
  & Pick<Span, "seconds" | "isFailed">;

/**
 * The executions of tasks on workers, or else the tries of an executor, and the
 * values of their groups.
 */
export function executionTimes(
  db: Database,
  options: WorkerOptions,
  names: readonly string[],
): Spans {
  const { workers, tries, runs } = readModel(db, options);
  const attempts = workers.flatMap(({ attempts }) => attempts);
  const places = new Map(
    attempts.map(({ run, executor, account }) => [
      keyOf(run, executor),
      account,
    ]),
  );
  const known = new Set(
    attempts.map((one) => keyOf(one.run, one.task, one.try)),
  );
  const others = Iterator.from(tries).flatMap((row): Execution[] => {
    const run = runs.get(runOf(row))?.label ?? runOf(row);
    const account = places.get(keyOf(run, row.executor));
    const isOpen = row.idle === null && row.state === null;
    // The log of a thread has its executions when they end.
    const isMissing = account === undefined || account === "thread" && isOpen;
    const isKnown = known.has(keyOf(run, row.task, row.try));
    const isOther = row.executor === internal && options.executor !== internal;
    if (!isMissing || row.launched === null || isKnown || isOther) return [];
    return [tryOf(row, run)];
  }).toArray();
  const all: Execution[] = [
    ...attempts.map((one) => ({
      ...one,
      seconds: one.outcome === "done" || one.outcome === "failed"
        ? one.seconds
        : null,
      isFailed: one.outcome === "failed",
    })),
    ...others,
  ];
  const accounts = new Set([
    ...attempts.map(({ account }) => account),
    ...others.length ? ["try" as const] : [],
  ]);
  const valuesOf = groupValues(db, all, names);
  return {
    spans: all.map((one) => ({ ...one, values: valuesOf(one) })),
    noun: "execution",
    source: [...accounts].map((account) => sources[account]).join("; or "),
  };
}

const tryOf = (row: TryRow, run: string): Execution => {
  const ended = row.idle ?? row.ended;
  return {
    run,
    app: row.app,
    executor: row.executor,
    block: null,
    manager: null,
    worker: null,
    host: null,
    task: row.task,
    try: row.try,
    span_id: row.span_id,
    seconds: ended === null ? null : ended - row.launched!,
    isFailed: row.state !== null && !row.is_useful,
  };
};

const sources: Record<Attempt["account"] | "try", string> = {
  log: "from the start to the end on the worker, by its log or the queue's",
  monitoring: "from running to running_ended, by monitoring",
  manager: "while a manager had them, waiting for a worker included, by the " +
    "interchange's log",
  thread: "from the launch, or the end of the thread's task before, to the " +
    "end, by parsl.log",
  try: "from the launch to the end of the try, waiting included, because no " +
    "log says when work began",
};

/** Returns a function for the values of the groups of an execution. */
function groupValues(
  db: Database,
  executions: readonly Execution[],
  names: readonly string[],
): (one: Execution) => (string | null)[] {
  const own = new Set([...levels, ...ownNames] as string[]);
  const attributes = names.filter((name) => !own.has(name));
  const found = new Map<number, (string | null)[]>();
  if (attributes.length > 0 && executions.length > 0) {
    const ids = JSON.stringify(executions.map(({ span_id }) => span_id));
    const roots = sql`SELECT value AS id FROM json_each(${ids})`;
    const { values } = rootValues(roots, attributes, []);
    const rows = db.query<{ root_id: number; category: string }>(values);
    for (const { root_id, category } of rows) {
      found.set(root_id, JSON.parse(category));
    }
  }
  return (one) =>
    names.map((name) => {
      const value = own.has(name)
        ? one[name as typeof ownNames[number]]
        : found.get(one.span_id)?.[attributes.indexOf(name)];
      return value == null ? null : String(value);
    });
}

const ownNames = [
  "app",
  "host",
  "task",
  "try",
  "outcome",
  "account",
  "executor_task",
] as const;
