import {
  type FileColumn,
  ParquetFile,
  type Readers,
} from "../../campaign/parquet_file.ts";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import assert from "node:assert/strict";
import { zstdDecompressSync } from "node:zlib";

/** The bytes of a file, and its rows as another program reads them. */
async function written(
  columns: FileColumn[],
  rows: unknown[][],
  readers: Readers = {},
) {
  const parts: Uint8Array[] = [];
  const file = new ParquetFile(columns, readers, (bytes) => {
    parts.push(bytes.slice());
  });
  const half = Math.ceil(rows.length / 2);
  file.addRows(rows.slice(0, half));
  file.addRows(rows.slice(half));
  file.finish();
  const { buffer } = await new Blob(parts as BlobPart[]).bytes();
  const compressors = {
    ZSTD: (input: Uint8Array) => new Uint8Array(zstdDecompressSync(input)),
  };
  const found = await parquetReadObjects({ file: buffer, compressors });
  return { file, metadata: parquetMetadata(buffer), found };
}

Deno.test("ParquetFile writes each type, with NULL and large numbers", async () => {
  const columns: FileColumn[] = [
    { name: "id", type: "id" },
    { name: "line", type: "integer" },
    { name: "flag", type: "flag" },
    { name: "time", type: "real" },
    { name: "text", type: "text" },
  ];
  const rows = [
    [2 ** 52, 2n ** 60n, 1, -0.5, "a"],
    [7, null, 0, null, null],
    [2 ** 52 + 1, -3, 300, Infinity, "größer 🚀"],
    [8, 12, 1, 1e300, "12"],
    [9, -(2 ** 40), 1, 3, 12],
  ];
  const { found, metadata } = await written(columns, rows);
  assert.deepEqual(found.map(Object.values), [
    [2n ** 52n, 2n ** 60n, 1, -0.5, "a"],
    [7n, null, 0, null, null],
    [2n ** 52n + 1n, -3n, 300, Infinity, "größer 🚀"],
    [8n, 12n, 1, 1e300, "12"],
    [9n, -(2n ** 40n), 1, 3, "12"],
  ]);
  const [, line, , time] = metadata.row_groups[0]!.columns
    .map(({ meta_data }) => meta_data!.statistics!);
  assert.equal(line!.null_count, 1n);
  assert.deepEqual([time!.min_value, time!.max_value], [-0.5, Infinity]);
  await assert.rejects(written(columns, [[1.5, 0, 0, 0, ""]]), RangeError);
});

Deno.test("ParquetFile divides rows into groups, equal and distinct texts", async () => {
  const columns: FileColumn[] = [
    { name: "id", type: "id" },
    { name: "app", type: "text" },
    { name: "key", type: "text" },
  ];
  const apps = ["top", "left", "right"];
  const rows = Array.from(
    { length: 250_000 },
    (_, i) => [i, i % 4 === 3 ? null : i % 4, `key ${i % 200_000}`],
  );
  const { file, found, metadata } = await written(columns, rows, {
    id: (id) => id + 1e12,
    app: (app) => apps[app]!,
  });
  assert.equal(file.rows, 250_000);
  assert.deepEqual(
    metadata.row_groups.map(({ num_rows }) => num_rows),
    [100_000n, 100_000n, 50_000n],
  );
  for (const i of [0, 3, 99_999, 100_000, 200_001, 249_999]) {
    assert.deepEqual(found[i], {
      id: BigInt(i) + 10n ** 12n,
      app: [...apps, null][i % 4],
      key: `key ${i % 200_000}`,
    });
  }
  const [id, app] = metadata.row_groups[1]!.columns
    .map(({ meta_data }) => meta_data!.statistics!);
  assert.deepEqual(
    [id!.min_value, id!.max_value, app!.min_value, app!.max_value],
    [10n ** 12n + 100_000n, 10n ** 12n + 199_999n, "left", "top"],
  );
  // A group ends early where texts are long.
  const long = "x".repeat(2 ** 20);
  const { metadata: ofLong } = await written(
    columns,
    rows.slice(0, 40).map(([id], i) => [id, null, long + i]),
  );
  assert.equal(ofLong.row_groups.length, 2);
});
