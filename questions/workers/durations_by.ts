// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { checkQuestion } from "../../display/text/mistakes.ts";
import { count, counted, secondsText } from "../../display/text/format.ts";
import { type Database, spanSql as sql, type Sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import type { By } from "../events/by_attributes.ts";
import {
  type EventName,
  eventName,
  type EventPair,
} from "../events/event_names.ts";
import { nestedEvents } from "../events/events_of.ts";
import { rootIds, type Roots } from "../events/nested_spans.ts";
import { meanOf, percentileOf } from "../events/statistics.ts";
import { refuseTaken } from "../events/root_values.ts";
import { timesBetween } from "../events/times_between.ts";
import { findRun, isOfRun } from "../runs/find_run.ts";
import { executionTimes, type Span, type Spans } from "./execution_times.ts";
import { keyOf } from "./place_rows.ts";
import { groupColumns, type WorkerOptions } from "./worker.ts";

/** Options of {@linkcode durationsBy}. */
export interface DurationsByOptions
  extends WorkerOptions, Partial<Pick<EventPair, "from" | "to" | "root">> {
  /**
   * What to group by: "app", "host", "executor", "block", "manager", "worker",
   * "run", "task", or any attribute of the tasks, the tries or their work; or
   * several of these. By default "app".
   */
  by?: By | undefined;
}

/** The durations of a group: a row of {@linkcode durationsBy}. */
export interface GroupDurations {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** The name of the app, and so on for the others of `by`. */
  [by: string]: string | number | null;
  /** Number of those that ended. */
  count: number;
  /** Their sum, in seconds; so are the following. */
  total: number;
  /** Arithmetic mean; null if none ended. */
  mean: number | null;
  /** Median. */
  median: number | null;
  /** 95% took at most this. */
  p95: number | null;
  /** Maximum. */
  max: number | null;
  /** How many of the count failed. */
  failed: number;
  /** How many began and did not end: running, or lost with their worker. */
  unfinished: number;
}

/**
 * Says how long tasks take, by app, host, worker or anything else: the number,
 * the total, the mean, the median, the 95th percentile and the maximum of each
 * group. The group with the largest total comes first. Of several runs, each has
 * its own groups.
 *
 * By default these are the executions of tasks on workers, each try and each
 * time that a queue sent it again, as {@linkcode attempts} lists them. If no log
 * says when the work of an executor began, they are its tries, from `launched`
 * until they ended, which includes waiting. The heading says which.
 *
 * With `from` and `to`, they are the times between two events, as
 * {@linkcode timesBetween} measures them.
 *
 * Executions that have not ended, or ended with their worker, are counted as
 * `unfinished`, and in no other number. For the distribution of each group, draw
 * `durationBoxes(attempts(db))`.
 *
 * @returns see {@linkcode GroupDurations} for the columns
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor; for a `by` that does not exist: the message lists what there is
 * @throws {TypeError} if only one of `from` and `to` is given, or if one of them
 * has no span type
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { durationsBy } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const [first] = durationsBy(db);
 * assert.deepEqual([first!.app, first!.count], ["sleeper", 20]);
 *
 * const waits = durationsBy(db, {
 *   from: "parsl.monitoring.try/launched",
 *   to: "parsl.monitoring.try/running",
 * });
 * assert.equal(waits[0]!.app, "sleeper");
 * ```
 */
export function durationsBy(
  db: Database,
  options: DurationsByOptions = {},
): GroupDurations[] {
  checkQuestion("durationsBy", db, options, {
    from: true,
    to: true,
    by: true,
    run: true,
    executor: true,
    root: true,
  });
  const { from, to, by = "app" } = options;
  const names = groupColumns([by].flat());
  refuseTaken(names, resultColumns);
  if ((from === undefined) !== (to === undefined)) {
    throw new TypeError("name both events, from and to, or none of them");
  }
  const { spans, ...told } = from !== undefined && to !== undefined
    ? spansBetweenEvents(db, { ...options, from, to }, names)
    : executionTimes(db, options, names);
  const rows = Map.groupBy(spans, ({ values }) => keyOf(...values)).values()
    .map((own) => rowOf(names, own)).toArray()
    .sort((a, b) => b.total - a.total || b.unfinished - a.unfinished);
  return answer(rows, ["mean", "failed", "median", ...names.slice(0, -1)], {
    kinds,
    heading: headingOf(rows, names.at(-1)!, told),
  });
}

const resultColumns =
  ("count total mean median p95 max failed unfinished start end root_id")
    .split(" ");

const kinds = {
  count: "count",
  total: "seconds",
  mean: "seconds",
  median: "seconds",
  p95: "seconds",
  max: "seconds",
  failed: "count",
  unfinished: "count",
} as const;

function rowOf(
  names: readonly string[],
  spans: readonly Span[],
): GroupDurations {
  const ended = spans.filter(({ seconds }) => seconds !== null);
  const seconds = Float64Array.from(ended, ({ seconds }) => seconds!).sort();
  return {
    ...Object.fromEntries(names.map((name, i) => [name, spans[0]!.values[i]!])),
    run: spans[0]!.values[0]!,
    count: seconds.length,
    total: sum(seconds),
    mean: meanOf(seconds),
    median: percentileOf(seconds, 50),
    p95: percentileOf(seconds, 95),
    max: seconds.at(-1) ?? null,
    failed: ended.filter(({ isFailed }) => isFailed).length,
    unfinished: spans.length - seconds.length,
  };
}

function spansBetweenEvents(
  db: Database,
  options: DurationsByOptions & { from: EventName; to: EventName },
  names: readonly string[],
): Spans {
  const { from, to } = options;
  const root = rootsOf(db, options);
  const rows = db.query<Record<string, string | number | null>>(
    timesBetween({ from, to, root, by: names }),
  );
  const failed = failedRoots(db, root);
  return {
    spans: rows.map((row) => ({
      values: names.map((name) => row[name] as string | null),
      seconds: row.end == null ? null : Number(row.end) - Number(row.start),
      isFailed: failed.has(Number(row.root_id)),
    })),
    source: `from ${eventName(from).event} to ${eventName(to).event}`,
    noun: "span",
  };
}

/** The root spans, of one run or of one executor if the options name it. */
function rootsOf(
  db: Database,
  { from, root = eventName(from!).span, run, executor }: DurationsByOptions,
): Roots {
  const conditions: Sql[] = [
    ...run === undefined ? [] : [isOfRun(findRun(db, run))],
    ...executor === undefined
      ? []
      : [sql`attributes ->> 'executor' = ${executor}`],
  ];
  if (conditions.length === 0) return root;
  return sql`SELECT id FROM span WHERE id IN (${rootIds(root)})
    AND ${sql.join(conditions, " AND ")}`;
}

/** The roots that reached a state of failure, and no other final one. */
function failedRoots(db: Database, root: Roots): Set<number> {
  const rows = db.query<{ root_id: number }>(sql`
    SELECT root_id FROM (${nestedEvents(root, {})}) AS happened
      JOIN event_kind ON event_kind.span_type = happened.span_type
        AND event_kind.event_type = happened.event_type
    WHERE final = 1
    GROUP BY root_id HAVING min(place_rank) >= 90`);
  return new Set(rows.map(({ root_id }) => root_id));
}

function headingOf(
  rows: readonly GroupDurations[],
  by: string,
  { noun, source }: Omit<Spans, "spans">,
): string {
  const all = sum(rows, (row) => row.count);
  const unfinished = sum(rows, (row) => row.unfinished);
  const total = sum(rows, (row) => row.total);
  const [first] = rows;
  if (!first) return none;
  const runs = new Set(rows.map(({ run }) => run)).size;
  const name = `${by} ${first[by] ?? "unknown"}` +
    (runs > 1 && by !== "run" ? ` of run ${first.run}` : "");
  const largest = rows.length > 1 && total > 0
    ? `${name} took ${Math.round(100 * first.total / total) || "<1"}% of `
    : "";
  const left = unfinished > 0
    ? ` ${count(unfinished)} of ${count(all + unfinished)} had not ended` +
      `${noun === "execution" ? ", or were lost with their worker" : ""}.`
    : "";
  return `${largest}${secondsText(total)} in ` +
    `${counted(all, noun)}, ${source}.${left}`;
}

const none = "No log says how long tasks ran: the logs of workers or of a " +
  "queue, monitoring.db, or else parsl.log would.";
