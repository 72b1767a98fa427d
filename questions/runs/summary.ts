// @ts-types="npm:@types/d3-array@3.2.2"
import { max, sum } from "d3-array";
import { checkOptions, checkQuestion } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { type Failure, failures } from "../failures/failures.ts";
import { bottleneck } from "../tasks/bottleneck.ts";
import { limitsOf } from "../tasks/bottleneck_text.ts";
import { readWorkers } from "../workers/read_workers.ts";
import { idle } from "../workers/worker_uses.ts";
import { countWorkers, type Worker } from "../workers/worker.ts";
import { workerTime } from "../workers/worker_time.ts";
import {
  type AnsweringRuns,
  isAnswering,
  type SummaryData,
} from "./answering_runs.ts";
import { nameOfRun, runLabels } from "./find_run.ts";
import { type Run, runs } from "./list_runs.ts";
import { joined, summaryOf } from "./joined_summaries.ts";
import { missingLogs } from "./missing_logs.ts";
import { placeTimes } from "./place_times.ts";
import { type LogTimes, logTimes, oddities, withoutTask } from "./oddities.ts";
import type {
  FailureSummary,
  PlaceSummary,
  RunSummary,
  Summary,
  WorkersSummary,
} from "./summary_schema.ts";
import typicalTimesText from "./typical_times.sql" with { type: "text" };

/**
 * Says what ran, whether it ended, what failed and why, where the time of a
 * typical task went, what the time of workers was used for, what limited the
 * throughput, what looks odd, and what no log tells: the first question to ask.
 *
 * The result displays itself as at most a screen of text, each part with the
 * question that leads on; see {@linkcode Summary} for its members. As JSON, it is
 * what `dnpc summary --json` prints.
 *
 * Of a campaign, `await summary(campaign)` is about all runs. What is known of a
 * run is computed once, which takes some seconds for 26,000 tasks, and kept in its
 * directory, if that can be written to.
 *
 * @throws {RangeError} for a name that fits no run, or several
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { summary } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const { runs: [run], failures: [cause] } = summary(db);
 * assert.deepEqual([run!.run, run!.tasks, run!.has_ended], ["000", 62, true]);
 * assert.equal(cause!.exception, "ValueError");
 * // As the last line of a cell: text, with what to ask next.
 * summary(db);
 * ```
 */
export function summary(db: Database, options?: { run?: string }): Summary;
/** The summary of all runs of a campaign, or of one. */
export function summary(
  campaign: AnsweringRuns,
  options?: { run?: string },
): Promise<Summary>;
/** Says what ran, what failed and why, and where time went. */
export function summary(
  asked: Database | AnsweringRuns,
  options: { run?: string } = {},
): Summary | Promise<Summary> {
  if (isAnswering(asked)) return summaryOfRuns(asked, options);
  return summaryOf(readSummary(asked, options), options);
}

async function summaryOfRuns(
  campaign: AnsweringRuns,
  options: { run?: string },
): Promise<Summary> {
  checkOptions("summary", options, { run: true });
  const runs = await campaign.answers("summary", options.run);
  return summaryOf(joined(runs), { ...options, isCampaign: true });
}

/** The members of a summary, but for causes, which are those of each run. */
function readSummary(db: Database, options: { run?: string }): SummaryData {
  checkQuestion("summary", db, options, { run: true });
  const all = runs(db, options);
  const causes = failures(db, options);
  const workers = readWorkers(db, options);
  const logs = logTimes(db);
  const isAsked = (run: string | null) =>
    options.run === undefined || all.some((one) => one.run === run);
  return {
    version: 1,
    runs: all.map((run) => runSummary(run, logs, causes)),
    failures: causes.map(causeSummary),
    typical_tasks: typicalTasks(db, options.run, all),
    workers: workersOf(db, options, workers),
    limits: limitsOf(bottleneck(db, options)),
    odd: oddities(db, all, workers, logs).filter(({ run }) => isAsked(run)),
    missing: missingLogs(
      db,
      all,
      new Set(workers.map(({ run }) => run)),
    ),
  };
}

function runSummary(
  { state, seconds, rundir, failed, ...run }: Run,
  logs: readonly LogTimes[],
  causes: readonly Failure[],
): RunSummary {
  const dependents = sum(
    causes.filter((cause) => cause.run === run.run),
    (cause) => cause.dependents,
  );
  const last = max(
    logs.filter((log) => log.rundir === rundir),
    ({ last }) => last,
  );
  return {
    run: run.run,
    workflow: run.workflow,
    host: run.host,
    parsl_version: run.parsl_version,
    began_unix_seconds: run.began,
    last_line_unix_seconds: last ?? null,
    length_seconds: seconds,
    has_ended: state === "ended",
    tasks: run.tasks,
    succeeded_tasks: run.tasks - failed - run.unfinished,
    failed_tasks: failed - dependents,
    dependent_tasks: dependents,
    unfinished_tasks: run.unfinished,
    retried_tasks: run.retried,
  };
}

const causeSummary = (cause: Failure): FailureSummary => ({
  exception: cause.exception,
  message: cause.message,
  runs: cause.run === null ? [] : [cause.run],
  failed_tasks: cause.failed_tasks,
  dependent_tasks: cause.dependents,
  recovered_tasks: cause.recovered_tasks,
  tries: cause.tries,
  blocks: cause.blocks,
  block_ends: cause.block_ends,
  worker_seconds: cause.worker_seconds,
  such_as: cause.such_as,
  task: cause.task,
  run: cause.run,
});

/** Where the time of typical tasks went. */
function typicalTasks(
  db: Database,
  name: string | undefined,
  all: readonly Run[],
): PlaceSummary[] {
  const order = new Map(all.map(({ run }, i) => [run, i]));
  const run = nameOfRun(db, name) ?? null;
  const labels = runLabels(db);
  const rows = db.query<PlaceSummary>(sql`
    SELECT run, place, seconds AS median_seconds, tasks
    FROM (${sql.module(typicalTimesText, { place_times: placeTimes() })})
    WHERE ${run} IS NULL OR run = ${run}`);
  return Map.groupBy(rows, ({ run }) => run).values().flatMap((own) => {
    const most = max(own, ({ tasks }) => tasks)!;
    // Some tasks are elsewhere, to be tried again; others only pass.
    return own.filter(({ tasks, median_seconds }) =>
      tasks >= most / 2 && median_seconds >= 0.0005
    );
  }).map((row) => ({ ...row, run: labels.get(row.run) ?? row.run })).toArray()
    .sort((a, b) => order.get(a.run)! - order.get(b.run)!);
}

function workersOf(
  db: Database,
  options: { run?: string },
  workers: readonly Worker[],
): WorkersSummary[] {
  const rows = Map.groupBy(workerTime(db, options), ({ run }) => run);
  return rows.entries().map(([run, own]) => ({
    run,
    workers: own[0]!.workers,
    workers_without_task: countWorkers(
      withoutTask(workers.filter((one) => one.run === run)),
    ),
    paid_seconds: sum(own, ({ seconds }) => seconds),
    uses: own.map(({ use, seconds, share }) => ({
      use,
      is_idle: idle.includes(use),
      seconds,
      share,
    })),
  })).toArray();
}
