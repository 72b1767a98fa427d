import type { Database } from "dnpc/sql";
import { rows } from "./databases.ts";

/** Metrics as "line type key: family name value". */
export const measured = (db: Database): string[] =>
  rows(
    db,
    `SELECT line, span.type, span.key, metric, name, round(value, 6)
     FROM metric JOIN span ON span.id = span_id
     ORDER BY metric.source_id, line, metric.id`,
  ).map(([line, type, key, metric, name, value]) => {
    const own = String(key).split("/").slice(1).join("/");
    return `${line} ${type}${own && ` ${own}`}: ${metric} ${name} ${value}`;
  });

/** Count and sum of metrics by family and name. */
export const totals = (db: Database): Map<string, [number, number]> =>
  new Map(
    rows(
      db,
      `SELECT metric || ' ' || name, count(*), sum(value) FROM metric
       WHERE metric <> 'resource' GROUP BY 1`,
    ).map(([name, count, sum]) => [
      String(name),
      [Number(count), Number(sum)],
    ]),
  );
