// @ts-types="npm:@types/d3-array@3.2.2"
import { max, min, sum } from "d3-array";
import { count, counted } from "../../display/text/format.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { internal, keyOf, runOf } from "../workers/executions.ts";
import { readModel } from "../workers/read_workers.ts";
import type { WorkerOptions } from "../workers/worker.ts";
import type { Failed } from "./failed.ts";
import { readFailedBlocks } from "./failed_blocks.ts";
import { type FailedTry, failing, readFailedTries } from "./failed_tries.ts";
import { readFailedWork } from "./failed_work.ts";
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
  /** Number of blocks that failed with it. */
  blocks: number;
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
  /**
   * A thing that failed with it: "task 136", "block 0 of htex", or the executor's
   * own name of a task of which Parsl does not know, "executor task 5".
   */
  such_as: string;
  /** Parsl's number of that task, for `story(db, { task })`; null without one. */
  task: string | null;
  /** The number of the try; null without one. */
  try: string | null;
  /** The message of that try. */
  example: string | null;
  /** Its traceback; null if no log has one. */
  traceback: string | null;
}

/**
 * Groups what failed by its causes: the type of the exception and its message
 * without the parts that vary, which are numbers, paths, hosts and identifiers.
 * The first row is the cause of the most failed tasks.
 *
 * See {@linkcode Failure} for the columns; a table shows all but the example and
 * its traceback. A cause comes from whichever source has it: parsl.log for the
 * type and the traceback, monitoring for the message, the logs of workers and of
 * a queue, and the states and exit codes of blocks. Parsl raises ManagerLost,
 * WorkerLost and AppTimeout itself.
 *
 * Tasks that failed because another did count under the cause of that one's
 * failure, whether they depend on it, directly or not, or are a join app that
 * waited for it. If Parsl gave up an executor because its blocks failed, these
 * blocks and all tries that failed with it have one cause.
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
  const model = readModel(db, options);
  const attempts = model.workers.flatMap(({ attempts }) => attempts);
  const hosts = new Set(
    model.workers.flatMap(({ host }) => host === null ? [] : [host]),
  );
  const isWanted = ({ row }: FailedTry) =>
    options.executor === undefined || row.executor === options.executor;
  const tries = readFailedTries(model, hosts).filter(isWanted);
  const byTry = Map.groupBy(
    attempts,
    (one) => keyOf(one.run, one.task, one.try),
  );
  const keyOfTry = ({ run, task, try: number }: Failed) =>
    keyOf(run, task, number);
  const failedTries = tries.map((one) => failedTry(db, model, one));
  for (const one of failedTries) one.attempts = byTry.get(keyOfTry(one)) ?? [];
  const known = new Set(failedTries.map(keyOfTry));
  const others = attempts.filter((one) =>
    !known.has(keyOf(one.run, one.task, one.try))
  );
  const all = [
    ...failedTries,
    ...readFailedWork(model, others, hosts),
    ...readFailedBlocks(db, model, failedTries, hosts),
  ];
  const groups = Map.groupBy(
    all,
    (one) => keyOf(one.run, one.exception, one.message),
  );
  return answer(
    groups.values().map(rowOf).toArray().sort((a, b) =>
      (a.run ?? "").localeCompare(b.run ?? "") ||
      b.failed_tasks - a.failed_tasks || b.tries - a.tries ||
      b.blocks - a.blocks
    ),
    ["first", "last", "hosts", "try", "worker_seconds", "dependents"],
    {
      columns: shown,
      whole: ["message"],
      kinds: {
        failed_tasks: "count",
        recovered_tasks: "count",
        dependents: "count",
        blocks: "count",
        first: "unix",
        last: "unix",
      },
      heading: headingOf(all),
    },
  );
}

const shown = ("run exception message failed_tasks recovered_tasks tries " +
  "dependents blocks apps hosts first last worker_seconds such_as").split(" ");

function failedTry(
  db: Database,
  { runs }: ReturnType<typeof readModel>,
  { row, last, isDependent, ...cause }: FailedTry,
): Failed {
  const { task, try: number, app, executor, ended } = row;
  const run = runOf(row);
  return {
    ...cause,
    run: runs.get(run)?.label || run || null,
    kind: "try",
    name: `task ${task}`,
    task,
    try: number,
    app,
    executor,
    ended,
    attempts: [],
    outcome: last.is_useful
      ? "recovered"
      : failing.has(last.state ?? "")
      ? "failed"
      : "unknown",
    isDependent,
    traceback() {
      const [found] = db.query<{ traceback: string }>(
        sql.module(tracebacksText, { run, task, try: number }),
      );
      return found?.traceback ?? null;
    },
  };
}

const isTask = ({ kind }: Failed) => kind === "try" || kind === "work";

/** Tasks, each with one of its failures. */
const tasksOf = (all: readonly Failed[]): Failed[] =>
  Map.groupBy(
    all.filter(isTask),
    ({ run, name }) => keyOf(run, name),
  )
    .values().map(([one]) => one!).toArray();

function rowOf(failed: readonly Failed[]): Failure {
  // Parsl logs the traceback of the last try of a task; a dependent has none.
  const own = failed.filter(({ isDependent }) => !isDependent);
  const example =
    own.findLast((one) =>
      one.outcome === "failed" && one.name === own[0]!.name
    ) ?? own[0] ?? failed[0]!;
  const tasks = tasksOf(failed);
  const times = failed.flatMap(({ ended }) => ended ?? []);
  const attempts = failed.flatMap(({ attempts }) => attempts);
  const hosts = attempts.map(({ host, executor }) => host ?? executor);
  return {
    run: example.run,
    exception: example.exception,
    message: example.message,
    failed_tasks: tasks.filter(({ outcome }) => outcome === "failed").length,
    recovered_tasks:
      tasks.filter(({ outcome }) => outcome === "recovered").length,
    tries: failed.filter(isTask).length,
    dependents: tasks.filter(({ isDependent }) => isDependent).length,
    blocks: failed.filter(({ kind }) => kind === "block").length,
    apps: listOf(failed.map(({ app }) => app)),
    hosts: listOf(
      hosts.length > 0
        ? hosts
        : failed.map(({ executor }) => executor === internal ? null : executor),
    ),
    first: min(times) ?? null,
    last: max(times) ?? null,
    worker_seconds: sum(attempts, ({ seconds }) => seconds),
    such_as: example.name,
    task: example.task,
    try: example.try,
    example: example.example,
    traceback: example.traceback(),
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
function headingOf(all: readonly Failed[]): string {
  const tasks = tasksOf(all);
  const failed = tasks.filter(({ outcome }) => outcome === "failed");
  const recovered = tasks.filter(({ outcome }) => outcome === "recovered");
  const dependents = failed.filter(({ isDependent }) => isDependent).length;
  const blocks = all.filter(({ kind }) => kind === "block").length;
  if (all.length === 0) return "No task failed.";
  return `${counted(failed.length, "task")} failed` +
    (dependents > 0
      ? `, ${count(dependents)} of them because another did`
      : "") +
    `; ${counted(recovered.length, "task")} succeeded when tried again` +
    (blocks > 0 ? `; ${counted(blocks, "block")} failed.` : ".");
}
