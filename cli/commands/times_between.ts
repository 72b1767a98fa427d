import { twoEvents } from "dnpc/plots";
import { type Database, type Row, type Sql, sql } from "dnpc/sql";
import { timesBetween } from "dnpc/questions";
import {
  cannotTestOnError,
  check,
  checkLimits,
  checkOptions,
  isCheck,
} from "../check.ts";
import type { Command, Given } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { UsageError } from "../errors.ts";
import {
  chartOptions,
  checkRowOptions,
  rowsOf,
  saveChart,
  wantsChart,
  writeQuery,
  writeRows,
} from "../output/rows.ts";
import {
  attributesShown,
  eventNamed,
  explainNothing,
  rootOptions,
  rootsOf,
  showOption,
} from "../roots.ts";
import { statistic, statisticNames } from "../statistics.ts";

export const timesBetweenCommand: Command = {
  name: "times-between",
  summary: "How long from one event to another; with limits, a check",
  about: [
    "A row for each root span: root_id; start and end, in Unix seconds; and " +
    "seconds, from one to the other. An event is named TYPE/EVENT, the two may " +
    "be told by different components. Of several tries, the last FROM before " +
    "the first TO counts. The chart has a histogram, the durations over time " +
    "and where they are densest.",
    "For `git bisect run`, let a script make the run and end with this command, " +
    "with --stat and --fail-above: 0 is a good commit, 1 a bad one, and 125, " +
    "which skips the commit, where there is nothing to check. A command that is " +
    "typed wrong ends with 2, which bisect takes for a bad commit: try it once " +
    "before.",
  ],
  arguments: [
    dataArgument,
    { name: "FROM", says: "The first event: parsl.rundir.try/launched" },
    { name: "TO", says: "The second event" },
  ],
  options: {
    ...chartOptions,
    stat: {
      value: "STAT",
      many: true,
      says: `In place of rows: ${statisticNames}; in seconds`,
    },
    ...checkOptions,
    root: {
      value: "TYPE",
      says: "The span type under which the two belong together. By default " +
        "that of FROM",
    },
    each: { says: "A row for every TO that has a FROM, not for the first" },
    ...rootOptions,
    ...showOption,
    ...dataOptions,
  },
  examples: [
    {
      says: "How long each try waited for a worker, and of which task it was",
      line: "dnpc times-between runs.sqlite3 parsl.rundir.try/launched " +
        "parsl.executor.htex.worker.task/worker_received_task --show task",
    },
    {
      says: "The same as a chart",
      line: "dnpc times-between runs.sqlite3 parsl.rundir.try/launched " +
        "parsl.executor.htex.worker.task/worker_received_task -o wait.svg",
    },
    {
      says: "How long workers took, in numbers",
      line: "dnpc times-between runinfo " +
        "parsl.executor.htex.worker.task/worker_received_task " +
        "parsl.executor.htex.worker.task/worker_completed_task " +
        "--stat mean --stat p95 --stat max",
    },
    {
      says: "Fail if 5 in 100 tries wait longer than half a second",
      line: "dnpc times-between runinfo parsl.rundir.try/launched " +
        "parsl.executor.htex.worker.task/worker_received_task " +
        "--stat p95 --fail-above 0.5",
      exit: 1,
    },
  ],
  async run(given) {
    const stats = given.values("stat");
    const statistics = stats.map((name) =>
      sql`${statistic(name, sql`seconds`)} AS ${sql.id(name)}`
    );
    if (isCheck(given) && stats.length !== 1) {
      throw new UsageError("a check needs one --stat to check");
    }
    checkLimits(given);
    checkRowOptions(given, { charts: true });
    const question = questionOf(given);
    return await cannotTestOnError(given, async () => {
      using db = await openSpans(given);
      return answer(given, db, question, statistics);
    });
  },
};

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
  // Times are told to the microsecond; what subtraction adds is no news.
  return sql`SELECT root_id${
    attributesShown(given)
  }, start, "end", round("end" - start, 6) AS seconds
FROM (${times}) AS times JOIN span ON span.id = root_id
ORDER BY root_id, "end"`;
}

const rootOf = (given: Given): string =>
  given.value("root") ?? eventNamed(given.argument("FROM")).span;

function answer(
  given: Given,
  db: Database,
  question: Sql,
  statistics: readonly Sql[],
): number | void {
  const rows = rowsOf(db, question);
  const times = rows.rows as Row[];
  const [from, to] = [given.argument("FROM"), given.argument("TO")]
    .map(eventNamed);
  if (times.length === 0) {
    explainNothing(given, db, [{ span: rootOf(given) }, from!, to!]);
  }
  if (wantsChart(given)) {
    const columns = { start: "start", end: "end" };
    const names = { from: from!.event, to: to!.event };
    saveChart(given, twoEvents(times, { ...columns, ...names }));
  } else if (statistics.length === 0) writeRows(given, rows);
  if (statistics.length === 0) return;
  const query = sql`SELECT ${sql.join(statistics)} FROM (${question})`;
  writeQuery(given, db, query);
  if (!isCheck(given)) return;
  const [stat] = given.values("stat");
  const [values] = db.query<Record<string, number | null>>(query);
  return check(given, stat!, values?.[stat!]);
}
