// The tables of a campaign in an engine, all but those that only questions need.

import type { Database, Row, SqlValue } from "../sql/mod.ts";
import { type Facts, openCatalog } from "./catalog.ts";
import type { Engine } from "./engine.ts";
import { numbersOfRun } from "./ids.ts";
import type { Partition } from "./manifest.ts";
import { tableColumns } from "./run_tables.ts";

/** Makes all tables, and the catalog of what is in them. */
export async function addTables(
  engine: Engine,
  partitions: readonly Partition[],
): Promise<Database> {
  const monitoring = partitions.flatMap(({ manifest }) =>
    Object.keys(manifest.tables).filter((name) => /^monitoring_/.test(name))
  );
  for (const table of new Set([...Object.keys(tableColumns), ...monitoring])) {
    const files = partitions
      .filter(({ manifest }) => table in manifest.tables)
      .map(({ path }) => `${path}/${table}.parquet`);
    if (files.length === 0) continue;
    const columns = (tableColumns as Record<string, { name: string }[]>)[table]
      ?.map(({ name }) => name);
    const name = table in keys ? `${table}_of_run` : table;
    await engine.addFiles(name, files, columns);
  }
  for (const [table, key] of Object.entries(keys)) {
    const columns = tableColumns[table as keyof typeof keys]
      .map(({ name }) => key.includes(name) ? name : `min(${name}) AS ${name}`);
    await engine.addQuery(
      table,
      `SELECT ${columns.join(", ")} FROM ${table}_of_run GROUP BY ${
        key.join(", ")
      }`,
    );
  }
  await engine.addQuery("event_row", "SELECT * FROM event");
  await engine.addQuery("metric_row", "SELECT * FROM metric");
  await engine.addQuery(
    "step_type",
    "SELECT type AS root_type FROM span_kind WHERE role IN ('task', 'try')",
  );
  const catalog = await openCatalog(partitions, await factsOf(engine));
  await addRuns(engine, partitions, catalog);
  return catalog;
}

/** Large tables with rows of runs. */
export const tablesOfRuns: ReadonlySet<string> = new Set([
  ...["step", "span", "event", "event_row", "metric", "metric_row"],
  ...["subspan", "facet", "source", "origin", "log_record"],
]);

/** Tables that each run has, with their keys: equal rows, if one version of
 * dnpc imported them. */
const keys = {
  span_kind: ["type"],
  event_kind: ["span_type", "event_type"],
  log_kind: ["importer"],
};

async function factsOf(engine: Engine): Promise<Facts> {
  const read = async (table: keyof Facts): Promise<Row[]> => {
    const { columns, rows } = await engine.all(`SELECT * FROM ${table}`, []);
    return rows.map((row) =>
      Object.fromEntries(columns.map((name, i) => [name, row[i]!]))
    );
  };
  return {
    run: await read("run"),
    rule: await read("rule"),
    span_kind: await read("span_kind"),
    event_kind: await read("event_kind"),
    log_kind: await read("log_kind"),
  };
}

/** Tables of the labels of runs: by the run, and by the numbers of its ids. */
async function addRuns(
  engine: Engine,
  partitions: readonly Partition[],
  catalog: Database,
): Promise<void> {
  const known = new Map(
    catalog.query<{ key: string; id: number; label: string }>(
      `SELECT coalesce(run_id, rundir) AS key, id, label
      FROM run JOIN run_label USING (id)`,
    ).map((row) => [row.key, row]),
  );
  const labels: SqlValue[][] = [];
  const numbers: SqlValue[][] = [];
  for (const { name, manifest } of partitions) {
    const { run, ids: { first, count } } = manifest;
    const found = known.get(run);
    const label = found?.label ?? (run || null);
    if (found) labels.push([found.id, label, name.slice("run=".length)]);
    for (let at = first; at < first + count; at += numbersOfRun) {
      numbers.push([at / numbersOfRun, label]);
    }
  }
  await addValues(
    engine,
    "run_label",
    { id: "BIGINT", label: "STRING", run: "STRING" },
    labels,
  );
  await addValues(
    engine,
    "run_number",
    { number: "DOUBLE", run: "STRING" },
    numbers,
  );
}

async function addValues(
  engine: Engine,
  table: string,
  columns: Record<string, string>,
  rows: readonly SqlValue[][],
): Promise<void> {
  const names = Object.keys(columns);
  // No VALUES has no rows.
  const values = rows.length > 0 ? rows : [names.map(() => null)];
  const row = names.map((name) => `CAST(? AS ${columns[name]})`).join(", ");
  const text = `SELECT * FROM (VALUES ${
    values.map(() => `(${row})`).join(", ")
  }) AS given (${names.join(", ")}) WHERE ${names[0]} IS NOT NULL`;
  await engine.addQuery(table, text, values.flat());
}
