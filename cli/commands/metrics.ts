import { type Sql, sql } from "dnpc/sql";
import { didYouMean } from "../../display/text/nearest.ts";
import type { Given } from "../command.ts";
import { say } from "../output.ts";
import { queryRows, rowsCommand } from "../rows.ts";
import {
  attributesAsked,
  attributesShown,
  showOption,
  spanOptions,
} from "../spans.ts";

export const metricsCommand = rowsCommand({
  name: "metrics",
  summary: "Show numbers that components reported over time",
  about: [
    "Without NAME, lists the metrics: family, name, type of the spans, number " +
    "of spans and of values, minimum and maximum. With NAME, prints a row per " +
    "value: span_id; time, in Unix seconds; name and value.",
  ],
  arguments: [{
    name: "NAME",
    optional: true,
    help: "A name; family/name if two families have the name; or family/ for " +
      "a whole family",
  }],
  options: { ...spanOptions, ...showOption },
  examples: [
    { help: "List the metrics", line: "dnpc metrics runs.sqlite3" },
    {
      help: "Save how many tasks waited in each manager",
      line: "dnpc metrics runs.sqlite3 manager/pending_tasks --show manager " +
        "-o pending.csv",
    },
    {
      help: "Show every sample of the resources of a task",
      line: "dnpc metrics runinfo resource/ --where task=0",
    },
  ],
  question(given) {
    const name = given.optional("NAME");
    const query = name === undefined ? overview(given) : values(given, name);
    return (db) => {
      const rows = queryRows(db, query);
      if (rows.rows.length === 0 && name !== undefined) {
        const names = db.query<{ name: string }>(
          "SELECT DISTINCT metric || '/' || name AS name FROM metric",
        ).flatMap(({ name }) => [name, name.replace(/^[^/]*\//, "")]);
        const others = names.filter((other) => other !== name);
        say(`there are no values of ${name}${didYouMean(name, others)}`);
      }
      return rows;
    };
  },
});

const overview = (given: Given): Sql =>
  sql`SELECT metric AS family, name, span.type AS span_type,
  count(DISTINCT span_id) AS spans, count(*) AS "values",
  min(value) AS least, max(value) AS most
FROM metric JOIN span ON span.id = span_id
WHERE ${attributesAsked(given)}
GROUP BY metric, name, span.type ORDER BY metric, name, span.type`;

function values(given: Given, text: string): Sql {
  const slash = text.indexOf("/");
  const [family, name] = slash < 0
    ? [undefined, text]
    : [text.slice(0, slash), text.slice(slash + 1)];
  const wanted = [
    ...(family === undefined ? [] : [sql`metric = ${family}`]),
    ...(name === "" ? [] : [sql`name = ${name}`]),
    attributesAsked(given),
  ];
  return sql`SELECT span_id${attributesShown(given)}, time, name, value
FROM metric JOIN span ON span.id = span_id
WHERE ${sql.join(wanted, " AND ")}
ORDER BY span_id, name, time, line`;
}
