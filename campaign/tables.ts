// The tables of a campaign in an engine, all but those that only questions need.

import type { Database, SqlValue } from "../sql/mod.ts";
import { openCatalog } from "./catalog.ts";
import type { Engine } from "./engine.ts";
import { numbersOfRun } from "./ids.ts";
import type { Partition } from "./manifest.ts";
import { type RunColumn, tableColumns } from "./run_tables.ts";
import { factsOf, filesOf } from "./facts.ts";

/** The column that each table has. */
export const runColumn: RunColumn = { name: "run", type: "text" };

/** Makes all tables, and the catalog of what is in them. */
export async function addTables(
  engine: Engine,
  partitions: readonly Partition[],
): Promise<Database> {
  const monitoring = partitions.flatMap(({ manifest }) =>
    Object.keys(manifest.tables).filter((name) => /^monitoring_/.test(name))
  );
  const facts = await factsOf(partitions);
  for (const table of new Set([...Object.keys(tableColumns), ...monitoring])) {
    const columns = (tableColumns as Record<string, RunColumn[]>)[table];
    if (Object.hasOwn(facts, table)) {
      const named = table === "run" ? [...columns!, runColumn] : columns!;
      await engine.addRows(
        table,
        named,
        facts[table as keyof typeof facts].map((row) =>
          named.map(({ name }) => row[name] ?? null)
        ),
      );
      continue;
    }
    const files = filesOf(table, partitions);
    if (files.length > 0) await engine.addFiles(table, files, columns);
  }
  await engine.addName("event_row", "event");
  await engine.addName("metric_row", "metric");
  await engine.addRows(
    "step_type",
    [{ name: "root_type", type: "text" }],
    facts.span_kind.filter(({ role }) => role === "task" || role === "try")
      .map(({ type }) => [type!]),
  );
  const { columns, rows } = await engine.all(
    "SELECT DISTINCT text FROM rule",
    [],
  );
  const rule = rows.map(([text]) => ({ [columns[0]!]: text! }));
  const catalog = await openCatalog(partitions, { ...facts, rule });
  await addRuns(engine, partitions, catalog);
  return catalog;
}

/** Large tables with rows of runs. */
export const tablesOfRuns: ReadonlySet<string> = new Set([
  ...["step", "span", "event", "event_row", "metric", "metric_row"],
  ...["subspan", "facet", "source", "origin", "log_record"],
]);

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
  await engine.addRows(
    "run_label",
    [{ name: "id", type: "id" }, { name: "label", type: "text" }, runColumn],
    labels,
  );
  await engine.addRows(
    "run_number",
    [{ name: "number", type: "real" }, runColumn],
    numbers,
  );
}
