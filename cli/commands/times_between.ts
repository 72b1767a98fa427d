import { type Chart, twoEvents } from "dnpc/plots";
import { timesBetween } from "dnpc/questions";
import { type Row, type Sql, sql } from "dnpc/sql";
import { count, counted } from "../../display/text/format.ts";
import { didYouMean } from "../../display/text/nearest.ts";
import { dataCommand, openAsked } from "../data.ts";
import { exitCodes, UsageError } from "../errors.ts";
import type { Given } from "../arguments.ts";
import { say } from "../output.ts";
import {
  askRows,
  chartOptions,
  checkRowOptions,
  drawRows,
  wantsChart,
  writeRows,
} from "../rows.ts";
import {
  attributesShown,
  eventAsked,
  refuseUnknown,
  rootsOf,
  showOption,
  whereOption,
} from "../spans.ts";

const aggregates = "count sum mean median stddev min max".split(" ");

const statisticNames = `${aggregates.join(", ")}, or a percentile: p95, p99.9`;

export const timesBetweenCommand = dataCommand(
  `times-between: Show the time between two events; with a limit, check it

  Prints a row per root span: root_id; start and end, in Unix seconds; and
  seconds, the time between them. An event is named TYPE/EVENT; the two may come
  from different components. If there are several tries, the last FROM before
  the first TO counts. Spans that have not reached TO have a row without an end,
  which no statistic counts. The chart has a histogram, and the durations over
  time.

  For \`git bisect run\`, write a script that makes the run and ends with this
  command, with --stat and --fail-above. The exit code is 0 for a good commit, 1
  for a bad one, and 125, which skips the commit, if there is nothing to check
  or the command is mistyped.

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
  --until-last-known  Give spans that have not reached TO the last moment at
    which the logs know that as their end, and 1 in the column unfinished
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
  # Exit with 1 if more than 5% of the tries wait over half a second
  dnpc times-between runinfo parsl.rundir.try/launched
    parsl.executor.htex.worker.task/worker_received_task
    --stat p95 --fail-above 0.5`,
  async (given) => {
    checkRowOptions(given, drawTimes);
    const statistics = given.all("stat").map((name) =>
      sql`${statistic(name)} AS ${sql.id(name)}`
    );
    const [above = Infinity] = given.numbers("fail-above");
    const [below = -Infinity] = given.numbers("fail-below");
    const isCheck = given.has("fail-above") || given.has("fail-below");
    if (isCheck && statistics.length !== 1) {
      throw new UsageError("a check needs one --stat");
    }
    const [from, to] = [
      eventAsked(given.argument("FROM")),
      eventAsked(given.argument("TO")),
    ];
    const root = given.value("root") ?? from.span;
    const which = given.has("each") ? "each" : "first";
    const isKnown = given.has("until-last-known");
    const pairs = timesBetween({
      from,
      to,
      root: rootsOf(given, root),
      run: given.value("run"),
      which,
      unfinished: isKnown ? "until last known" : "null",
    });
    // Times are known to the microsecond; further digits are rounding errors.
    const { noun = "span" } = pairs;
    const question = sql.about(
      sql`SELECT root_id${attributesShown(given)}, start, "end",
  round("end" - start, 6) AS seconds${isKnown ? sql`, unfinished` : sql``}
FROM (${pairs}) AS times JOIN span ON span.id = root_id
ORDER BY root_id, "end" IS NULL, "end"`,
      noun,
    );
    using data = await openAsked(given);
    const times = await askRows(data, question);
    const all = times.rows.length;
    const unfinished =
      times.rows.filter((row) => row.end === null || row.unfinished === 1)
        .length;
    if (unfinished === all) {
      await refuseUnknown(given, data, [{ span: root }, from, to]);
    }
    if (unfinished > 0 && !wantsChart(given)) {
      say(
        `${count(unfinished)} of ${counted(all, noun)} had not reached ` +
          to.event,
      );
    }
    if (wantsChart(given)) drawRows(given, times.rows, drawTimes);
    else if (statistics.length === 0) await writeRows(given, times);
    if (statistics.length === 0) return;
    const result = await askRows(
      data,
      sql`SELECT ${sql.join(statistics)} FROM (${question})
        WHERE "end" IS NOT NULL${isKnown ? sql` AND NOT unfinished` : sql``}`,
    );
    await writeRows(given, result);
    if (!isCheck) return;
    const name = given.value("stat")!;
    return check(name, result.rows[0]![name] as number | null, above, below);
  },
  chartOptions,
);

/** @throws {UsageError} for an unknown statistic */
function statistic(name: string): Sql {
  const [, share] = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name) ?? [];
  if (share !== undefined) return sql`percentile(seconds, ${Number(share)})`;
  if (aggregates.includes(name)) {
    return sql.raw(`${name === "mean" ? "avg" : name}(seconds)`);
  }
  throw new UsageError(
    `there is no statistic "${name}"` +
      (didYouMean(name, aggregates) || ".") +
      ` The statistics: ${statisticNames}`,
  );
}

const drawTimes = (given: Given, rows: readonly Row[]): Chart =>
  twoEvents(rows, {
    start: "start",
    end: "end",
    from: eventAsked(given.argument("FROM")).event,
    to: eventAsked(given.argument("TO")).event,
  });

/** Prints the result of a check; returns the exit code. */
function check(
  name: string,
  value: number | null,
  above: number,
  below: number,
): number {
  if (value === null) {
    say(`there are no values for ${name}, so it cannot be checked`);
    return exitCodes.cannotJudge;
  }
  const wrong = value > above
    ? `above ${above}`
    : value < below
    ? `below ${below}`
    : undefined;
  say(
    `${name} is ${value}, ${wrong ? `${wrong}: failed` : "within the limit"}`,
  );
  return wrong ? exitCodes.failedCheck : exitCodes.success;
}
