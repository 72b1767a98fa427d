import { spanSql as sql } from "../../sql/mod.ts";
import { keyOf, runOf, type RunRow } from "../workers/place_rows.ts";
import type { readModel } from "../workers/read_workers.ts";
import type { TryRow } from "../workers/tries.ts";
import badStatesText from "./bad_states.sql" with { type: "text" };
import exceptionsText from "./exceptions.sql" with { type: "text" };
import { type Cause, causeOf, splitException } from "./failed.ts";
import taskLinksText from "./task_links.sql" with { type: "text" };

type Model = ReturnType<typeof readModel>;

/** A failed try with its cause: that of another task, if it depends on one. */
export interface FailedTry extends Cause {
  row: TryRow;
  /** The last try of its task. */
  last: TryRow;
  isDependent: boolean;
}

/** States in which a try has failed. */
export const failing: ReadonlySet<string> = new Set([
  "failed",
  "fail_retryable",
  "dep_fail",
]);

const isFailing = (row: TryRow | undefined): row is TryRow =>
  row?.state != null && !row.is_useful && failing.has(row.state);

/** Exceptions that only say that something else failed. */
const wrappers: ReadonlySet<string | null> = new Set([
  "DependencyError",
  "JoinError",
  "BadStateException",
]);

/** Reads the failed tries, each with its cause. */
export function readFailedTries(
  { tries, read }: Model,
  hosts: ReadonlySet<string>,
): FailedTry[] {
  // The same try is the same object.
  const rows = new Map<number, TryRow>();
  const rowAt = (index: number) =>
    rows.getOrInsertComputed(index, () => tries.at(index));
  const lastOf: LastOf = (name) => {
    const index = tries.lastOf(name);
    return index < 0 ? undefined : rowAt(index);
  };
  const failed = tries.inStates(failing).map(rowAt).filter(isFailing).toArray();
  if (failed.length === 0) return [];
  const told = exceptionsByTry(read(sql.module(exceptionsText, {})));
  const badStates = Map.groupBy(
    read<BadStateRow>(sql.module(badStatesText, {})),
    runOf,
  );
  const tasks = failed.filter((row) => row === lastOf(row))
    .map(({ task }) => task);
  const links = read<LinkRow>(
    sql.module(taskLinksText, { tasks: JSON.stringify([...new Set(tasks)]) }),
  );
  const rootOf = rootFinder(links, lastOf, (row) => told.get(tryKey(row)));
  return failed.map((row): FailedTry => {
    const last = lastOf(row)!;
    const root = row === last ? rootOf(row) : row;
    const cause = told.get(tryKey(root));
    const ended = root.ended ?? Infinity;
    const bad = badStates.get(runOf(root))?.findLast(({ time }) =>
      cause?.exception === "BadStateException" && time <= ended ||
      cause?.exception == null && time <= ended && ended <= time + maxDelay
    );
    const [exception, message] = bad
      ? badStateOf(bad)
      : exceptionOf(cause, root);
    return {
      ...causeOf(exception, message, hosts),
      row,
      last,
      isDependent: root !== row || row.state === "dep_fail",
    };
  });
}

/** The last try of a task. */
type LastOf = (name: RunRow & { task: string }) => TryRow | undefined;

// Seconds within which an executor's tries fail when it is given up. Parsl before
// 2023-06 does not log the exception.
const maxDelay = 1;

const taskKey = (row: RunRow & { task: string }) => keyOf(runOf(row), row.task);
const tryKey = (row: RunRow & { task: string; try: string | null }) =>
  keyOf(runOf(row), row.task, row.try);

export interface BadStateRow extends RunRow {
  time: number;
  exception: string | null;
  message: string | null;
  traceback: string;
}

/** The exception of a line without a traceback is all that continues it. */
export const badStateOf = (
  { exception, message, traceback }: BadStateRow,
): readonly [exception: string | null, message: string | null] =>
  exception === null ? splitException(traceback) : [exception, message];

function exceptionOf(
  { exception = null, message = null, causes }: Partial<ExceptionRow> = {},
  { state }: TryRow,
): readonly [exception: string | null, message: string | null] {
  if (state !== "dep_fail" && !wrappers.has(exception)) {
    return [exception, message];
  }
  const all: string[] = JSON.parse(causes ?? "[]");
  const known = all.map(splitException)
    .findLast(([type]) => !wrappers.has(type));
  return known ?? [exception, message];
}

interface ExceptionRow extends RunRow {
  executor: string | null;
  task: string;
  try: string | null;
  exception: string | null;
  message: string | null;
  /** JSON. */
  causes: string | null;
}

/**
 * Merges the accounts of each try's exception. Parsl logs the message of the last
 * try alone: earlier ones with the same exception have it, too.
 */
function exceptionsByTry(
  rows: Iterable<ExceptionRow>,
): Map<string, ExceptionRow> {
  const found = new Map<string, ExceptionRow>();
  const messages = new Map<string, string>();
  const messageKey = (row: ExceptionRow) => keyOf(taskKey(row), row.exception);
  for (const row of rows) {
    if (row.message !== null && row.exception !== null) {
      messages.getOrInsert(messageKey(row), row.message);
    }
    const known = found.get(tryKey(row));
    if (!known) {
      found.set(tryKey(row), { ...row });
      continue;
    }
    known.exception ??= row.exception;
    known.message ??= row.message;
    known.causes ??= row.causes;
  }
  for (const row of found.values()) {
    row.message = messages.get(messageKey(row)) ?? row.message;
  }
  return found;
}

interface LinkRow extends RunRow {
  task: string;
  /** JSON. */
  depends: string | null;
  /** JSON. */
  joins: string | null;
}

/**
 * Finds the try that made the last try of a task fail: its own, or through any
 * number of dependencies and join apps the last try of another task.
 */
function rootFinder(
  rows: Iterable<LinkRow>,
  lastOf: LastOf,
  told: (row: TryRow) => ExceptionRow | undefined,
): (row: TryRow) => TryRow {
  const links = Map.groupBy(rows, taskKey);
  /** The failed task that a task waited for. */
  const next = (row: TryRow): TryRow | undefined => {
    const named = (name: "depends" | "joins"): string[] =>
      links.get(taskKey(row))?.flatMap((link) =>
        JSON.parse(link[name] ?? "[]")
      ) ??
        [];
    const { exception, message } = told(row) ?? {};
    const isWrapped = wrappers.has(exception ?? null) &&
      exception !== "BadStateException";
    // "The representative cause is via task 5 <- task 14"
    const via = isWrapped
      ? / via task (\d+)(?: <- |$| \()/.exec(message ?? "")?.slice(1)
      : undefined;
    return [
      ...row.state === "dep_fail" ? named("depends") : named("joins"),
      ...via ?? [],
    ].map((task) => lastOf({ ...row, task: String(task) }))
      .find((other) => isFailing(other) && other !== row) as TryRow | undefined;
  };
  const roots = new Map<TryRow, TryRow>();
  return (row) => {
    const path = new Set<TryRow>();
    let at = row;
    for (;;) {
      path.add(at);
      const other = roots.get(at) ?? next(at);
      if (other === undefined || path.has(other)) break;
      at = other;
    }
    for (const one of path) roots.set(one, at);
    return at;
  };
}
