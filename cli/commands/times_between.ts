import { twoEvents } from "dnpc/plots";
import { timesBetween } from "dnpc/questions";
import { type Database, type Sql, sql } from "dnpc/sql";
import { didYouMean } from "../../display/text/nearest.ts";
import { dataCommand, openSpans } from "../data.ts";
import { exitCodes, isExpected, UsageError } from "../errors.ts";
import type { Given } from "../arguments.ts";
import { say } from "../output.ts";
import {
  chartOptions,
  checkRowOptions,
  queryRows,
  saveChart,
  wantsChart,
  writeRows,
} from "../rows.ts";
import {
  attributesShown,
  eventNamed,
  explainNothing,
  rootsOf,
  showOption,
  whereOption,
} from "../spans.ts";

/** Functions of SQL by the name of the statistic. */
const aggregates: Readonly<Record<string, string>> = {
  count: "count",
  sum: "sum",
  mean: "avg",
  median: "median",
  stddev: "stddev",
  min: "min",
  max: "max",
};

const statisticNames = `${
  Object.keys(aggregates).join(", ")
}, or a percentile: p95, p99.9`;

export const timesBetweenCommand = dataCommand(
  `times-between: Show the time between two events; with a limit, check it

  Prints a row per root span: root_id; start and end, in Unix seconds; and
  seconds, the time between them. An event is named TYPE/EVENT; the two may come
  from different components. If there are several tries, the last FROM before
  the first TO counts. The chart has a histogram, the durations over time, and
  their density.

  For \`git bisect run\`, write a script that makes the run and ends with this
  command, with --stat and --fail-above. The exit code is 0 for a good commit, 1
  for a bad one, and 125, which skips the commit, if there is nothing to check.
  A mistyped command ends with 2, which bisect takes for a bad commit: try it
  once before.

  Arguments:
  FROM  The first event: parsl.rundir.try/launched
  TO  The second event

  Options:
  --stat STAT ...  Instead of rows, print ${statisticNames}; in seconds
  --fail-above NUMBER  Exit with 1 if the statistic is above NUMBER, with 125 if
    there is no value
  --fail-below NUMBER  Exit with 1 if the statistic is below NUMBER, with 125 if
    there is no value
  --root TYPE  Type of the span that connects the two events. Default: that of
    FROM
  --each  Print a row for every TO that has a FROM, not only the first
  ${whereOption}
  ${showOption}

  Examples:
  # Show how long each try waited for a worker, and its task
  dnpc times-between runs.sqlite3 parsl.rundir.try/launched
    parsl.executor.htex.worker.task/worker_received_task --show task
  # Draw the same
  dnpc times-between runs.sqlite3 parsl.rundir.try/launched
    parsl.executor.htex.worker.task/worker_received_task -o wait.svg
  # Summarize how long workers took
  dnpc times-between runinfo
    parsl.executor.htex.worker.task/worker_received_task
    parsl.executor.htex.worker.task/worker_completed_task
    --stat mean --stat p95 --stat max
  # Exit with 1 if more than 5 % of the tries wait over half a second
  dnpc times-between runinfo parsl.rundir.try/launched
    parsl.executor.htex.worker.task/worker_received_task
    --stat p95 --fail-above 0.5`,
  async (given) => {
    checkRowOptions(given, { isChart: true });
    const statistics = given.values("stat").map((name) =>
      sql`${statistic(name)} AS ${sql.id(name)}`
    );
    const [above = Infinity] = given.numbers("fail-above");
    const [below = -Infinity] = given.numbers("fail-below");
    const isCheck = given.has("fail-above") || given.has("fail-below");
    if (isCheck && statistics.length !== 1) {
      throw new UsageError("a check needs one --stat");
    }
    const question = questionOf(given);
    try {
      using db = await openSpans(given);
      showTimes(given, db, question, statistics.length === 0);
      if (statistics.length === 0) return;
      const result = queryRows(
        db,
        sql`SELECT ${sql.join(statistics)} FROM (${question})`,
      );
      writeRows(given, result);
      if (!isCheck) return;
      const name = given.value("stat")!;
      return check(name, result.rows[0]![name] as number | null, above, below);
    } catch (error) {
      // To `git bisect run`, any code but 125 would condemn the commit.
      if (!isCheck || !isExpected(error)) throw error;
      say(error.message);
      return exitCodes.cannotTest;
    }
  },
  chartOptions,
);

/** @throws {UsageError} for an unknown statistic */
function statistic(name: string): Sql {
  const [, share] = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name) ?? [];
  if (share !== undefined) return sql`percentile(seconds, ${Number(share)})`;
  if (Object.hasOwn(aggregates, name)) {
    return sql.raw(`${aggregates[name]}(seconds)`);
  }
  throw new UsageError(
    `there is no statistic "${name}"` +
      didYouMean(name, Object.keys(aggregates)) +
      ` The statistics: ${statisticNames}`,
  );
}

const rootOf = (given: Given): string =>
  given.value("root") ?? eventNamed(given.argument("FROM")).span;

function questionOf(given: Given): Sql {
  const [from, to] = [given.argument("FROM"), given.argument("TO")];
  for (const name of [from, to]) {
    if (eventNamed(name).event) continue;
    throw new UsageError(
      `an event is named TYPE/EVENT, as in parsl.rundir.try/launched; ` +
        `"${name}" is not`,
    );
  }
  const times = timesBetween({
    from,
    to,
    root: rootsOf(given, rootOf(given)),
    which: given.has("each") ? "each" : "first",
  });
  // Times are known to the microsecond; further digits are rounding errors.
  return sql`SELECT root_id${
    attributesShown(given)
  }, start, "end", round("end" - start, 6) AS seconds
FROM (${times}) AS times JOIN span ON span.id = root_id
ORDER BY root_id, "end"`;
}

/** Draws the times, or writes them if nothing else is asked for. */
function showTimes(
  given: Given,
  db: Database,
  question: Sql,
  areAsked: boolean,
): void {
  const times = queryRows(db, question);
  const from = eventNamed(given.argument("FROM"));
  const to = eventNamed(given.argument("TO"));
  if (times.rows.length === 0) {
    explainNothing(given, db, [{ span: rootOf(given) }, from, to]);
  }
  if (wantsChart(given)) {
    const names = { from: from.event, to: to.event };
    const view = twoEvents(times.rows, {
      start: "start",
      end: "end",
      ...names,
    });
    saveChart(given, view);
  } else if (areAsked) writeRows(given, times);
}

/** Prints the result of a check; returns the exit code. */
function check(
  name: string,
  value: number | null,
  above: number,
  below: number,
): number {
  if (value === null) {
    say(`there are no values for ${name}, so it cannot be checked`);
    return exitCodes.cannotTest;
  }
  const wrong = value > above
    ? `above ${above}`
    : value < below
    ? `below ${below}`
    : undefined;
  say(`${name} is ${value}, ${wrong ? `${wrong}: failed` : "as it should be"}`);
  return wrong ? exitCodes.failedCheck : exitCodes.success;
}
