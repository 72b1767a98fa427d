// The tables of a run, as SQL: which rows belong to it, and in which order.

import { type Database, spanSql as sql, type Sql } from "../sql/mod.ts";
import type { ColumnType, FileColumn } from "./parquet_file.ts";

/** The kind of an id, whose numbers a campaign makes unique. */
export type IdKind = "span" | "event" | "metric" | "other";

/** A column of a table of a campaign. */
export interface RunColumn extends FileColumn {
  /** For an id: of what. */
  of?: IdKind;
}

const column = (type: ColumnType, of?: IdKind) => (name: string): RunColumn =>
  of === undefined ? { name, type } : { name, type, of };
const text = column("text");
const real = column("real");
const integer = column("integer");
const flag = column("flag");
const id = column("id", "other");
const reference = column("reference", "other");
const spanId = column("id", "span");

/** Attributes that are columns of the table span, too. */
export const attributeColumns = ["task", "try"] as const;

/** The columns of each table, but monitoring's. */
export const tableColumns = {
  step: [
    text("root_type"),
    spanId("root_id"),
    real("time"),
    text("span_type"),
    text("event_type"),
    flag("nth"),
    flag("named"),
    text("component"),
    text("app"),
    text("executor"),
    text("block"),
    text("manager"),
    text("worker"),
    text("host"),
    spanId("span_id"),
    column("id", "event")("event_id"),
  ],
  span: [
    spanId("id"),
    text("type"),
    text("key"),
    text("attributes"),
    text("implied"),
    reference("source_id"),
    // Attributes by which questions name spans: reading JSON takes longer.
    ...attributeColumns.map(text),
    // That of its task, too, or else its category.
    text("app"),
  ],
  event: [
    column("id", "event")("id"),
    spanId("span_id"),
    real("time"),
    text("type"),
    flag("named"),
    text("attributes"),
    reference("origin_id"),
    reference("source_id"),
    integer("line"),
    integer("offset"),
  ],
  metric: [
    column("id", "metric")("id"),
    spanId("span_id"),
    real("time"),
    text("metric"),
    text("name"),
    real("value"),
    reference("source_id"),
    integer("line"),
  ],
  subspan: [
    spanId("superspan_id"),
    spanId("subspan_id"),
    text("key"),
    reference("rule_id"),
  ],
  facet: [spanId("left_id"), spanId("right_id"), reference("rule_id")],
  rule: [id("id"), text("text")],
  origin: [
    id("id"),
    reference("source_id"),
    ...["process", "thread", "logger", "level"].map(text),
  ],
  run: [
    id("id"),
    ..."rundir directory run_id parsl_version workflow host user".split(" ")
      .map(text),
    real("began"),
    real("ended"),
  ],
  source: [
    id("id"),
    ...["path", "importer", "rundir", "within", "fingerprint", "head"]
      .map(text),
    ..."bytes lines matched unmatched malformed continued copies".split(" ")
      .map(integer),
    text("clock"),
    ...["began", "ended", "imported_at"].map(real),
    text("bound"),
    text("attributes"),
  ],
  log_record: [
    id("id"),
    reference("source_id"),
    integer("line"),
    real("time"),
    text("entry"),
  ],
  span_kind: [
    ...["type", "format", "role"].map(text),
    integer("preference"),
    ...["executor_class", "own_log", "identity", "doc"].map(text),
  ],
  event_kind: [
    text("span_type"),
    text("event_type"),
    integer("rank"),
    flag("final"),
    text("place"),
    integer("place_rank"),
    text("work"),
    integer("step"),
    text("doc"),
  ],
  log_kind: ["importer", "format", "log", "facts"].map(text),
} satisfies Record<string, RunColumn[]>;

/** A table of every campaign. */
export type RunTable = keyof typeof tableColumns;

/** Columns of the tables, as SQL. */
const listed = (table: RunTable): Sql =>
  sql.join(tableColumns[table].map(({ name }) => sql.id(name)));

/**
 * Tables with rows for spans, as the database stores them: in place of a name is
 * its id, and attributes are not columns of their own.
 */
const stored = {
  span: ["span", "id type key attributes implied source_id"],
  event: [
    "event_row",
    "id span_id time type_id type_id attributes origin_id source_id line offset",
  ],
  metric: [
    "metric_row",
    "id span_id time name_id name_id value source_id line",
  ],
  subspan: ["subspan", "superspan_id subspan_id key rule_id"],
  facet: ["facet", "left_id right_id rule_id"],
} as const;

function storedTable(name: keyof typeof stored): { table: Sql; columns: Sql } {
  const [table, columns] = stored[name];
  return {
    table: sql`${sql.id(table)} AS stored`,
    columns: sql.join(
      columns.split(" ").map((name) => sql`stored.${sql.id(name)}`),
    ),
  };
}

