import {
  type Database,
  type Row,
  RowBuffer,
  spanKey,
  type Sql,
  sql,
} from "../../../sql/mod.ts";
import { exceptionOfRepr } from "../../lines/exceptions.ts";
import { mapKey } from "../../lines/shared_texts.ts";
import { SpanWriter } from "../../store/span_writer.ts";
import { columnsOfTable } from "./read.ts";
import {
  columns,
  defaults,
  identifyingColumns,
  type Kind,
  meanings,
  outer,
  typeOf,
} from "./tables.ts";

/** The values that identify the span of a row; undefined if one is missing. */
function identityOf(kind: Kind, row: Row): string[] | undefined {
  const values = columns[kind]
    .map((column) => textIn(row, column) ?? defaults[column]);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** A span, found by the values of its identifying columns. */
interface Place {
  id?: number;
  next?: Map<unknown, Place>;
}

function nextPlace(place: Place, value: unknown): Place {
  const next = place.next ??= new Map();
  let found = next.get(value);
  if (!found) next.set(value, found = {});
  return found;
}

/** Makes spans, events and metrics from the rows of a source. */
export function rowReader(
  db: Database,
  sourceId: number,
  common: Record<string, string> = {},
) {
  const writer = new SpanWriter(db, sourceId, common);
  // One lookup of the span per row, not per event and number.
  db.exec(
    "CREATE TEMP TABLE dnpc_span_of_row (row INTEGER PRIMARY KEY, span_id)",
  );
  const spanOfRow = new RowBuffer(db, "dnpc_span_of_row", ["row", "span_id"]);
  let events = 0;
  let metrics = 0;
  const ids: number[] = [];
  const places: Partial<Record<Kind, Place>> = {};
  const described = new Set<number>();
  const reports = new Map<number, string>();
  /** By try, the row of its task, which describes the try before Parsl 1.1. */
  const oldTries = new Map<string, Row>();

  const placeOf = (kind: Kind, values: readonly unknown[]): Place =>
    values.reduce(nextPlace, places[kind] ??= {});
  const spanOf = (kind: Kind, row: Row): number | undefined => {
    // Finding values as they are takes half the time of computing a key.
    let place = places[kind] ??= {};
    for (const column of columns[kind]) place = nextPlace(place, row[column]);
    if (place.id !== undefined) return place.id;
    const values = identityOf(kind, row);
    if (!values) return undefined;
    const canonical = placeOf(kind, values.map(mapKey));
    return place.id = canonical.id ??= newSpan(kind, row, values);
  };
  const newSpan = (
    kind: Kind,
    row: Row,
    values: readonly string[],
  ): number => {
    const key = spanKey(values);
    const said: Record<string, string> = {};
    Object.keys(identifyingColumns[kind]).forEach((name, i) => {
      if (values[i] !== "") said[name] = values[i]!;
    });
    const id = writer.span(typeOf(kind), key, said);
    ids.push(id);
    const superspan = outer[kind] && spanOf(outer[kind], row);
    if (superspan) writer.nest(superspan, id, values.at(-1) || null);
    const old = kind === "try" && oldTries.get(key);
    if (old) {
      const { block: _, joins: __, ...columns } = meanings.try!.says!;
      describe(id, old, columns);
    }
    return id;
  };
  const describe = (
    id: number,
    row: Row,
    columns: Readonly<Record<string, string>>,
  ) => {
    const said: Record<string, unknown> = {};
    for (const name in columns) said[name] = valueIn(row, columns[name]!);
    const { fail_history: raised } = said;
    writer.add(id, said);
    if (typeof raised === "string") {
      writer.add(id, { ...exceptionOfRepr(raised) });
    }
  };
  const readTry = (id: number, row: Row) => {
    // A join app is not retried after joining: only one try has it.
    if (row.task_joins) {
      describe(spanOf("task", row)!, row, { joins: "task_joins" });
    }
    const executor_label = row.task_executor ?? null;
    const { run_id = null, block_id = null } = row;
    const block = identityOf("block", { run_id, executor_label, block_id });
    if (!block) return;
    const known = placeOf("block", block.map(mapKey)).id ??
      db.query<{ id: number }>(
        "SELECT id FROM span WHERE type = ? AND key = ?",
        [typeOf("block"), spanKey(block)],
      )[0]?.id;
    if (known === undefined) return;
    writer.nest(known, id, spanKey(identityOf("try", row)!.slice(1)));
  };

  /**
   * Reads a row of a table; false if it does not identify its span. A span
   * without a row of its own has only its identity.
   *
   * @param copy rowid of the copied row, if it is new
   */
  const read = (table: string, row: Row, copy?: number): boolean => {
    const { kind, says } = meanings[table]!;
    const id = spanOf(kind, row);
    if (id === undefined) return false;
    // Blocks and managers have a row per change or report.
    if (says && !described.has(id)) describe(id, row, says);
    if (says) described.add(id);
    if (table === "try") readTry(id, row);
    if (table === "task" && textIn(row, "task_executor")) {
      oldTries.set(spanKey(identityOf("try", row)!), row);
    }
    // Managers report several times a second, mostly without a change.
    const reported = table === "node" &&
      reportedColumns.map((name) => String(row[name])).join();
    const isRepeated = reported && reports.get(id) === reported;
    if (reported) reports.set(id, reported);
    // The table of tries has no events.
    const isNew = copy !== undefined && table !== "try" && !isRepeated;
    if (isNew) spanOfRow.add([copy, id]);
    return true;
  };
  /**
   * Writes the events and metrics of a table whose new rows were read.
   *
   * @param offset difference between a copied rowid and that in the source
   */
  const finishTable = (table: string, offset: number) => {
    spanOfRow.flush();
    const name = sql.id(`monitoring_${table}`);
    const present = columnsOfTable(db, `monitoring_${table}`)
      .map(({ name }) => name);
    const insert = (into: Sql, values: Sql, where: Sql): number =>
      db.run(sql`
        INSERT INTO ${into}
        SELECT owner.span_id, ${values}, source_id, owner.row - ${offset}
        FROM temp.dnpc_span_of_row AS owner
        JOIN ${name} AS copied ON copied.rowid = owner.row
        WHERE ${where} ORDER BY owner.row`).changes;
    for (const [type, column] of meanings[table]!.events ?? []) {
      // Only some versions of Parsl have it.
      if (!present.includes(column)) continue;
      const time = present.includes("reg_time_unix")
        ? sql`coalesce(timestamp_unix, reg_time_unix)`
        : sql.id(`${column}_unix`);
      events += insert(
        sql`event (span_id, time, type, named, attributes, source_id, line)`,
        sql`${time}, ${type}, 1, ${JSON.stringify({ table })}`,
        // An unreadable time gives an event without a time.
        sql`${column === "timestamp" ? type : sql.id(column)} IS NOT NULL`,
      );
    }
    for (const column of table === "resource" ? present : []) {
      if (!/^psutil_(?!process_pid$)/.test(column)) continue;
      metrics += insert(
        sql`metric (span_id, time, metric, name, value, source_id, line)`,
        sql`timestamp_unix, 'resource', ${column}, ${sql.id(column)}`,
        sql`typeof(${sql.id(column)}) IN ('integer', 'real')`,
      );
    }
    db.exec("DELETE FROM temp.dnpc_span_of_row");
  };
  /** Writes the spans, and returns how many spans, events and metrics are new. */
  const finish = () => {
    db.exec("DROP TABLE temp.dnpc_span_of_row");
    writer.finish();
    // Spans of a source that is being replaced are kept, with their ids.
    db.run(
      `UPDATE span SET source_id = ? WHERE source_id < 0
         AND id IN (SELECT value FROM json_each(?))`,
      [sourceId, JSON.stringify(ids)],
    );
    return { spans: writer.spans, events, metrics };
  };
  return { read, finishTable, finish };
}

const reportedColumns = ["active", "worker_count", "cpu_count"]
  .concat("total_memory", "block_id");

/** A value as canonical text; undefined for NULL. */
function textIn(row: Row, column: string): string | undefined {
  const value = row[column] ?? null;
  if (value === null) return undefined;
  const text = value instanceof Uint8Array
    ? new TextDecoder().decode(value)
    : String(value);
  // Some sources say "block-0", some "0".
  return column === "block_id" ? text.replace(/^block-/i, "") : text;
}

/** A value as the attribute of a span. */
function valueIn(row: Row, column: string): unknown {
  const value = row[column] ?? null;
  if (typeof value === "bigint") return rawJson(String(value));
  if (typeof value === "number" && column === "task_fail_cost") {
    // The column is FLOAT, and whole costs stay so.
    return Number.isSafeInteger(value) ? rawJson(value.toFixed(1)) : value;
  }
  if (typeof value === "number" && column !== "job_id") return value;
  const text = textIn(row, column);
  if (column === "task_depends" || column === "task_joins") {
    return text ? text.replaceAll(", ", ",").split(",") : undefined;
  }
  return column === "task_fail_history" ? text || undefined : text;
}

/** A number that JSON.stringify() writes with these digits. */
const { rawJSON: rawJson } = JSON as unknown as {
  rawJSON(text: string): unknown;
};
