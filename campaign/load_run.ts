import { unlessStopped } from "../display/notebook/stop_button.ts";
import { statOrNothing } from "../display/output.ts";
import { visible } from "../display/text/untrusted.ts";
import {
  createSchema,
  type Database,
  openDatabase,
  RowBuffer,
  sql,
  type SqlParameter,
} from "../sql/mod.ts";
import type { LabelledRun } from "./catalog.ts";
import type { Partition } from "./manifest.ts";
import { type ParquetRows, readParquet } from "./parquet_rows.ts";
import { type RunColumn, tableColumns } from "./run_tables.ts";

/**
 * A new database of a run of a campaign.
 *
 * @param path of the file; undefined for one in memory
 * @throws {RangeError} if there is a file
 * @throws {DatabaseError} if a file of the run is damaged
 */
export function databaseOf(
  run: LabelledRun,
  path: string | undefined,
): Promise<Database> {
  const stopped = "Loading the run was stopped. Load it again to ask about it.";
  return unlessStopped(loadedRun(run, path), stopped);
}

/**
 * The same for work that ends with the Stop button. The run has its label: alone,
 * a shorter one would do.
 */
export async function loadedRun(
  { partition, label }: LabelledRun,
  path?: string,
): Promise<Database> {
  if (path !== undefined && statOrNothing(path)) {
    throw new RangeError(
      `${visible(path)} exists: name another file for the database`,
    );
  }
  let db = await openDatabase(undefined, { engine: "native" });
  try {
    await loadRun(db, partition);
    if (path !== undefined) {
      db.save(path);
      db.close();
      db = await openDatabase(path);
    }
    if (label !== undefined) setLabel(db, label);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function setLabel(db: Database, label: string): void {
  const [own] = db.query<{ id: number; label: string }>(
    "SELECT id, label FROM run_label",
  );
  if (!own || own.label === label) return;
  db.exec(String(sql`
    CREATE TEMP VIEW run_label AS
    SELECT id, iif(id = ${own.id}, ${label}, label) AS label
    FROM main.run_label`));
}

/**
 * Loads all tables but step, which questions compute. Ids begin with 1 again and
 * keep their order.
 */
async function loadRun(
  db: Database,
  { path, manifest: { ids, tables } }: Partition,
): Promise<void> {
  createSchema(db);
  // Indexes take less time when the rows are there.
  const indexes = db.query<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
  );
  for (const { name } of indexes) db.exec(`DROP INDEX ${sql.id(name).text}`);
  for (const table of Object.keys(tables)) {
    const isOwn = Object.hasOwn(tableColumns, table) && table !== "step";
    if (!isOwn && !isMonitoring(table)) continue;
    let target: Target | undefined;
    for await (const rows of readParquet(`${path}/${table}.parquet`)) {
      target ??= targetOf(db, table, rows);
      db.transaction(() => addRows(target!, rows, ids));
    }
  }
  createSchema(db);
}

const isMonitoring = (table: string) => /^monitoring_\w+$/.test(table);

/** A table of the database, and the columns of the file that it has. */
interface Target {
  buffer: RowBuffer;
  columns: { index: number; of: RunColumn["of"] }[];
}

function targetOf(
  db: Database,
  table: string,
  { columns }: ParquetRows,
): Target {
  if (isMonitoring(table)) {
    const declared = columns.map(({ name, type }) =>
      sql`${sql.id(name)} ${sql.raw(type)}`
    );
    db.run(sql`CREATE TABLE ${sql.id(table)} (${sql.join(declared)})`);
  }
  const names = db.query<{ name: string }>(
    sql`SELECT name FROM pragma_table_info(${table})`,
  ).map(({ name }) => name);
  const known: readonly RunColumn[] =
    (tableColumns as Record<string, RunColumn[]>)[table] ?? [];
  return {
    buffer: new RowBuffer(db, table, names),
    columns: names.map((name) => ({
      index: columns.findIndex((column) => column.name === name),
      of: name === "source_id"
        ? "other"
        : known.find((column) => column.name === name)?.of,
    })),
  };
}

function addRows(
  { buffer, columns }: Target,
  { values, length }: ParquetRows,
  { first, count }: Partition["manifest"]["ids"],
): void {
  // The lowest span, event and metric of a run have its first number; the ids of
  // sources and others are counted from it.
  const shiftOf = (of: RunColumn["of"]) =>
    of === undefined ? undefined : first - (of === "other" ? 0 : 1);
  const sources = columns.map(({ index, of }) => ({
    values: values[index] ?? [],
    shift: shiftOf(of),
  }));
  for (let i = 0; i < length; i++) {
    const row: SqlParameter[] = [];
    let isWhole = true;
    for (const { values, shift } of sources) {
      const value = values[i] ?? null;
      if (shift === undefined || value === null) row.push(value);
      else {
        const id = Number(value) - shift;
        // An edge to a span of another run.
        if (id < 1 || id > count) isWhole = false;
        row.push(id);
      }
    }
    if (isWhole) buffer.add(row);
  }
  buffer.flush();
}
