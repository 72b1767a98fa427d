import { exportCampaign } from "dnpc/campaign";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { parquetReadObjects } from "hyparquet";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { keptImport } from "../importers/kept_imports.ts";

/** A folder that is removed at the end. */
export async function temporaryFolder(): Promise<
  { path: string } & AsyncDisposable
> {
  const path = await Deno.makeTempDir();
  return {
    path,
    async [Symbol.asyncDispose]() {
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** A database of a fixture, imported once for all tests. */
export async function fixture(name: string): Promise<string> {
  const kept = await keptImport(
    `campaign ${name}`,
    async (db) => String(await importRuninfo(db, `tests/fixtures/${name}`)),
  );
  return kept.path;
}

/** Writes the runs of fixtures into a campaign. */
export async function exportFixtures(
  dir: string,
  ...names: string[]
): Promise<void> {
  for (const name of names) {
    using db = await openDatabase(await fixture(name), { readOnly: true });
    exportCampaign(db, dir);
  }
}

/** The directories of runs in a campaign. */
export const partitionsOf = (dir: string): string[] =>
  [...Deno.readDirSync(dir)].map(({ name }) => name).sort();

/** Reads a file of a campaign, as any program could. */
export async function readParquet(
  dir: string,
  partition: string,
  table: string,
): Promise<Record<string, unknown>[]> {
  const bytes = await Deno.readFile(join(dir, partition, `${table}.parquet`));
  return await parquetReadObjects({
    file: bytes.buffer,
    compressors: {
      ZSTD: (input) => new Uint8Array(zstdDecompressSync(input)),
    },
  });
}
