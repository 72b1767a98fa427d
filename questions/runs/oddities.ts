// @ts-types="npm:@types/d3-array@3.2.2"
import { median, quantileSorted } from "d3-array";
import {
  count,
  counted,
  moment,
  secondsText,
} from "../../display/text/format.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { keyOf } from "../workers/place_rows.ts";
import { type Attempt, countWorkers, type Worker } from "../workers/worker.ts";
import clockStepsText from "./clock_steps.sql" with { type: "text" };
import logTimesText from "./log_times.sql" with { type: "text" };
import type { OddSummary } from "./summary_schema.ts";
import type { Run } from "./list_runs.ts";

/** What looks odd in runs, the oddest of each kind first. */
export function oddities(
  db: Database,
  runs: readonly Run[],
  workers: readonly Worker[],
  logs: readonly LogTimes[],
): OddSummary[] {
  return [
    ...slowRuns(runs),
    ...slowTasks(workers.flatMap(({ attempts }) => attempts)),
    ...idleWorkers(workers),
    ...gaps(runs, logs),
    ...clockSteps(db, runs),
  ];
}

const bySeconds = (a: OddSummary, b: OddSummary) => b.seconds! - a.seconds!;

const odd = (
  kind: OddSummary["kind"],
  run: string | null,
  text: string,
  seconds: number | null,
  { task = null, line = null }: Partial<OddSummary> = {},
): OddSummary => ({ kind, run: run ?? "", text, seconds, task, line });

/** Runs that took a quarter longer than another with as many tasks. */
export function slowRuns(
  runs: readonly Pick<Run, "run" | "workflow" | "tasks" | "seconds">[],
): OddSummary[] {
  const alike = Map.groupBy(
    runs.filter((run) => run.workflow !== null && run.seconds !== null),
    ({ workflow, tasks }) => JSON.stringify([workflow, tasks]),
  );
  return alike.values().flatMap((own) => {
    if (own.length < 2) return [];
    const [first, ...others] = own.toSorted((a, b) => a.seconds! - b.seconds!);
    const usual = own.length === 2
      ? first!.seconds!
      : median(own, (run) => run.seconds!)!;
    return others.filter((run) =>
      run.seconds! > 1.25 * usual && run.seconds! > usual + 2
    ).map((run) => {
      const more = run.seconds! - usual;
      const than = own.length === 2 ? first!.run : "usual";
      return odd(
        "slow run",
        run.run,
        `took ${secondsText(more)} longer than ${than} for as many tasks ` +
          `(${secondsText(run.seconds!)})`,
        more,
      );
    });
  }).toArray().sort(bySeconds);
}

/** Attempts far longer than nearly all others at the same app. */
function slowTasks(attempts: readonly Attempt[]): OddSummary[] {
  const groups = Map.groupBy(
    attempts.filter(({ task }) => task !== null),
    ({ run, app }) => JSON.stringify([run, app]),
  );
  return groups.values().flatMap((own) => {
    if (own.length < 10) return [];
    const lengths = own.map(({ seconds }) => seconds).sort((a, b) => a - b);
    const usual = median(lengths)!;
    const long = quantileSorted(lengths, 0.9)!;
    const [longest] = own.toSorted((a, b) => b.seconds - a.seconds);
    const { run, task, app, seconds: took } = longest!;
    if (took < 5 * usual || took < 3 * long || took < usual + 1) return [];
    return [odd(
      "slow task",
      run,
      `task ${task} was ${secondsText(took)} in a worker; of ` +
        `${counted(own.length, "try", "tries")} of ${app ?? "tasks"}, half ` +
        `took less than ${secondsText(usual)}`,
      took,
      { task },
    )];
  }).toArray().sort(bySeconds);
}

/** Workers that lived and never had a task. */
function idleWorkers(workers: readonly Worker[]): OddSummary[] {
  const runs = Map.groupBy(workers, ({ run }) => run);
  return runs.entries().flatMap(([run, own]) => {
    const idle = withoutTask(own);
    if (idle.length === 0) return [];
    const total = countWorkers(own);
    const [{ block, worker, host }] = idle as [Worker];
    const name = worker === null
      ? ""
      : `, such as ${/^\d+$/.test(worker) ? "worker " : ""}${worker}` +
        (block === null ? "" : ` in block ${block}`) +
        (host === null ? "" : ` on ${host}`);
    return [odd(
      "idle worker",
      run,
      idle.length === own.length
        ? `none of ${counted(total, "worker")} ever had a task`
        : `${count(countWorkers(idle))} of ${counted(total, "worker")} never ` +
          `had a task${name}`,
      null,
    )];
  }).toArray();
}

/** Workers that never had a task in any of their lives. */
export function withoutTask(workers: readonly Worker[]): Worker[] {
  const lives = Map.groupBy(workers, nameOfWorker);
  return workers.filter((worker) =>
    lives.get(nameOfWorker(worker))!.every((life) => life.attempts.length === 0)
  );
}

const nameOfWorker = ({ run, executor, block, manager, worker }: Worker) =>
  keyOf(run, executor, block, manager, worker);

/** A bin in which logs of a run have events. */
export interface LogTimes {
  rundir: string;
  first: number;
  last: number;
}

/** When the logs of runs have events. */
export const logTimes = (db: Database): LogTimes[] =>
  db.query<LogTimes>(sql.module(logTimesText, { width: 5 }));

/** The longest time in which no log of a run has an event, if it is long. */
function gaps(
  runs: readonly Run[],
  logs: readonly LogTimes[],
): OddSummary[] {
  const ofRuns = Map.groupBy(logs, ({ rundir }) => rundir);
  return runs.flatMap(({ run, rundir, began, seconds: took }) => {
    const end = began === null || took === null ? Infinity : began + took;
    const bins = (ofRuns.get(rundir ?? "") ?? [])
      .filter(({ first }) => first <= end);
    let longest = { from: 0, to: 0 };
    for (const [i, { first }] of bins.entries()) {
      const from = bins[i - 1]?.last ?? first;
      if (first - from > longest.to - longest.from) {
        longest = { from, to: first };
      }
    }
    const { from, to } = longest;
    const length = bins.length > 0 ? bins.at(-1)!.last - bins[0]!.first : 0;
    if (to - from < 10 || to - from < length / 4) return [];
    return [odd(
      "gap in logs",
      run,
      `no log has an event for ${secondsText(to - from)}, from ` +
        `${moment(from)} to ${moment(to).slice(11)} UTC`,
      to - from,
    )];
  }).sort(bySeconds);
}

/** Logs in which a line is older than the one above. */
function clockSteps(db: Database, runs: readonly Run[]): OddSummary[] {
  const labels = new Map(runs.map(({ run, rundir }) => [rundir, run]));
  const rows = db.query<
    { rundir: string; path: string; line: number; seconds: number }
  >(sql.module(clockStepsText, {}));
  return rows.filter(({ rundir }) => labels.has(rundir)).map((row) => {
    const file = row.path.startsWith(`${row.rundir}/`)
      ? row.path.slice(row.path.lastIndexOf("/", row.rundir.length - 1) + 1)
      : row.path;
    return odd(
      "clock went back",
      labels.get(row.rundir)!,
      `the clock went back by ${
        secondsText(row.seconds)
      } at ${file}:${row.line}`,
      row.seconds,
      { line: `${row.path}:${row.line}` },
    );
  });
}
