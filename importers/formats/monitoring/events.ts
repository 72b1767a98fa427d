import { type Database, type Sql, sql } from "../../../sql/mod.ts";
import type { Kind } from "./kinds.ts";
import { isCalled, namesOf } from "./names.ts";
import { isOf, offsetOf, type SpanSource } from "./copy.ts";
import { columnsOfTable, hasColumn } from "./tables.ts";

/**
 * Makes events from the rows of one source. Requires `collectNames`.
 *
 * @returns how many events
 */
export function makeEvents(db: Database, source: SpanSource): number {
  let count = 0;
  const events = (
    kind: Kind,
    table: string,
    { type, time, where }: { type: Sql; time: Sql; where: Sql },
    rows = sql`SELECT *, rowid AS row_here
      FROM ${sql.id(`monitoring_${table}`)} AS told
      WHERE ${isOf(source, table)}`,
  ) => {
    count += db.run(sql`
      INSERT INTO event
        (span_id, time, type, named, attributes, source_id, line)
      SELECT named.span_id, ${time}, ${type}, 1, ${JSON.stringify({ table })},
        told.source_id, told.row_here - ${offsetOf(source, table)}
      FROM (${rows}) AS told
      JOIN ${namesOf(kind)} AS named ON ${isCalled(kind)}
      WHERE ${where}
      ORDER BY told.row_here`).changes;
  };
  // An unreadable time gives an event without a time.
  const at = (type: string, column: string) => ({
    type: sql`${type}`,
    time: sql.id(`${column}_unix`),
    where: sql`${sql.id(column)} IS NOT NULL`,
  });
  const each = (type: string) => ({
    type: sql`CAST(${sql.id(type)} AS TEXT)`,
    time: sql`timestamp_unix`,
    where: sql`${sql.id(type)} IS NOT NULL`,
  });
  events("workflow", "workflow", at("began", "time_began"));
  events("workflow", "workflow", at("completed", "time_completed"));
  events("task", "task", at("invoked", "task_time_invoked"));
  // In Parsl before 1.1.
  if (hasColumn(db, "monitoring_task", "task_time_submitted_unix")) {
    events("task", "task", at("invoked", "task_time_submitted"));
  }
  events("task", "task", at("returned", "task_time_returned"));
  events("try", "status", each("task_status_name"));
  events("block", "block", each("status"));
  events("node", "node", {
    type: sql`CASE WHEN active THEN 'active' ELSE 'inactive' END`,
    time: hasColumn(db, "monitoring_node", "reg_time_unix")
      ? sql`coalesce(timestamp_unix, reg_time_unix)`
      : sql`timestamp_unix`,
    where: sql`is_change`,
  }, nodeChanges(source));
  return count;
}

/**
 * Managers report several times a second, mostly without a change: only the
 * first report and each different one become events.
 */
function nodeChanges(source: SpanSource): Sql {
  const reported = sql.join(
    ["active", "worker_count", "cpu_count", "total_memory", "block_id"]
      .map((column) => sql`quote(${sql.id(column)})`),
    " || ' ' || ",
  );
  return sql`
    SELECT *, reported IS NOT lag(reported) OVER (
      PARTITION BY run_id, hostname, uid ORDER BY timestamp_unix, row_here
    ) AS is_change
    FROM (
      SELECT *, rowid AS row_here, ${reported} AS reported
      FROM monitoring_node AS told WHERE ${isOf(source, "node")})`;
}

/**
 * Makes the numbers of resource samples metrics of their tries. Requires
 * `collectNames`.
 *
 * @returns how many metrics
 */
export function makeMetrics(db: Database, source: SpanSource): number {
  let count = 0;
  const { sourceId } = source;
  const offset = offsetOf(source, "resource");
  // One lookup of the span per sample, not per number.
  db.exec(
    "CREATE TEMP TABLE dnpc_sampled_try (row INTEGER PRIMARY KEY, span_id)",
  );
  db.run(sql`
    INSERT INTO dnpc_sampled_try
    SELECT told.rowid, named.span_id FROM monitoring_resource AS told
    JOIN ${namesOf("try")} AS named ON ${isCalled("try")}
    WHERE ${isOf(source, "resource")}`);
  for (const { name } of columnsOfTable(db, "monitoring_resource")) {
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
