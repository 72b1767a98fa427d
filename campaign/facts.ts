// What the small files of runs say: about the runs, and about kinds of spans.

import { createHash } from "node:crypto";
import type { Row } from "../sql/mod.ts";
import type { Facts } from "./catalog.ts";
import type { Partition } from "./manifest.ts";
import { readParquet } from "./parquet_rows.ts";

/** Tables that each run has, with their keys. */
const keys = {
  span_kind: ["type"],
  event_kind: ["span_type", "event_type"],
  log_kind: ["importer"],
};

/** The files of a table. */
export const filesOf = (
  table: string,
  partitions: readonly Partition[],
): string[] =>
  partitions.filter(({ manifest }) => table in manifest.tables)
    .map(({ path }) => `${path}/${table}.parquet`);

/** Reads all tables of the catalog but rules. */
export async function factsOf(
  partitions: readonly Partition[],
): Promise<Omit<Facts, "rule">> {
  return {
    run: await runsIn(partitions),
    span_kind: await kindsIn("span_kind", partitions),
    event_kind: await kindsIn("event_kind", partitions),
    log_kind: await kindsIn("log_kind", partitions),
  };
}

/** The rows of the table run, with the column run. */
export async function runsIn(
  partitions: readonly Partition[],
): Promise<Row[]> {
  const runs: Row[] = [];
  for (const partition of partitions) {
    const run = partition.name.slice("run=".length);
    for (const file of filesOf("run", [partition])) {
      for (const row of await rowsOf(file)) runs.push({ ...row, run });
    }
  }
  return runs;
}

/** Rows of which each key is there once; runs of one version of dnpc are equal. */
async function kindsIn(
  table: keyof typeof keys,
  partitions: readonly Partition[],
): Promise<Row[]> {
  const seen = new Set<string>();
  const rows = new Map<string, Row>();
  for (const file of filesOf(table, partitions)) {
    // A thousand runs have the same few contents.
    const digest = createHash("sha256").update(Deno.readFileSync(file))
      .digest("hex");
    if (seen.has(digest)) continue;
    seen.add(digest);
    for (const row of await rowsOf(file)) {
      rows.set(JSON.stringify(keys[table].map((name) => row[name])), row);
    }
  }
  return [...rows.values()];
}

async function rowsOf(file: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { columns, values, length } of readParquet(file)) {
    for (let i = 0; i < length; i++) {
      rows.push(
        Object.fromEntries(
          columns.map(({ name }, column) => [name, values[column]![i] ?? null]),
        ),
      );
    }
  }
  return rows;
}
