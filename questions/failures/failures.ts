// @ts-types="npm:@types/d3-array@3.2.2"
import { max, min, sum } from "d3-array";
import {
  checkOptions,
  checkQuestion,
  mistake,
} from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { type AnsweringRuns, isAnswering } from "../runs/answering_runs.ts";
import { internal } from "../workers/executions.ts";
import { keyOf, runOf } from "../workers/place_rows.ts";
import { readModel } from "../workers/read_workers.ts";
import { workerOptionNames, type WorkerOptions } from "../workers/worker.ts";
import type { Failed } from "./failed.ts";
import type { Failure } from "./failure.ts";
import { noteLostBlocks, readFailedBlocks } from "./failed_blocks.ts";
import { type FailedTry, failing, readFailedTries } from "./failed_tries.ts";
import { readFailedWork } from "./failed_work.ts";
import {
  type FailureCounts,
  type FoundFailures,
  shownFailures,
} from "./shown_failures.ts";
import tracebacksText from "./tracebacks.sql" with { type: "text" };

export type { Failure };

/**
 * Groups what failed by its causes: the type of the exception and its message
 * without the parts that vary, which are numbers, paths, hosts and identifiers.
 * The first row is the cause of the most failed tasks.
 *
 * Of a campaign, `await failures(campaign)` has the causes of each run.
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
export function failures(db: Database, options?: WorkerOptions): Failure[];
/** The causes in each run of a campaign, or in one. */
export function failures(
  campaign: AnsweringRuns,
  options?: { run?: string | undefined },
): Promise<Failure[]>;
/** Groups what failed by its causes. */
export function failures(
  asked: Database | AnsweringRuns,
  options: WorkerOptions = {},
): Failure[] | Promise<Failure[]> {
  if (isAnswering(asked)) return failuresOfRuns(asked, options);
  checkQuestion("failures", asked, options, workerOptionNames);
  return shownFailures(readFailures(asked, options), "db");
}

async function failuresOfRuns(
  campaign: AnsweringRuns,
  { executor, ...options }: WorkerOptions,
): Promise<Failure[]> {
  checkOptions("failures", options, { run: true });
  if (executor !== undefined) {
    throw mistake(
      "failures() of a campaign are those of all executors: name a run, as in " +
        `failures(await campaign.database("${
          campaign.runs[0]
        }"), { executor })`,
    );
  }
  const found = await campaign.answers("failures", options.run);
  return shownFailures({
    rows: found.flatMap(({ rows }) => rows),
    counts: found.flatMap(({ counts }) => counts),
  }, "campaign");
}

/** What failed, as plain data. */
export function readFailures(
  db: Database,
  options: WorkerOptions,
): FoundFailures {
  const model = readModel(db, options);
  const attempts = model.workers.flatMap(({ attempts }) => attempts);
  const hosts = new Set(
    model.workers.flatMap(({ host }) => host === null ? [] : [host]),
  );
  const isWanted = ({ row }: FailedTry) =>
    options.executor === undefined || row.executor === options.executor;
  const tries = readFailedTries(model, hosts).filter(isWanted);
  const keyOfTry = (one: Pick<Failed, "run" | "task" | "try">) =>
    keyOf(one.run, one.task, one.try);
  const failedTries = tries.map((one) => failedTry(model, one));
  const known = new Set(failedTries.map(keyOfTry));
  const byTry = Map.groupBy(attempts, (one) => {
    const key = keyOfTry(one);
    return known.has(key) ? key : null;
  });
  for (const one of failedTries) one.attempts = byTry.get(keyOfTry(one)) ?? [];
  noteLostBlocks(model, failedTries);
  const others = byTry.get(null) ?? [];
  const all = [
    ...failedTries,
    ...readFailedWork(model, others, hosts),
    ...readFailedBlocks(db, model, failedTries, hosts),
  ];
  const groups = Map.groupBy(
    all,
    // Nothing says that unknown causes of different apps are the same.
    ({ run, exception, message, app }) =>
      keyOf(
        run,
        exception,
        message,
        (exception ?? message) === null ? app : "",
      ),
  );
  const examples = groups.values().map(exampleOf).toArray();
  const tracebackOf = tracebacksOf(db, examples);
  return {
    rows: [...groups.values()].map((failed, i) =>
      rowOf(failed, examples[i]!, tracebackOf(examples[i]!))
    ),
    counts: Array.from(
      Map.groupBy(all, ({ run }) => run),
      ([run, failed]) => countsOf(run, failed),
    ),
  };
}

function failedTry(
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
    runId: run,
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

/** Parsl logs the traceback of the last try of a task; a dependent has none. */
function exampleOf(failed: readonly Failed[]): Failed {
  const own = failed.filter(({ isDependent }) => !isDependent);
  return own.findLast((one) =>
    one.outcome === "failed" && one.name === own[0]!.name
  ) ?? own[0] ?? failed[0]!;
}

/** Reads the tracebacks of tries, all at once. */
function tracebacksOf(
  db: Database,
  tries: readonly Failed[],
): (of: Failed) => string | null {
  const names = tries.filter(({ kind }) => kind === "try")
    .map(({ runId, task, try: number }) => [runId, task, number]);
  const rows = db.query<
    { run: string; task: string; try: string; traceback: string }
  >(sql.module(tracebacksText, { tries: JSON.stringify(names) }));
  const first = new Map<string, string>();
  for (const { run, task, try: number, traceback } of rows) {
    first.getOrInsert(keyOf(run, task, number), traceback);
  }
  return ({ runId, task, try: number, output }) =>
    output?.() ?? first.get(keyOf(runId, task, number)) ?? null;
}

function rowOf(
  failed: readonly Failed[],
  example: Failed,
  traceback: string | null,
): Failure {
  const tasks = tasksOf(failed);
  const own = failed.filter((one) => isTask(one) && !one.isDependent);
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
    tries: own.length || failed.filter(isTask).length,
    dependents: tasks.filter(({ isDependent }) => isDependent).length,
    blocks: failed.filter(({ kind }) => kind === "block").length,
    block_ends: listOf(failed.map(({ blockEnd }) => blockEnd ?? null)),
    apps: listOf(
      failed.filter(({ isDependent }) => !isDependent).map(({ app }) => app),
      failed.map(({ app }) => app),
    ),
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
    traceback,
  };
}

/** The most frequent names of each list, at most three. */
function listOf(...lists: (readonly (string | null)[])[]): string {
  const names = lists.flatMap((list) =>
    [...Map.groupBy(list.filter((name) => name !== null), (name) => name)]
      .sort((a, b) => b[1].length - a[1].length)
      .map(([name]) => name)
  );
  const all = [...new Set(names)];
  const more = all.length - 3;
  return all.slice(0, 3).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function countsOf(
  run: string | null,
  all: readonly Failed[],
): FailureCounts {
  const tasks = tasksOf(all);
  const failed = tasks.filter(({ outcome }) => outcome === "failed");
  return {
    run,
    failed: failed.length,
    dependents: failed.filter(({ isDependent }) => isDependent).length,
    recovered: tasks.filter(({ outcome }) => outcome === "recovered").length,
    blocks: all.filter(({ kind }) => kind === "block").length,
  };
}
