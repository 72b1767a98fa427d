import { type Database, sql } from "../../../sql/mod.ts";
import { isCalled, namesOf } from "./names.ts";
import { isOf, offsetOf, type SpanSource } from "./source.ts";
import { columnsOf } from "./tables.ts";

/**
 * Makes each number of a sample of resources a metric of its try, whose name is
 * collected.
 *
 * @returns how many metrics
 */
export function makeMetrics(db: Database, source: SpanSource): number {
  let count = 0;
  const { sourceId } = source;
  const offset = offsetOf(source, "resource");
  // The spans are looked up once for a sample and not for each of its numbers.
  db.exec(
    "CREATE TEMP TABLE dnpc_sampled_try (row INTEGER PRIMARY KEY, span_id)",
  );
  db.run(sql`
    INSERT INTO dnpc_sampled_try
    SELECT told.rowid, named.span_id FROM monitoring_resource AS told
    JOIN ${namesOf("try")} AS named ON ${isCalled("try")}
    WHERE ${isOf(source, "resource")}`);
  for (const { name } of columnsOf(db, "monitoring_resource")) {
    if (!name.startsWith("psutil_") || name === "psutil_process_pid") continue;
    count += db.run(sql`
      INSERT INTO metric (span_id, time, metric, name, value, source_id, line)
      SELECT span_id, timestamp_unix, 'resource', ${name}, ${sql.id(name)},
        ${sourceId}, row - ${offset}
      FROM dnpc_sampled_try JOIN monitoring_resource AS told ON told.rowid = row
      WHERE typeof(${sql.id(name)}) IN ('integer', 'real')
      ORDER BY row`).changes;
  }
  db.exec("DROP TABLE dnpc_sampled_try");
  return count;
}
