// Over 300 lines: the causes of failures, from all that logs say to rows.

// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { count, counted } from "../../display/text/format.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import {
  keyOf,
  runOf,
  type RunRow,
  type TryRow,
} from "../workers/executions.ts";
import { readModel } from "../workers/read_workers.ts";
import type { Attempt, WorkerOptions } from "../workers/worker.ts";
import exceptionsText from "./exceptions.sql" with { type: "text" };
import { maskMessage } from "./mask_message.ts";
import tracebacksText from "./tracebacks.sql" with { type: "text" };

/** A cause of failures: a row of {@linkcode failures}. */
export interface Failure {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** Type of the exception; null if no log names one. */
  exception: string | null;
  /** Its message, with N for numbers and "…" for identifiers. */
  message: string | null;
  /** Number of tasks that it made fail for good, dependents included. */
  failed_tasks: number;
  /** Number of tasks that failed with it and succeeded when tried again. */
  recovered_tasks: number;
  /** Number of tries that ended with it. */
  tries: number;
  /** Number of tasks that failed only because they depend on others that did. */
  dependents: number;
  /** The apps of the tries, the most frequent ones first. */
  apps: string;
  /** The nodes, or else the executors, where the tries ran. */
  hosts: string;
  /** Unix seconds at which the first try failed. */
  first: number | null;
  /** Unix seconds at which the last try failed. */
  last: number | null;
  /** Seconds of workers that the tries took. */
  worker_seconds: number;
  /** Parsl's number of a task that failed with it, for `story(db, { task })`. */
  task: string;
  /** The number of the try. */
  try: string;
  /** The message of that try. */
  example: string | null;
  /** Its traceback; null if no log has one. */
  traceback: string | null;
}

/**
 * Groups failed tries by their causes: the type of the exception and its message
 * without the parts that vary. The first row is the cause of the most failed
 * tasks.
 *
 * See {@linkcode Failure} for the columns; a table shows all but the example and
 * its traceback. A cause comes from whichever source has it: parsl.log for the
 * type and the traceback, monitoring for the message, the logs of workers. Tasks
 * that failed because they depend on another count under the cause of that one's
 * failure. Managers and workers that were lost have causes of their own,
 * ManagerLost and WorkerLost.
 *
 * @throws {RangeError} for a name that fits no run, or several
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { failures } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const [first] = failures(db, { run: "000" });
 * assert.equal(first!.exception, "ValueError");
 * assert.equal(first!.message, "task N always fails");
 * assert.match(first!.traceback!, /^Traceback/);
 * ```
 */
export function failures(
  db: Database,
  options: WorkerOptions = {},
): Failure[] {
  const { workers, runs, tries, read } = readModel(db, options);
  const told = read<ExceptionRow>(sql.module(exceptionsText, {}));
  const exceptions = exceptionsByTry(told);
  const attempts = Map.groupBy(
    workers.flatMap(({ attempts }) => attempts),
    (one) => keyOf(one.run, one.task, one.try),
  );
  const lastTries = new Map<string, TryRow>();
  for (const row of tries.values()) {
    const key = keyOf(runOf(row), row.task);
    const last = lastTries.get(key);
    if (!last || Number(row.try) >= Number(last.try)) lastTries.set(key, row);
  }
  const groups = new Map<string, FailedTry[]>();
  for (const row of tries.values()) {
    if (row.state === null || row.is_useful || !failing.has(row.state)) {
      continue;
    }
    const run = runs.get(runOf(row))?.label ?? runOf(row);
    if (options.executor !== undefined && row.executor !== options.executor) {
      continue;
    }
    const cause = causeOf(row, exceptions.get(tryKey(row)));
    const key = keyOf(run, cause.exception, cause.message);
    groups.getOrInsertComputed(key, () => []).push({
      ...cause,
      row,
      run,
      attempts: attempts.get(keyOf(run, row.task, row.try)) ?? [],
      last: lastTries.get(keyOf(runOf(row), row.task))!,
    });
  }
  const rows = groups.values().map((tries) => rowOf(db, tries));
  return answer(
    [...rows].sort((a, b) =>
      (a.run ?? "").localeCompare(b.run ?? "") ||
      b.failed_tasks - a.failed_tasks || b.tries - a.tries
    ),
    ["first", "last", "hosts", "try", "worker_seconds", "dependents"],
    {
      columns: shown,
      whole: ["message"],
      kinds: {
        failed_tasks: "count",
        recovered_tasks: "count",
        dependents: "count",
        first: "unix",
        last: "unix",
      },
      heading: headingOf([...groups.values()].flat()),
    },
  );
}

const shown = ("run exception message failed_tasks recovered_tasks tries " +
  "dependents apps hosts first last worker_seconds task try").split(" ");

