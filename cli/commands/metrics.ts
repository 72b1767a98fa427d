import { sql } from "dnpc/sql";
import { didYouMean } from "../../display/text/nearest.ts";
import { say } from "../output.ts";
import { queryRows, rowsCommand } from "../rows.ts";
import {
  attributesAsked,
  attributesShown,
  showOption,
  whereOption,
} from "../spans.ts";

export const metricsCommand = rowsCommand(
  `metrics: Show numbers that components reported over time

  Without NAME, lists the metrics: family, name, type of the spans, number of
  spans and of values, minimum and maximum. With NAME, prints a row per value:
  span_id; time, in Unix seconds; name and value.

  Arguments:
  [NAME]  A name; family/name if two families have the name; or family/ for a
    whole family

  Options:
  ${whereOption}
  ${showOption}

  Examples:
  # List the metrics
  dnpc metrics runs.sqlite3
  # Save how many tasks waited in each manager
  dnpc metrics runs.sqlite3 manager/pending_tasks --show manager
    -o pending.csv
  # Show every sample of the resources of a task
  dnpc metrics runinfo resource/ --where task=0`,
  (given) => {
    const text = given.value("NAME");
    const [, family, name] = /^(?:([^/]*)\/)?(.*)$/s.exec(text ?? "")!;
    const wanted = sql.join([
      attributesAsked(given),
      ...family === undefined ? [] : [sql`metric = ${family}`],
      ...name === "" ? [] : [sql`name = ${name!}`],
    ], " AND ");
    const query = text === undefined
      ? sql`SELECT metric AS family, name, span.type AS span_type,
  count(DISTINCT span_id) AS spans, count(*) AS "values",
  min(value) AS minimum, max(value) AS maximum
FROM metric JOIN span ON span.id = span_id
WHERE ${wanted}
GROUP BY metric, name, span.type ORDER BY metric, name, span.type`
      : sql`SELECT span_id${attributesShown(given)}, time, name, value
FROM metric JOIN span ON span.id = span_id
WHERE ${wanted}
ORDER BY span_id, name, time, line`;
    return (db) => {
      const rows = queryRows(db, query);
      if (rows.rows.length === 0 && text !== undefined) {
        const names = db.query<{ name: string }>(
          "SELECT DISTINCT metric || '/' || name AS name FROM metric",
        ).flatMap(({ name }) => [name, name.replace(/^[^/]*\//, "")]);
        const others = names.filter((other) => other !== text);
        say(`there are no values of ${text}${didYouMean(text, others)}`);
      }
      return rows;
    };
  },
);
