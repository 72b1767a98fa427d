import { type Sql, sql } from "dnpc/sql";
import type { Command, Given } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { nearest } from "../../display/text/nearest.ts";
import {
  checkRowOptions,
  rowOptions,
  rowsOf,
  writeRows,
} from "../output/rows.ts";
import { say } from "../output/say.ts";
import {
  attributesAsked,
  attributesShown,
  rootOptions,
  showOption,
} from "../roots.ts";
import { visible } from "../../display/text/untrusted.ts";

export const metricsCommand: Command = {
  name: "metrics",
  summary: "Numbers that components reported over time",
  about: [
    "Without NAME, which there are: the family, the name, the type of the spans " +
    "that they are about, how many spans and values, the least and the most. " +
    "With NAME, a row for each value: span_id; time, in Unix seconds; name and " +
    "value.",
  ],
  arguments: [
    dataArgument,
    {
      name: "NAME",
      optional: true,
      says: "A name, family/name where two families share it, or family/ for " +
        "all of one",
    },
  ],
  options: {
    ...rowOptions,
    ...rootOptions,
    ...showOption,
    ...dataOptions,
  },
  examples: [
    { says: "Which metrics there are", line: "dnpc metrics runs.sqlite3" },
    {
      says: "How many tasks waited in each manager",
      line: "dnpc metrics runs.sqlite3 manager/pending_tasks --show manager " +
        "-o pending.csv",
    },
    {
      says: "All that monitoring sampled of one task",
      line: "dnpc metrics runinfo resource/ --where task=0",
    },
  ],
  async run(given) {
    checkRowOptions(given);
    const name = given.optional("NAME");
    const query = name === undefined ? overview(given) : values(given, name);
    using db = await openSpans(given);
    const rows = rowsOf(db, query);
    if (![...rows.rows].length && name !== undefined) {
      const known = db.query<{ name: string }>(
        "SELECT DISTINCT metric || '/' || name AS name FROM metric",
      ).flatMap(({ name }) => [name, name.replace(/^[^/]*\//, "")]);
      const meant = nearest(name, known.filter((other) => other !== name));
      say(
        `there are no values of ${visible(name)}` +
          (meant ? `. Did you mean ${visible(meant)}?` : ""),
      );
    }
    writeRows(given, rows);
  },
};

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
