import type { Command, Given } from "../command.ts";
import { dataArgument, dataOptions, openData } from "../data.ts";
import { UsageError } from "../errors.ts";
import { checkRowOptions, rowOptions, writeQuery } from "../output/rows.ts";
import { pairs } from "../pairs.ts";

export const sqlCommand: Command = {
  name: "sql",
  summary: "Rows of a query of your own",
  about: [
    "The query is one SELECT. Beyond SQLite's own functions it has median, " +
    "percentile(x, p), stddev, regr_slope, corr, REGEXP and regexp_extract. " +
    "Nothing can be written. Any SQLite database will do.",
    "Tables: span, event, subspan, facet, metric, source, log_record; and " +
    "monitoring_workflow, monitoring_task, monitoring_try and so on, where a " +
    "monitoring.db was imported. Their columns, in words: `dnpc sql DATA " +
    '"SELECT sql FROM sqlite_schema" --format csv`.',
  ],
  arguments: [
    dataArgument,
    {
      name: "QUERY",
      optional: true,
      says: "The SQL. Without it, or where it is -, it is read from stdin",
    },
  ],
  options: {
    ...rowOptions,
    param: {
      value: "NAME=VALUE",
      many: true,
      says: "A value for :NAME in the query, as text",
    },
    ...dataOptions,
  },
  examples: [
    {
      says: "How many tasks of each app",
      line: "dnpc sql runs.sqlite3 \"SELECT attributes ->> 'app' AS app, " +
        "count(*) AS tasks FROM span WHERE type = 'parsl.rundir.task' " +
        'GROUP BY app ORDER BY tasks DESC"',
    },
    {
      says: "Straight from what Parsl left behind, with a value that is bound",
      line: 'dnpc sql runinfo "SELECT count(*) AS tasks FROM monitoring_task ' +
        'WHERE task_func_name = :app" --param app=top',
    },
    {
      says: "The first rows, as objects, a line each",
      line: 'dnpc sql runs.sqlite3 "SELECT time, type FROM event ORDER BY ' +
        'time" --format ndjson | head -n 3',
    },
    {
      says: "The query in a file",
      line: 'echo "SELECT type, count(*) AS spans FROM span GROUP BY type" > ' +
        "q.sql; dnpc sql runs.sqlite3 -o spans.csv < q.sql",
    },
  ],
  async run(given) {
    checkRowOptions(given);
    const params = Object.fromEntries(pairs("param", given.values("param")));
    const query = await queryOf(given);
    using db = await openData(given);
    writeQuery(given, db, query, given.has("param") ? params : undefined);
  },
};

async function queryOf(given: Given): Promise<string> {
  const text = given.optional("QUERY") ?? "-";
  if (text !== "-") return text;
  if (given.optional("QUERY") === undefined && Deno.stdin.isTerminal()) {
    throw new UsageError("dnpc sql needs QUERY, or one on stdin");
  }
  return await new Response(Deno.stdin.readable).text();
}
