import type { AsyncBuffer, Compressors } from "hyparquet";
import { lazyModule } from "../display/lazy_module.ts";
import { stoppableSteps } from "../display/notebook/stop_button.ts";
import { messageOf } from "../display/text/format.ts";
import { DatabaseError, type SqlValue } from "../sql/mod.ts";

const zlib = lazyModule<typeof import("node:zlib")>(() => "node:zlib");

/** Some rows of a Parquet file. */
export interface ParquetRows {
  /** The columns of the file, and the types that SQLite has for them. */
  columns: readonly { name: string; type: string }[];
  /** The values of each column. */
  values: ArrayLike<SqlValue | undefined>[];
  length: number;
}

/**
 * Reads a Parquet file, a row group at a time, so that memory is bounded; of an
 * empty file, the columns.
 *
 * @throws {DatabaseError} if the file is damaged
 */
export async function* readParquet(path: string): AsyncGenerator<ParquetRows> {
  const { parquetMetadataAsync, parquetRead } = await import("hyparquet");
  using file = openFile(path);
  try {
    const metadata = await parquetMetadataAsync(file);
    const columns = metadata.schema.slice(1).map(({ name, type }) => ({
      name,
      type: type === "BYTE_ARRAY"
        ? "TEXT"
        : type === "DOUBLE"
        ? "REAL"
        : "INTEGER",
    }));
    const index = new Map(columns.map(({ name }, i) => [name, i]));
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const length = Number(num_rows);
      const parts: ParquetRows["values"][] = columns.map(() => []);
      await stoppableSteps(() =>
        parquetRead({
          file,
          metadata,
          rowStart,
          rowEnd: rowStart + length,
          compressors,
          onChunk({ columnName, columnData }) {
            parts[index.get(columnName)!]!.push(columnData);
          },
        })
      );
      const values = parts.map((pages) =>
        pages.length === 1
          ? pages[0]!
          : pages.flatMap((page) => Array.from(page))
      );
      if (values.some((column) => column.length !== length)) {
        throw new Error(`a column has not ${length} rows`);
      }
      rowStart += length;
      yield { columns, values, length };
    }
    if (rowStart === 0) yield { columns, values: [], length: 0 };
  } catch (error) {
    throw damaged(path, messageOf(error));
  }
}

/** The error about a file of a run, with what to do. */
export const damaged = (path: string, reason: string): DatabaseError =>
  new DatabaseError(
    `${path} is damaged: move its directory away, or import its run again ` +
      `(${reason})`,
  );

const compressors: Compressors = {
  ZSTD: (input) => new Uint8Array(zlib.zstdDecompressSync(input)),
};

function openFile(path: string): AsyncBuffer & Disposable {
  const file = Deno.openSync(path);
  const { size } = file.statSync();
  return {
    byteLength: size,
    slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      file.seekSync(start, Deno.SeekMode.Start);
      for (let at = 0; at < bytes.length;) {
        const read = file.readSync(bytes.subarray(at));
        if (read === null) throw new Error("it ends too early");
        at += read;
      }
      return bytes.buffer;
    },
    [Symbol.dispose]: () => file.close(),
  };
}