/** The columns that name the span to which a row belongs. */
const ownerColumns = {
  span: "id",
  event: "span_id",
  subspan: "subspan_id",
  facet: "left_id",
} as const;

/** Rows of some spans, in the order of the spans: CROSS JOIN keeps it. */
export function rowsOfSpans(
  name: keyof typeof ownerColumns,
  spans: Int32Array,
): Sql {
  const { table, columns } = storedTable(name);
  return sql`SELECT ${columns}
FROM json_each(${`[${spans}]`}) AS own CROSS JOIN ${table}
WHERE stored.${sql.id(ownerColumns[name])} = +own.value`;
}

/** Rows whose ids are above one and up to another, in the order of import. */
export function rowsByIds(
  name: "event" | "metric",
  after: number,
  last: number,
): Sql {
  const { table, columns } = storedTable(name);
  return sql`SELECT ${columns}
FROM ${table} WHERE id > ${after} AND id <= ${last} ORDER BY id`;
}

/** Rows of tables that have no spans, by the run or its sources. */
export const otherRows: Record<
  Exclude<RunTable, keyof typeof stored | "step">,
  (run: string, sources: Sql) => Sql
> = {
  run: (run) =>
    sql`SELECT ${listed("run")} FROM run
      WHERE coalesce(run_id, rundir) = ${run} ORDER BY id`,
  source: (_, sources) =>
    sql`SELECT ${listed("source")} FROM source
      WHERE id IN (${sources}) ORDER BY id`,
  origin: (_, sources) =>
    sql`SELECT ${listed("origin")} FROM origin
      WHERE source_id IN (${sources}) ORDER BY id`,
  log_record: (_, sources) =>
    sql`SELECT ${listed("log_record")} FROM log_record
      WHERE source_id IN (${sources}) ORDER BY source_id, line, id`,
  rule: () => sql`SELECT ${listed("rule")} FROM rule ORDER BY id`,
  span_kind: () =>
    sql`SELECT ${listed("span_kind")} FROM span_kind
      ORDER BY rowid`,
  event_kind: () =>
    sql`SELECT ${listed("event_kind")} FROM event_kind
      ORDER BY rowid`,
  log_kind: () =>
    sql`SELECT ${listed("log_kind")} FROM log_kind
      ORDER BY rowid`,
};

/** A table of Parsl's monitoring, and the rows of each run. */
export interface MonitoringTable {
  name: string;
  columns: RunColumn[];
  rows(run: string): Sql;
}

/** The tables of Parsl's monitoring that have the id of a run. */
export function monitoringTables(db: Database): MonitoringTable[] {
  const names = db.query<{ name: string }>(
    sql`SELECT name FROM sqlite_schema
      WHERE type = 'table' AND name GLOB 'monitoring_*' ORDER BY name`,
  ).map(({ name }) => name);
  return names.flatMap((name) => {
    const columns = typedColumns(db, name);
    if (!columns.some(({ name }) => name === "run_id")) return [];
    const table = sql.id(name);
    const byRun = sql.materialized(
      sql`SELECT ifnull(run_id, '') AS run, rowid AS row FROM ${table}`,
      ["run", "row"],
      2,
    );
    const listed = sql.join(columns.map(({ name }) => sql.id(name)));
    const rows = (run: string) =>
      sql`SELECT ${listed} FROM (${byRun}) AS own CROSS JOIN ${table} AS t
        WHERE own.run = ${run} AND t.rowid = own.row ORDER BY own.row`;
    return [{ name, columns, rows }];
  });
}

/**
 * Columns with the type that their declaration says, if all values fit, because
 * SQLite allows any value in any column; otherwise text.
 */
function typedColumns(db: Database, table: string): RunColumn[] {
  const declared = db.query<{ name: string; type: string }>(
    sql`SELECT name, type FROM pragma_table_info(${table})`,
  );
  const kinds = declared.map(({ name }, i) =>
    sql`group_concat(DISTINCT typeof(${sql.id(name)})) AS ${sql.id(`${i}`)}`
  );
  const [found] = db.query<Record<string, string | null>>(
    sql`SELECT ${sql.join(kinds)} FROM ${sql.id(table)}`,
  );
  return declared.map(({ name, type }, i) => {
    if (name === "source_id") return reference(name);
    const seen = (found?.[i] ?? "").split(",");
    const fits = (...kinds: string[]) =>
      seen.every((kind) =>
        kind === "" || kind === "null" || kinds.includes(kind)
      );
    if (/INT|BOOL/i.test(type) && fits("integer")) return integer(name);
    if (/REAL|FLOA|DOUB|NUM/i.test(type) && fits("integer", "real")) {
      return real(name);
    }
    return text(name);
  });
}
