import type { Row } from "dnpc/sql";
// Loaded when something is exported as Parquet, not with every command.
import defer * as parquet from "hyparquet-writer";
import { type ColumnType, valueFor } from "./types.ts";

/** A Parquet file that is written row group by row group. */
export interface ParquetFile {
  write(rows: readonly Row[]): void;
  finish(): void;
}

export function parquetFile(
  path: string,
  columns: readonly ColumnType[],
): ParquetFile {
  const writer = new parquet.ParquetWriter({
    writer: parquet.fileWriter(path),
    schema: parquet.schemaFromColumnData({
      columnData: columns.map(({ name, type }) => ({ name, type, data: [] })),
    }),
    createdBy: "dnpc",
  });
  return {
    write(rows) {
      writer.write({
        columnData: columns.map(({ name, type }) => ({
          name,
          type,
          data: rows.map((row) => valueFor(type, row[name] ?? null)),
        })),
        rowGroupSize: 100_000,
      });
    },
    finish() {
      writer.finish();
    },
  };
}
