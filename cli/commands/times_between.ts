import { twoEvents } from "dnpc/plots";
import { timesBetween } from "dnpc/questions";
import { type Database, type Sql, sql } from "dnpc/sql";
import { didYouMean } from "../../display/text/nearest.ts";
import {
  type Command,
  exitCodes,
  type Given,
  isExpected,
  UsageError,
} from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
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
  spanOptions,
} from "../spans.ts";

const aggregates: Readonly<Record<string, (column: Sql) => Sql>> = {
  count: (column) => sql`count(${column})`,
  sum: (column) => sql`sum(${column})`,
  mean: (column) => sql`avg(${column})`,
  median: (column) => sql`median(${column})`,
  stddev: (column) => sql`stddev(${column})`,
  min: (column) => sql`min(${column})`,
  max: (column) => sql`max(${column})`,
};

const statisticNames = `${
  Object.keys(aggregates).join(", ")
}, or a percentile: p95, p99.9`;

export const timesBetweenCommand: Command = {
  name: "times-between",
  summary: "Show the time between two events; with a limit, check it",
  about: [
    "Prints a row per root span: root_id; start and end, in Unix seconds; and " +
    "seconds, the time between them. An event is named TYPE/EVENT; the two " +
    "may come from different components. If there are several tries, the last " +
    "FROM before the first TO counts. The chart has a histogram, the durations " +
    "over time, and their density.",
    "For `git bisect run`, write a script that makes the run and ends with " +
    "this command, with --stat and --fail-above. The exit code is 0 for a good " +
    "commit, 1 for a bad one, and 125, which skips the commit, if there is " +
    "nothing to check. A mistyped command ends with 2, which bisect takes for " +
    "a bad commit: try it once before.",
  ],
  arguments: [
    dataArgument,
    { name: "FROM", help: "The first event: parsl.rundir.try/launched" },
    { name: "TO", help: "The second event" },
  ],
  options: {
    ...chartOptions,
    stat: {
      value: "STAT",
      many: true,
      help: `Instead of rows, print ${statisticNames}; in seconds`,
    },
    "fail-above": {
      value: "NUMBER",
      help: "Exit with 1 if the statistic is above NUMBER, with 125 if there " +
        "is no value",
    },
    "fail-below": {
      value: "NUMBER",
      help: "Exit with 1 if the statistic is below NUMBER, with 125 if there " +
        "is no value",
    },
    root: {
      value: "TYPE",
      help: "Type of the span that connects the two events. Default: that of " +
        "FROM",
    },
    each: {
      help: "Print a row for every TO that has a FROM, not only the first",
    },
    ...spanOptions,
    ...showOption,
    ...dataOptions,
  },
  examples: [
    {
      help: "Show how long each try waited for a worker, and its task",
      line: "dnpc times-between runs.sqlite3 parsl.rundir.try/launched " +
        "parsl.executor.htex.worker.task/worker_received_task --show task",
    },
    {
      help: "Draw the same",
      line: "dnpc times-between runs.sqlite3 parsl.rundir.try/launched " +
        "parsl.executor.htex.worker.task/worker_received_task -o wait.svg",
    },
    {
      help: "Summarize how long workers took",
      line: "dnpc times-between runinfo " +
        "parsl.executor.htex.worker.task/worker_received_task " +
        "parsl.executor.htex.worker.task/worker_completed_task " +
        "--stat mean --stat p95 --stat max",
    },
    {
      help: "Fail if more than 5 % of the tries wait over half a second",
      line: "dnpc times-between runinfo parsl.rundir.try/launched " +
        "parsl.executor.htex.worker.task/worker_received_task " +
        "--stat p95 --fail-above 0.5",
      exit: 1,
    },
  ],
  async run(given) {
    checkRowOptions(given, { isChart: true });
    const statistics = given.values("stat").map((name) =>
      sql`${statistic(name, sql`seconds`)} AS ${sql.id(name)}`
    );
    const limits = limitsOf(given);
    if (limits && statistics.length !== 1) {
      throw new UsageError("a check needs one --stat");
    }
    const question = questionOf(given);
    try {
      using db = await openSpans(given);
      return answerQuestion(given, db, question, statistics, limits);
    } catch (error) {
      // To `git bisect run`, any code but 125 would condemn the commit.
      if (!limits || !isExpected(error)) throw error;
      say(error.message);
      return exitCodes.cannotTest;
    }
  },
};

/** @throws {UsageError} for an unknown statistic */
function statistic(name: string, column: Sql): Sql {
  const [, share] = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name) ?? [];
  if (share !== undefined) return sql`percentile(${column}, ${Number(share)})`;
  const aggregate = Object.hasOwn(aggregates, name) && aggregates[name];
  if (aggregate) return aggregate(column);
  throw new UsageError(
    `there is no statistic "${name}"` +
      didYouMean(name, Object.keys(aggregates)) +
      ` The statistics: ${statisticNames}`,
  );
}

interface Limits {
  above: number | undefined;
  below: number | undefined;
}

function limitsOf(given: Given): Limits | undefined {
  const [above] = given.numbers("fail-above");
  const [below] = given.numbers("fail-below");
  return above === undefined && below === undefined
    ? undefined
    : { above, below };
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

function answerQuestion(
  given: Given,
  db: Database,
  question: Sql,
  statistics: readonly Sql[],
  limits: Limits | undefined,
): number | void {
  const times = queryRows(db, question);
  const from = eventNamed(given.argument("FROM"));
  const to = eventNamed(given.argument("TO"));
  if (times.rows.length === 0) {
    explainNothing(given, db, [{ span: rootOf(given) }, from, to]);
  }
  if (wantsChart(given)) {
    saveChart(
      given,
      twoEvents(times.rows, {
        start: "start",
        end: "end",
        from: from.event,
        to: to.event,
      }),
    );
  } else if (statistics.length === 0) writeRows(given, times);
  if (statistics.length === 0) return;
  const result = queryRows(
    db,
    sql`SELECT ${sql.join(statistics)} FROM (${question})`,
  );
  writeRows(given, result);
  if (!limits) return;
  const [name] = given.values("stat");
  return check(name!, result.rows[0]?.[name!] as number | null, limits);
}

/** Prints the result of a check; returns the exit code. */
function check(
  name: string,
  value: number | null | undefined,
  { above, below }: Limits,
): number {
  if (value === null || value === undefined) {
    say(`there are no values for ${name}, so it cannot be checked`);
    return exitCodes.cannotTest;
  }
  const wrong = above !== undefined && value > above
    ? `above ${above}`
    : below !== undefined && value < below
    ? `below ${below}`
    : undefined;
  say(`${name} is ${value}, ${wrong ? `${wrong}: failed` : "as it should be"}`);
  return wrong ? exitCodes.failedCheck : exitCodes.success;
}
