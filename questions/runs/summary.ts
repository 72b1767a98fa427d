// @ts-types="npm:@types/d3-array@3.2.2"
import { max } from "d3-array";
import { checkQuestion } from "../../display/text/mistakes.ts";
import { count, counted } from "../../display/text/format.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { failures } from "../failures/failures.ts";
import { bottleneck } from "../tasks/bottleneck.ts";
import { bottleneckText } from "../tasks/bottleneck_text.ts";
import { workerTime } from "../workers/worker_time.ts";
import { workerTimeText } from "../workers/worker_time_text.ts";
import { coverage, type StepCoverage } from "./coverage.ts";
import { nameOfRun } from "./find_run.ts";
import { type Run, runs } from "./list_runs.ts";
import { placeTimes } from "./place_times.ts";
import typicalTimesText from "./typical_times.sql" with { type: "text" };

/** A line of a summary: a row of {@linkcode summary}. */
export interface SummaryLine {
  /** Label of the run, such as "000". */
  run: string;
  /** The subject of the sentence. */
  topic: "run" | "failures" | "tasks" | "workers" | "bottleneck" | "logs";
  /** The answer in words. */
  text: string;
}

/**
 * Says in words what ran, whether it ended, what failed and why, where the time
 * of a typical task went, what the time of workers was used for, what limited the
 * throughput, and which logs are missing: the first question to ask.
 *
 * The rows are in the order of the runs and of these topics; a topic about which
 * the logs say nothing has no row. See {@linkcode SummaryLine} for the columns.
 * The questions behind the lines are {@linkcode runs}, {@linkcode failures},
 * {@linkcode whereIsEveryTask}, {@linkcode workerTime}, {@linkcode bottleneck} and
 * {@linkcode coverage}. Of a database with more than ten runs, only the last
 * one is shown, and the latest that have failures or did not end: ten at most.
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
 * const [first, second] = summary(db);
 * assert.match(first!.text, /^sample-tz ended after 9\.04 s: 62 tasks, 3 failed/);
 * assert.match(second!.text, /ValueError/);
 * ```
 */
export function summary(
  db: Database,
  options: { run?: string } = {},
): SummaryLine[] {
  checkQuestion("summary", db, options, { run: true });
  const all = runs(db, options);
  const shown = all.length <= maxRuns
    ? all
    : all.filter((run, i) =>
      run.failed > 0 || run.state !== "ended" || i === all.length - 1
    ).slice(-maxRuns);
  const steps = coverage(db, options);
  // A queue without Parsl has workers, and no run.
  const queues = all.length > 0
    ? []
    : new Set(workerTime(db, options).map(({ run }) => run ?? ""));
  const lines = [
    ...shown.flatMap((run) => [
      ...line(run.run, "run", textOfRun(run)),
      ...line(run.run, "failures", textOfFailures(db, run.run)),
      ...line(run.run, "tasks", textOfTasks(db, run.run)),
      ...linesOfWorkers(db, run.run),
      ...line(run.run, "logs", textOfLogs(steps, run.run)),
    ]),
    ...[...queues].flatMap((run) => linesOfWorkers(db, run)),
  ];
  const left = all.length - shown.length;
  return answer(lines, [], {
    whole: ["text"],
    ...left > 0 && {
      heading:
        `${counted(all.length, "run")}; these are the last one and the ` +
        "latest that have failures or did not end.",
    },
  });
}

const maxRuns = 10;

const line = (
  run: string,
  topic: SummaryLine["topic"],
  text: string | undefined,
): SummaryLine[] => text ? [{ run, topic, text }] : [];

const linesOfWorkers = (db: Database, run: string): SummaryLine[] => [
  ...line(run, "workers", withoutRun(workerTimeText(workerTime(db, { run })))),
  ...line(
    run,
    "bottleneck",
    withoutRun(bottleneckText(bottleneck(db, { run }))),
  ),
];

const seconds = (value: number): string =>
  `${count(Number(value.toPrecision(3)))} s`;

function textOfRun({ workflow, state, seconds: took, ...run }: Run): string {
  const name = workflow ?? "It";
  const end = state === "ended"
    ? `ended${took === null ? "" : ` after ${seconds(took)}`}`
    : "did not end";
  const failed = run.failed === 0
    ? "none failed"
    : `${count(run.failed)} failed`;
  const parts = [
    run.retried > 0 && `${count(run.retried)} were tried again`,
    run.unfinished > 0 && `${count(run.unfinished)} never ended`,
  ].filter(Boolean);
  return `${name} ${end}: ${
    [counted(run.tasks, "task"), failed, ...parts].join(", ")
  }.`;
}

function textOfFailures(db: Database, run: string): string | undefined {
  const causes = failures(db, { run });
  const parts = causes.slice(0, 3).map((cause) => {
    const { exception, message, failed_tasks, recovered_tasks } = cause;
    const what = [exception ?? "unknown cause", message].filter(Boolean);
    const how = failed_tasks > 0
      ? `${counted(failed_tasks, "task")} failed`
      : recovered_tasks > 0
      ? `${counted(recovered_tasks, "task")} recovered`
      : cause.tries > 0
      ? `${counted(cause.tries, "try", "tries")} failed`
      : cause.blocks > 0
      ? `${counted(cause.blocks, "block")} failed`
      : "no task failed";
    return `${what.join(": ")} (${how}, such as ${cause.such_as})`;
  });
  const more = causes.length - parts.length;
  if (more > 0) parts.push(counted(more, "other cause"));
  return parts.length > 0 ? `${parts.join("; ")}.` : undefined;
}

/** Where the time of a typical task went. */
function textOfTasks(db: Database, label: string): string | undefined {
  const run = nameOfRun(db, label)!;
  const rows = db.query<{ place: string; seconds: number; tasks: number }>(sql`
    SELECT place, seconds, tasks
    FROM (${sql.module(typicalTimesText, { place_times: placeTimes() })})
    WHERE run = ${run}`);
  const most = max(rows, ({ tasks }) => tasks) ?? 0;
  // Some tasks are elsewhere, to be tried again; others only pass.
  const parts = rows
    .filter((row) => row.tasks >= most / 2 && row.seconds >= 0.0005)
    .map(({ place, seconds: median }) => `${seconds(median)} ${place}`);
  return parts.length > 0
    ? `A typical task was ${parts.join(", ")}.`
    : undefined;
}

/** Steps that no log of the run has. */
function textOfLogs(
  coverage: readonly StepCoverage[],
  label: string,
): string | undefined {
  const missing = coverage.filter((row) =>
    row.run === label && row.having === 0
  );
  if (missing.length === 0) return undefined;
  const steps = missing.slice(0, 4).map(({ event_type }) => event_type);
  const more = missing.length - steps.length;
  return `No log has the ${missing.length === 1 ? "step" : "steps"} ` +
    steps.join(", ") + (more > 0 ? ` and ${count(more)} more` : "") + ".";
}

/** "Run 000: 8 workers ..." as a sentence of its own. */
function withoutRun(text: string): string | undefined {
  const sentence = text.split("\n")[0]!.replace(/^[Rr]un [^:]*: /, "");
  return sentence && sentence[0]!.toUpperCase() + sentence.slice(1);
}