/** States in which a try has failed. */
const failing: ReadonlySet<string> = new Set([
  "failed",
  "fail_retryable",
  "dep_fail",
]);

interface ExceptionRow extends RunRow {
  executor: string | null;
  task: string;
  try: string | null;
  exception: string | null;
  message: string | null;
  /** JSON. */
  causes: string | null;
}

const tryKey = (row: RunRow & { task: string | null; try: string | null }) =>
  keyOf(runOf(row), row.task, row.try);

/**
 * Merges the accounts of each try's exception. Parsl logs the message of the last
 * try alone: earlier ones with the same exception have it, too.
 */
function exceptionsByTry(
  rows: readonly ExceptionRow[],
): Map<string, ExceptionRow> {
  const found = new Map<string, ExceptionRow>();
  const messages = new Map<string, string>();
  const taskKey = (row: ExceptionRow, exception: string | null) =>
    keyOf(runOf(row), row.task, exception);
  for (const row of rows) {
    if (row.message !== null && row.exception !== null) {
      messages.getOrInsert(taskKey(row, row.exception), row.message);
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
    row.message = messages.get(taskKey(row, row.exception)) ?? row.message;
  }
  return found;
}

interface Cause {
  exception: string | null;
  /** Masked. */
  message: string | null;
  example: string | null;
}

interface FailedTry extends Cause {
  row: TryRow;
  run: string;
  attempts: Attempt[];
  /** The last try of its task. */
  last: TryRow;
}

/** The cause of a failed try; that of a dependent is the one of the other task. */
function causeOf({ state }: TryRow, told: ExceptionRow | undefined): Cause {
  const causes: string[] = JSON.parse(told?.causes ?? "[]");
  const root = state === "dep_fail" ? causes.at(-1) : undefined;
  if (root !== undefined) {
    const [, exception = null, message = null] =
      /^([\w.]+)(?:: ?([^]*))?$/.exec(root) ?? [, null, root];
    return { exception, message: masked(message), example: message };
  }
  const { exception = null, message = null } = told ?? {};
  return { exception, message: masked(message), example: message };
}

const masked = (message: string | null): string | null =>
  message === null ? null : maskMessage(message);

function rowOf(db: Database, tries: readonly FailedTry[]): Failure {
  // Parsl logs the traceback of the last try of a task; a dependent has none.
  const example = tries.find(({ row }) => row.state === "failed") ??
    tries.find(({ row }) => row.state !== "dep_fail") ?? tries[0]!;
  const { run, exception, message, row } = example;
  const tasks = Map.groupBy(tries, (one) => one.row.task);
  const isFailed = ({ last }: FailedTry) => failing.has(last.state ?? "");
  const times = tries.map(({ row }) => row.ended).filter((time) =>
    time !== null
  )
    .sort((a, b) => a - b);
  const attempts = tries.flatMap(({ attempts }) => attempts);
  const [traceback] = db.query<{ traceback: string }>(
    sql.module(tracebacksText, {
      run: runOf(row),
      task: row.task,
      try: row.try,
    }),
  );
  return {
    run,
    exception,
    message,
    failed_tasks: tasks.values().filter(([one]) => isFailed(one!)).toArray()
      .length,
    recovered_tasks: tasks.values().filter(([one]) => one!.last.is_useful)
      .toArray().length,
    tries: tries.length,
    dependents: tries.filter(({ row }) => row.state === "dep_fail").length,
    apps: listOf(tries.map(({ row }) => row.app)),
    hosts: listOf(attempts.map(({ host, executor }) => host ?? executor)),
    first: times[0] ?? null,
    last: times.at(-1) ?? null,
    worker_seconds: sum(attempts, ({ seconds }) => seconds),
    task: row.task,
    try: row.try,
    example: example.example,
    traceback: traceback?.traceback ?? null,
  };
}

/** The most frequent names, at most three. */
function listOf(names: readonly (string | null)[]): string {
  const counts = [
    ...Map.groupBy(names.filter((name) => name !== null), (n) => n),
  ]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([name]) => name);
  const more = counts.length - 3;
  return counts.slice(0, 3).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** A sentence about all failures. */
function headingOf(tries: readonly FailedTry[]): string {
  const lasts = new Map(
    tries.map((one) => [keyOf(one.run, one.row.task), one.last]),
  );
  const failed = lasts.values().filter(({ state }) => failing.has(state ?? ""))
    .toArray();
  const recovered = lasts.values().filter(({ is_useful }) => is_useful)
    .toArray();
  if (lasts.size === 0) return "No task failed.";
  const dependents = failed.filter(({ state }) => state === "dep_fail").length;
  return `${counted(failed.length, "task")} failed` +
    (dependents > 0
      ? `, ${count(dependents)} of them because another did`
      : "") +
    `; ${counted(recovered.length, "task")} succeeded when tried again.`;
}
