import { sql } from "dnpc/sql";
import { metricSeries } from "dnpc/plots";
import { type ResourceName, resourceOverTime } from "dnpc/questions";
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

export const resourcesCommand = rowsCommand(
  `resources: Show the memory, CPU or disk that tasks used, over time

  Prints a row per group and change: time, in Unix seconds; the sum over tasks;
  largest, that of a single task; and the number of tasks. Monitoring samples
  them; a task counts with its last sample until it ends. The chart has a line
  for each group.

  Arguments:
  [NAME]  memory, virtual memory, cpu (in cores), disk read, disk write (in bytes
    per second), context switches or children (processes); or disk or gpus, which
    only queues measure. Default: memory

  Options:
  --by NAME ...  Add up by this: app, task, host, executor, worker, run, or an
    attribute of tasks or tries. Default: run
  --run RUN  Only this run: its label (000), its id or its directory

  Examples:
  # Draw the memory of the tasks of each app
  dnpc resources runs.sqlite3 --by app -o memory.svg
  # Draw how many cores the tasks of each host used
  dnpc resources runinfo cpu --by host -o cores.svg
  # Print the most memory that the tasks of a run held at once
  dnpc resources runs.sqlite3 --no-header | cut -f 3 | sort -n | tail -n 1`,
  (given) => {
    const resource = (given.value("NAME") ?? "memory") as ResourceName;
    const [by, run] = [given.get("by") ?? "run", given.value("run")];
    return (db) => resourceOverTime(db, { resource, by, run });
  },
  { draw: (_, rows) => metricSeries(rows) },
);
