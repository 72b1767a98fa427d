import { type Database, type Row, sql } from "../sql/mod.ts";
import type { Facts } from "./catalog.ts";
import { macros, resultOf, settings } from "./dialect.ts";
import type { DuckDB } from "./duckdb.ts";
import { numbersOfRun } from "./ids.ts";
import type { Partition } from "./manifest.ts";
import { columnsOf, type RunTable } from "./run_tables.ts";

/** Reads the small tables that say what there is. */
export async function readFacts(
  duckdb: DuckDB,
  partitions: readonly Partition[],
): Promise<Facts> {
  for (const statement of [...settings, ...macros]) await duckdb.run(statement);
  const read = async (table: RunTable): Promise<Row[]> => {
    const { columns, rows } = resultOf(
      await duckdb.runAndReadAll(tableText(table, partitions)!),
    );
    return rows.map((row) =>
      Object.fromEntries(columns.map((name, i) => [name, row[i]!]))
    );
  };
  return {
    run: await read("run"),
    rule: await read("rule"),
    span_kind: firstOf(await read("span_kind"), "type"),
    event_kind: firstOf(await read("event_kind"), "span_type", "event_type"),
    log_kind: firstOf(await read("log_kind"), "importer"),
  };
}

/** The first row for each key: runs that one version imported agree. */
function firstOf(rows: readonly Row[], ...key: string[]): Row[] {
  const first = new Map<string, Row>();
  for (const row of rows) {
    const id = key.map((name) => row[name]).join("\n");
    if (!first.has(id)) first.set(id, row);
  }
  return [...first.values()];
}

/** Makes the tables that questions read. */
export async function createViews(
  duckdb: DuckDB,
  partitions: readonly Partition[],
  catalog: Database,
): Promise<void> {
  const monitoring = partitions.flatMap(({ manifest }) =>
    Object.keys(manifest.tables).filter((name) =>
      name.startsWith("monitoring_")
    )
  );
  for (const table of new Set([...Object.keys(columnsOf), ...monitoring])) {
    const text = tableText(table, partitions);
    if (text === undefined) continue;
    const name = sql.id(table).text;
    const key = keys[table];
    const isSmall = key !== undefined;
    await duckdb.run(
      isSmall
        ? `CREATE TABLE ${name} AS
          SELECT DISTINCT ON (${key}) * EXCLUDE (run) FROM (${text}) ORDER BY ALL`
        : `CREATE VIEW ${name} AS ${text}`,
    );
  }
  await duckdb.run(`
    CREATE VIEW event_row AS SELECT * FROM event;
    CREATE VIEW metric_row AS SELECT * FROM metric;
    CREATE TABLE step_type AS
      SELECT type AS root_type FROM span_kind WHERE role IN ('task', 'try')`);
  await createRunTables(duckdb, partitions, catalog);
}

/** Tables that are the same for all runs, with their keys. */
const keys: Record<string, string> = {
  span_kind: "type",
  event_kind: "span_type, event_type",
  log_kind: "importer",
};

async function createRunTables(
  duckdb: DuckDB,
  partitions: readonly Partition[],
  catalog: Database,
): Promise<void> {
  const labels = new Map(
    catalog.query<{ key: string; label: string }>(
      `SELECT coalesce(run_id, rundir) AS key, label
      FROM run JOIN run_label USING (id)`,
    ).map(({ key, label }) => [key, label]),
  );
  const ids = new Map(
    catalog.query<{ key: string; id: number }>(
      "SELECT coalesce(run_id, rundir) AS key, id FROM run",
    ).map(({ key, id }) => [key, id]),
  );
  const text = (value: string | undefined) =>
    value === undefined ? "NULL" : `'${value.replaceAll("'", "''")}'`;
  const runs: string[] = [];
  const numbers: string[] = [];
  for (const { name, manifest } of partitions) {
    const { run, ids: { first, count } } = manifest;
    const label = labels.get(run) ?? (run || undefined);
    if (ids.has(run)) {
      runs.push(`(${ids.get(run)}, ${text(label)}, ${text(name.slice(4))})`);
    }
    for (let at = first; at < first + count; at += numbersOfRun) {
      numbers.push(`(${at / numbersOfRun}e0, ${text(label)})`);
    }
  }
  await duckdb.run(`
    CREATE TABLE run_label (id BIGINT, label VARCHAR, run VARCHAR);
    CREATE TABLE run_number (number DOUBLE, run VARCHAR)`);
  if (runs.length > 0) {
    await duckdb.run(`INSERT INTO run_label VALUES ${runs}`);
  }
  await duckdb.run(`INSERT INTO run_number VALUES ${numbers}`);
}

/** A query of the files of a table; undefined if there are none. */
function tableText(
  table: string,
  partitions: readonly Partition[],
): string | undefined {
  const files = partitions.filter(({ manifest }) => table in manifest.tables)
    .map(({ path }) => `'${literalPath(`${path}/${table}.parquet`)}'`);
  if (files.length === 0) return undefined;
  const known = (columnsOf as Record<string, { name: string }[]>)[table];
  const columns = known?.map(({ name }) => sql.id(name).text).join(", ") ?? "*";
  // Other columns of monitoring than usual are in some files only.
  return `SELECT ${columns}${known ? ", run" : ""} FROM read_parquet([${files}],
    hive_partitioning = true, hive_types = {'run': VARCHAR}${
    known ? "" : ", union_by_name = true"
  })`;
}

/** The path of a file as a pattern that matches it alone, in quotes. */
const literalPath = (path: string): string =>
  path.replace(/[*?[]/g, "[$&]").replaceAll("'", "''");
