// @ts-types="npm:@types/d3-array@3.2.2"
import { max, sum } from "d3-array";
import { showAs } from "../../display/notebook/jupyter.ts";
import { checkQuestion } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { failures } from "../failures/failures.ts";
import { bottleneck } from "../tasks/bottleneck.ts";
import { limitsOf } from "../tasks/bottleneck_text.ts";
import { readWorkers } from "../workers/read_workers.ts";
import { idle } from "../workers/worker_uses.ts";
import { countWorkers, type Worker } from "../workers/worker.ts";
import { workerTime } from "../workers/worker_time.ts";
import { nameOfRun, runLabels } from "./find_run.ts";
import { type Run, runs } from "./list_runs.ts";
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
import { summaryHtml, summaryText } from "./summary_text.ts";
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
export function summary(
  db: Database,
  options: { run?: string } = {},
): Summary {
  checkQuestion("summary", db, options, { run: true });
  const all = runs(db, options);
  const causes = failures(db, options);
  const workers = readWorkers(db, options);
  const logs = logTimes(db);
  const isAsked = (run: string | null) =>
    options.run === undefined || all.some((one) => one.run === run);
  return summaryOf({
    runs: all.map((run) => runSummary(run, logs, causes)),
    causes,
    typical_tasks: typicalTasks(db, options.run, all),
    workers: workersOf(db, options, workers),
    limits: limitsOf(bottleneck(db, options)),
    odd: oddities(db, all, workers, logs).filter(({ run }) => isAsked(run)),
    missing: missingLogs(
      db,
      all,
      new Set(workers.map(({ run }) => run)),
    ),
  }, options.run);
}

/** What a summary is made of: causes of each run are apart. */
interface Answers extends
  Pick<
    Summary,
    "runs" | "typical_tasks" | "workers" | "limits" | "odd" | "missing"
  > {
  causes: readonly Cause[];
}

function summaryOf(answers: Answers, run: string | undefined): Summary {
  const { runs, causes, ...others } = answers;
  const result: Summary = {
    version: 1,
    runs,
    failures: mergeCauses(causes),
    ...others,
    ofRun: (run) => summaryOf(answersOfRun(answers, run), run),
    toString: (width, data) => summaryText(result, { width, data, run }),
    toHtml: () => summaryHtml(result, run),
  };
  const hidden = (value: unknown) => ({ value, enumerable: false });
  Object.defineProperties(result, {
    ofRun: hidden(result.ofRun),
    toString: hidden(result.toString),
    toHtml: hidden(result.toHtml),
    [Symbol.for("Deno.customInspect")]: hidden(() => result.toString()),
  });
  return showAs(result, () => ({
    "text/html": result.toHtml(),
    "text/plain": result.toString(),
  }));
}

function answersOfRun(answers: Answers, label: string): Answers {
  const isOfRun = ({ run }: { run: string | null }) => run === label;
  return {
    runs: answers.runs.filter(isOfRun),
    causes: answers.causes.filter(isOfRun),
    typical_tasks: answers.typical_tasks.filter(isOfRun),
    workers: answers.workers.filter(isOfRun),
    limits: answers.limits.filter(isOfRun),
    odd: answers.odd.filter(isOfRun),
    missing: answers.missing.filter(({ runs }) => runs.includes(label)),
  };
}

type Cause = ReturnType<typeof failures>[number];

function runSummary(
  { state, seconds, rundir, failed, ...run }: Run,
  logs: readonly LogTimes[],
  causes: readonly Cause[],
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

/** The causes of all runs: the same one in several runs is one. */
function mergeCauses(causes: readonly Cause[]): FailureSummary[] {
  const groups = Map.groupBy(
    causes,
    ({ exception, message }) => JSON.stringify([exception, message]),
  );
  return groups.values().map((own) => {
    const [first] = own as [Cause];
    return {
      exception: first.exception,
      message: first.message,
      runs: [...new Set(own.flatMap(({ run }) => run ?? []))],
      failed_tasks: sum(own, (cause) => cause.failed_tasks),
      dependent_tasks: sum(own, (cause) => cause.dependents),
      recovered_tasks: sum(own, (cause) => cause.recovered_tasks),
      tries: sum(own, (cause) => cause.tries),
      blocks: sum(own, (cause) => cause.blocks),
      worker_seconds: sum(own, (cause) => cause.worker_seconds),
      such_as: first.such_as,
      task: first.task,
      run: first.run,
    };
  }).toArray().sort((a, b) =>
    b.failed_tasks - a.failed_tasks || b.tries - a.tries
  );
}

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
