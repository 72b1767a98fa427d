import type { Row } from "dnpc/sql";
import { isCampaign, openCampaignAsked, openData } from "../data.ts";
import { UsageError } from "../errors.ts";
import type { Given } from "../arguments.ts";
import { queryCommand } from "../rows.ts";

export const sqlCommand = queryCommand(
  `sql: Run a SQL query

  The query is one SELECT on any SQLite database; nothing is written. Beyond the
  functions of SQLite there are median, percentile(x, p), stddev, regr_slope,
  corr, REGEXP and regexp_extract.

  For a campaign, the dialect is DuckDB's, and each table has a column run, the
  id of the run; run_label has the label, and step the events of tasks and tries.

  Tables: span, event, subspan, facet, metric, source, log_record; and
  monitoring_workflow, monitoring_task, monitoring_try and so on, if a
  monitoring.db was imported. \`dnpc sql DATA "SELECT sql FROM sqlite_schema"
  --format csv\` describes their columns.

  Arguments:
  [QUERY]  The SQL. Default, and if it is -: read from stdin

  Options:
  --param NAME=VALUE ...  The value of :NAME in the query, as text

  Examples:
  # Count the tasks of each app
  dnpc sql runs.sqlite3 "SELECT attributes ->> 'app' AS app, count(*) AS tasks
    FROM span WHERE type = 'parsl.rundir.task' GROUP BY app ORDER BY tasks DESC"
  # Query what Parsl left behind, with a bound value
  dnpc sql runinfo "SELECT count(*) AS tasks FROM monitoring_task
    WHERE task_func_name = :app" --param app=top
  # Print the first rows as objects, one per line
  dnpc sql runs.sqlite3 "SELECT time, type FROM event ORDER BY time"
    --format ndjson | head -n 3
  # Run the query of a file
  echo "SELECT type, count(*) AS spans FROM span GROUP BY type" > q.sql;
    dnpc sql runs.sqlite3 -o spans.csv < q.sql`,
  async (given) => {
    const params = given.has("param")
      ? Object.fromEntries(given.pairs("param"))
      : undefined;
    const query = await queryOf(given);
    if (query.trim() === "") throw new UsageError("the query is empty");
    return async (data) => {
      if (isCampaign(data)) return await data.query(query, params);
      const rows = data.iterate<Row>(query, params);
      return { columns: rows.columns, rows };
    };
  },
  { open: (given) => openCampaignAsked(given, openData) },
);

async function queryOf(given: Given): Promise<string> {
  const text = given.value("QUERY");
  if (text !== undefined && text !== "-") return text;
  if (text === undefined && Deno.stdin.isTerminal()) {
    throw new UsageError("dnpc sql needs QUERY, or a query on stdin");
  }
  return await new Response(Deno.stdin.readable).text();
}
