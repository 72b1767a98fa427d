// @ts-types="npm:@types/d3-array@3.2.2"
import { median, sum } from "d3-array";
import { moment } from "../../display/text/format.ts";
import { checkOptions, mistake, quoted } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { askEither, type Asking, rowsOf } from "../asking.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import type { DurationsAsked } from "../tasks/named_durations.ts";
import { type RunMeasures, runMeasures } from "./run_measures.ts";
import { trendsOf } from "./run_trends.ts";
import { trendsText } from "./run_trends_text.ts";

/** Selects what {@linkcode runsOverTime} measures. */
export interface RunsOverTimeOptions extends DurationsAsked {
  /**
   * A row for each value of this in each run: "app", "executor", "block",
   * "manager", "worker", "host", "try", "version", "workflow", or any attribute of
   * the roots, their tasks or the spans nested in them.
   */
  by?: string | undefined;
  /**
   * "run": a row for each run. "day", "week" or "month": one for the runs that
   * began in each (UTC). By default "run".
   */
  per?: "run" | "day" | "week" | "month" | undefined;
}

/** A run, or the runs of a period: a row of {@linkcode runsOverTime}. */
export interface RunsAtTime {
  /** Label of the run; null for a period. */
  run: string | null;
  /** When it began, or the period, in Unix seconds; null if no log says it. */
  began: number | null;
  /** The value of `by`; null if it is unknown. */
  [by: string]: string | number | null;
  /** Number of runs. */
  runs: number;
  /** Number of tasks of which a log has a try. */
  tasks: number;
  /** Share of the tasks that failed for good; null without tasks. */
  failed_share: number | null;
  /** Length of the run in seconds; of several, as all below, their median. */
  seconds: number | null;
  /** Median duration in seconds; null without durations. */
  median: number | null;
  /** 95% of the durations are at most this. */
  p95: number | null;
  /**
   * How many times as long as usual for their app durations are: the median. An
   * app's usual duration is its median in all runs.
   */
  times: number | null;
  /** Median seconds of tries from launch until they are in a worker. */
  waiting: number | null;
  /** Seconds from the first launch until the first try is in a worker. */
  startup: number | null;
  /** Number of durations. */
  count: number;
}

/**
 * Lists the runs in the order of time with what can be compared between them: how
 * many tasks, the share that failed, how long the run took, and how long tries
 * were in a worker. With `per`, a row for each month.
 *
 * The words above the table say which of these change over time, as
 * {@linkcode runTrends} finds. With `from` and `to`, the durations are the times
 * between two events, as {@linkcode timesBetween} measures them; if no log says
 * how long tries were in a worker, from launch to end.
 *
 * `durationsOverTime(rows, { start: "began", duration: "median", medians: true })`
 * draws the runs with a line of medians.
 *
 * @returns see {@linkcode RunsAtTime} for the columns
 * @throws {RangeError} for a `by` that no root has
 * @throws {TypeError} if only one of `from` and `to` is given
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { runsOverTime } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * const rows = runsOverTime(db);
 * assert.deepEqual(rows.map(({ run, tasks }) => [run, tasks]), [
 *   ["000", 119],
 *   ["001", 155],
 * ]);
 * ```
 */
export function runsOverTime(
  db: Database,
  options?: RunsOverTimeOptions,
): RunsAtTime[];
/** The same of a campaign, which answers with a promise. */
export function runsOverTime(
  campaign: AsyncQueryable,
  options?: RunsOverTimeOptions,
): Promise<RunsAtTime[]>;
export function runsOverTime(
  data: Database | AsyncQueryable,
  options: RunsOverTimeOptions = {},
): RunsAtTime[] | Promise<RunsAtTime[]> {
  checkOptions("runsOverTime", options, {
    per: true,
    by: true,
    from: true,
    to: true,
    run: true,
    root: true,
  });
  const { per = "run" } = options;
  if (!Object.hasOwn(starts, per)) {
    throw mistake(
      `per is "run", "day", "week" or "month", not ${quoted(String(per))}`,
    );
  }
  return askEither("runsOverTime", data, rows(options));
}

function* rows(
  { by, per = "run", ...asked }: RunsOverTimeOptions,
): Asking<RunsAtTime[]> {
  const measures = yield* rowsOf<RunMeasures>(runMeasures(asked, by));
  const known = by === undefined
    ? measures
    : measures.filter(({ tasks }) => tasks > 0);
  const startOf = starts[per]!;
  const groups = Map.groupBy(
    known,
    ({ run, began, value }) =>
      JSON.stringify([
        per === "run" ? run : began === null ? null : startOf(began),
        value,
      ]),
  );
  const result = groups.values().map((runs) => {
    const [{ run, began, value }] = runs as [RunMeasures];
    return {
      run: per === "run" ? run : null,
      began: began === null ? null : startOf(began),
      ...by !== undefined && { [by]: value || null },
      ...measuresOf(runs),
    };
  });
  return answer(result, secondary, {
    noun: by === undefined ? "run" : "group",
    kinds,
    heading: trendsText(known, trendsOf(known, by), asked, by),
  });
}

const day = 86_400;

/** The start of the period of a moment: UTC, weeks from Monday. */
const starts: Readonly<Record<string, (time: number) => number>> = {
  run: (time) => time,
  day: (time) => Math.floor(time / day) * day,
  // The first of January 1970 was a Thursday.
  week: (time) => (Math.floor((time / day + 3) / 7) * 7 - 3) * day,
  month: (time) => Date.parse(`${moment(time).slice(0, 7)}-01Z`) / 1000,
};

function measuresOf(runs: readonly RunMeasures[]) {
  const tasks = sum(runs, (run) => run.tasks);
  const half = (name: keyof RunMeasures) =>
    median(runs, (run) => run[name] as number | null) ?? null;
  return {
    runs: runs.length,
    tasks,
    failed_share: tasks > 0
      ? sum(runs, (run) => run.failed ?? 0) / tasks
      : null,
    seconds: half("seconds"),
    median: half("median"),
    p95: half("p95"),
    times: half("times"),
    waiting: half("waiting"),
    startup: half("startup"),
    count: sum(runs, (run) => run.count ?? 0),
  };
}

const secondary =
  "seconds tasks failed_share times p95 waiting startup count runs".split(" ");

const kinds = {
  began: "unix",
  runs: "count",
  failed_share: "share",
  median: "seconds",
  p95: "seconds",
  times: "ratio",
  waiting: "seconds",
  startup: "seconds",
  count: "count",
} as const;
