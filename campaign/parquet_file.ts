import { lazyModule } from "../display/lazy_module.ts";
// Loaded when something is written, not with the library.
import defer * as parquet from "hyparquet-writer";

const zlib = lazyModule<typeof import("node:zlib")>(() => "node:zlib");

/**
 * The type of a column's values. An "id" is never NULL; a "reference" is an id or NULL.
 * "flag" and "number" are small integers without NULL.
 */
export type ColumnType =
  | "id"
  | "reference"
  | "integer"
  | "flag"
  | "real"
  | "text"
  | "blob";

/** A column, by its name. */
export interface FileColumn {
  name: string;
  type: ColumnType;
}

/** Values of a column as they are read. */
export type Values = readonly unknown[];

/**
 * How each type is written. Arrays of numbers and an encoding that needs no
 * dictionary take a third of the time.
 */
const encodings = {
  id: {
    type: "INT64",
    nullable: false,
    encoding: "DELTA_BINARY_PACKED",
    convert: (values: Values) => BigInt64Array.from(values as number[], BigInt),
  },
  reference: { type: "INT64", convert: bigints },
  integer: { type: "INT64", convert: bigints },
  flag: {
    type: "INT32",
    nullable: false,
    convert: (values: Values) => Int32Array.from(values as number[]),
  },
  real: {
    type: "DOUBLE",
    encoding: "PLAIN",
    convert: (values: Values) =>
      values.map((value) => value === null ? null : Number(value)),
  },
  text: { type: "STRING", convert: texts },
  blob: { type: "BYTE_ARRAY", convert: (values: Values) => values },
} as const;

function bigints(values: Values): (bigint | null)[] {
  return values.map((value) =>
    value === null ? null : BigInt(value as number | bigint)
  );
}

function texts(values: Values): (string | null)[] {
  return values.map((value) =>
    value === null || typeof value === "string" ? value : String(value)
  );
}

/** Rows of a row group: it is read and skipped as a whole. */
export const rowGroupSize = 100_000;

/** Writes a Parquet file, row group by row group. */
export class ParquetFile {
  readonly #columns: readonly FileColumn[];
  readonly #append: (bytes: Uint8Array) => void;
  readonly #bytes = new parquet.ByteWriter();
  readonly #writer: parquet.ParquetWriter;
  rows = 0;
  bytes = 0;

  constructor(
    columns: readonly FileColumn[],
    append: (bytes: Uint8Array) => void,
  ) {
    this.#columns = columns;
    this.#append = append;
    this.#writer = new parquet.ParquetWriter({
      writer: this.#bytes,
      schema: parquet.schemaFromColumnData({
        columnData: columns.map((column) => this.#data(column, [])),
      }),
      codec: "ZSTD",
      compressors: {
        ZSTD: (input) => new Uint8Array(zlib.zstdCompressSync(input)),
      },
      createdBy: "dnpc",
    });
  }

  /** Writes rows, given as one array for each column. */
  write(values: readonly Values[]): void {
    const length = values[0]?.length ?? 0;
    if (length === 0) return;
    this.#writer.write({
      columnData: this.#columns.map((column, i) =>
        this.#data(column, values[i]!)
      ),
      rowGroupSize: rowGroupSize,
    });
    this.rows += length;
    this.#flush();
  }

  finish(): void {
    this.#writer.finish();
    this.#flush();
  }

  #data({ name, type }: FileColumn, values: Values) {
    const { convert, ...encoding } = encodings[type];
    return { name, ...encoding, data: convert(values) as unknown[] };
  }

  #flush(): void {
    const bytes = this.#bytes.getBytes();
    this.#append(bytes);
    this.bytes += bytes.length;
    this.#bytes.index = 0;
  }
}
