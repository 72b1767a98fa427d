import { type Database, sql } from "../../../sql/mod.ts";
import {
  type CopiedRows,
  type CopiedTable,
  field,
  identifies,
  identity,
  rowsOf,
  withSpans,
} from "./copied_rows.ts";
import { columnsOfTable } from "./read.ts";
import { columns, meanings } from "./tables.ts";

/** Writes the events of a table, and returns how many there are. */
export function writeEvents(
  db: Database,
  { sourceId, isOwn }: CopiedRows,
  { name: table, offset }: CopiedTable,
): number {
  const { kind, events = [] } = meanings[table]!;
  const present = columnsOfTable(db, `monitoring_${table}`)
    .map(({ name }) => name);
  // Managers report several times a second, mostly without a change. The last
  // report shows how long one lived.
  const ofNode = sql`(
    PARTITION BY ${sql.join(columns[kind].map(identity))} ORDER BY t.rowid)`;
  const isRepeated = sql`${reported} = lag(${reported}) OVER ${ofNode}
    AND lead(t.rowid) OVER ${ofNode} IS NOT NULL`;
  const from = table === "node"
    ? sql`(SELECT t.rowid AS rowid, ${isRepeated} AS is_repeated, t.*
        FROM ${rowsOf(table)} AS t WHERE ${isOwn(table)})
      AS t ${withSpans(kind)} WHERE is_repeated IS NOT TRUE`
    : sql`${rowsOf(table)} AS t ${withSpans(kind)} WHERE ${isOwn(table)}`;
  let count = 0;
  // Only some versions of Parsl have all columns.
  for (const [type, column] of events) {
    if (!present.includes(column)) continue;
    const time = present.includes("reg_time_unix")
      ? sql`coalesce(timestamp_unix, reg_time_unix)`
      : sql.id(`${column}_unix`);
    // An unreadable time gives an event without a time.
    const value = column === "timestamp" ? type : sql.id(column);
    // Every row that identifies a span has a span: joining them to find the types
    // would take as long as writing the events.
    db.run(sql`INSERT OR IGNORE INTO event_type (type)
      SELECT DISTINCT ${type} FROM ${rowsOf(table)} AS t
      WHERE ${isOwn(table)} AND ${identifies(kind)} AND ${value} IS NOT NULL`);
    count += db.run(sql`INSERT INTO event_row
        (span_id, time, type_id, attributes, source_id, line)
      SELECT span_id, ${time},
        (SELECT id FROM event_type WHERE type = ${type} AND named),
        ${JSON.stringify({ table })}, ${sourceId}, t.rowid - ${offset}
      FROM ${from} AND ${value} IS NOT NULL ORDER BY t.rowid`).changes;
  }
  return count;
}

const reported = sql.join(
  ["active", "worker_count", "cpu_count", "total_memory", "block_id"]
    .map((column) => sql`quote(${field(column)})`),
  " || ",
);

/** Writes each number of the samples, and returns how many there are. */
export function writeMetrics(
  db: Database,
  { sourceId, isOwn }: CopiedRows,
  { name: table, offset }: CopiedTable,
): number {
  const names = columnsOfTable(db, `monitoring_${table}`)
    .map(({ name }) => name)
    .filter((name) => /^psutil_(?!process_pid$)/.test(name));
  if (names.length === 0) return 0;
  db.run(
    sql`INSERT OR IGNORE INTO metric_name (metric, name) VALUES ${
      sql.join(names.map((name) => sql`('resource', ${name})`))
    }`,
  );
  const ids = db.query<{ id: number; name: string }>(sql`
    SELECT id, name FROM metric_name
    WHERE metric = 'resource' AND name IN (${sql.join(names)})`);
  const value = sql`CASE number.column1 ${
    sql.join(
      ids.map(({ id, name }) => sql`WHEN ${id} THEN ${field(name)}`),
      " ",
    )
  } END`;
  return db.run(sql`
    INSERT INTO metric_row (span_id, time, name_id, value, source_id, line)
    SELECT span_id, timestamp_unix, number.column1, ${value},
      ${sourceId}, t.rowid - ${offset}
    FROM ${rowsOf(table)} AS t ${withSpans("try")}
    CROSS JOIN (VALUES ${sql.join(ids.map(({ id }) => sql`(${id})`))}) AS number
    -- Numbers sort before texts.
    WHERE ${isOwn(table)} AND ${value} < ''
    ORDER BY t.rowid`).changes;
}
