// Usage: repeat_run.ts CAMPAIGN TIMES
// Repeats the last run of a campaign with other ids, each a day later, until it
// has that many runs.

import { startDuckDB } from "../../campaign/duckdb.ts";
import { numbersOfRun } from "../../campaign/ids.ts";
import { manifestFile, readContents } from "../../campaign/manifest.ts";
import { type RunColumn, tableColumns } from "../../campaign/run_tables.ts";

/** Columns of the tables of monitoring, but its times. */
const columnsOfMonitoring: RunColumn[] = [
  { name: "run_id", type: "text" },
  { name: "source_id", type: "reference", of: "other" },
];

const [dir = "", times = ""] = Deno.args;
const { partitions } = readContents(dir);
// Ids of repeated runs end in digits, which sort first.
const { path, manifest } = partitions.at(-1)!;
using engine = await startDuckDB({ memory: "3GB" });
for (let i = partitions.length; i < Number(times); i++) {
  const run = `${manifest.run.slice(0, -6)}${String(i).padStart(6, "0")}`;
  const folder = `${dir}/run=${run}`;
  const first = manifest.ids.first + i * 2 * numbersOfRun;
  Deno.mkdirSync(folder);
  const copy = structuredClone(manifest);
  for (const table of Object.keys(manifest.tables)) {
    const columns = (tableColumns as Record<string, RunColumn[]>)[table] ??
      columnsOfMonitoring;
    const changed = columns.flatMap((column) =>
      change(column, first - manifest.ids.first, i * 86_400, run)
    );
    const file = `${folder}/${table}.parquet`;
    await engine.all(
      `COPY (SELECT *${changed.length ? ` REPLACE (${changed.join()})` : ""}
        FROM read_parquet('${path}/${table}.parquet', hive_partitioning = false))
      TO '${file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 100000)`,
      [],
    );
    copy.tables[table]!.bytes = Deno.statSync(file).size;
  }
  const { name, text } = manifestFile({
    ...copy,
    run,
    fingerprint: run,
    ids: { ...copy.ids, first },
  });
  Deno.writeTextFileSync(`${folder}/${name}`, text);
}

function change(
  { name, type, of }: RunColumn,
  shift: number,
  seconds: number,
  run: string,
): string[] {
  if (of !== undefined) return [`"${name}" + ${shift} AS "${name}"`];
  if (type === "real" && name !== "value") {
    return [`"${name}" + ${seconds} AS "${name}"`];
  }
  if (name === "attributes" || name === "run_id") {
    return [`replace("${name}", '${manifest.run}', '${run}') AS "${name}"`];
  }
  if (name === "rundir") return [`"rundir" || '-${run.slice(-6)}' AS "rundir"`];
  return [];
}
