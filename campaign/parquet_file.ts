import type { ParquetWriter, SchemaElement } from "hyparquet-writer";
import { lazyModule } from "../display/lazy_module.ts";
// Loaded when something is written, not with the library.
import defer * as parquet from "hyparquet-writer";
import defer * as pages from "hyparquet-writer/src/datapage.js";
import {
  type Column,
  DictionaryColumn,
  type EncodedColumn,
  NumberColumn,
  type Numbers,
  type Rows,
} from "./parquet_columns.ts";

const zlib = lazyModule<typeof import("node:zlib")>(() => "node:zlib");

/**
 * The type of a column's values. An "id" is never NULL; a "reference" is an id or
 * NULL. A "flag" is a small integer and never NULL.
 */
export type ColumnType =
  | "id"
  | "reference"
  | "integer"
  | "flag"
  | "real"
  | "text";

/** A column, by its name. */
export interface FileColumn {
  name: string;
  type: ColumnType;
}

/**
 * By the names of columns, functions that give the value of a cell: the campaign's
 * id for one of the database, or a text for its number.
 */
export type Readers = Readonly<
  Record<string, (cell: number) => string | number>
>;

const physicalTypes = {
  id: "INT64",
  reference: "INT64",
  integer: "INT64",
  flag: "INT32",
  real: "DOUBLE",
  text: "BYTE_ARRAY",
} as const;

const isNullable = (type: ColumnType) => type !== "id" && type !== "flag";

function schemaOf(columns: readonly FileColumn[]): SchemaElement[] {
  return [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, type }): SchemaElement => ({
      name,
      type: physicalTypes[type],
      repetition_type: isNullable(type) ? "OPTIONAL" : "REQUIRED",
      ...type === "text" && { converted_type: "UTF8" },
    })),
  ];
}

function collector({ name, type }: FileColumn, readers: Readers): Column {
  const read = readers[name];
  if (type === "text" || type === "flag") {
    return new DictionaryColumn({ isText: type === "text", read });
  }
  return new NumberColumn({
    isInteger: type !== "real",
    isNullable: isNullable(type),
    read: read as ((id: number) => number) | undefined,
  });
}

/** Rows of a row group, which is read and skipped as a whole. */
export const rowGroupSize = 100_000;
/** Characters of a row group that has fewer rows. */
const maxTextLength = 2 ** 23;

/** Writes a Parquet file, row group by row group. */
export class ParquetFile {
  readonly #columns: readonly FileColumn[];
  readonly #append: (bytes: Uint8Array) => void;
  readonly #bytes = new parquet.ByteWriter();
  readonly #writer: ParquetWriter;
  readonly #collected: readonly Column[];
  /** Rows that are not written yet. */
  #pending = 0;
  rows = 0;
  bytes = 0;

  constructor(
    columns: readonly FileColumn[],
    readers: Readers,
    append: (bytes: Uint8Array) => void,
  ) {
    this.#columns = columns;
    this.#append = append;
    this.#writer = new parquet.ParquetWriter({
      writer: this.#bytes,
      schema: schemaOf(columns),
      createdBy: "dnpc",
    });
    this.#collected = columns.map((column) => collector(column, readers));
  }

  /** Adds rows, each an array with a cell for each column. */
  addRows(rows: Rows): void {
    this.#add(rows.length, (from, to) => {
      this.#collected.forEach((column, i) =>
        column.addCells(rows, i, from, to)
      );
    });
  }

  /** Adds rows that are given as an array for each column. */
  addColumns(columns: readonly Numbers[]): void {
    this.#add(columns[0]!.length, (from, to) => {
      this.#collected.forEach((column, i) =>
        column.addNumbers(columns[i]!, from, to)
      );
    });
  }

  #add(length: number, add: (from: number, to: number) => void): void {
    for (let from = 0; from < length;) {
      const to = Math.min(length, from + rowGroupSize - this.#pending);
      add(from, to);
      this.#pending += to - from;
      from = to;
      let texts = 0;
      for (const { textLength } of this.#collected) texts += textLength;
      const isFull = this.#pending === rowGroupSize || texts > maxTextLength;
      if (isFull) this.#writeGroup();
    }
  }

  finish(): void {
    if (this.#pending > 0) this.#writeGroup();
    this.#writer.finish();
    this.#flush();
  }

  #writeGroup(): void {
    const rows = this.#pending;
    const start = this.#bytes.offset;
    const columns = this.#collected.map((column, i) =>
      this.#writeColumn(this.#columns[i]!, rows, column.take())
    );
    this.#writer.num_rows += BigInt(rows);
    this.#writer.row_groups.push({
      columns,
      num_rows: BigInt(rows),
      total_byte_size: columns.reduce(
        (sum, { meta_data }) => sum + meta_data.total_uncompressed_size,
        0n,
      ),
      total_compressed_size: BigInt(this.#bytes.offset - start),
    });
    this.rows += rows;
    this.#pending = 0;
    this.#flush();
  }

  /** Writes the pages of a column. Returns what the end of the file says of it. */
  #writeColumn(
    { name, type }: FileColumn,
    rows: number,
    column: EncodedColumn,
  ) {
    const { encoding, levels, nulls, values, dictionary, min, max } = column;
    const start = this.#bytes.offset;
    let size = 0;
    if (dictionary) {
      size += this.#writePage(dictionary.values, {
        type: "DICTIONARY_PAGE",
        dictionary_page_header: {
          num_values: dictionary.length,
          encoding: "PLAIN",
        },
      });
    }
    const dataStart = this.#bytes.offset;
    size += this.#writePage(
      isNullable(type) ? joined(levels, values) : values,
      {
        type: "DATA_PAGE",
        data_page_header: {
          num_values: rows,
          encoding,
          definition_level_encoding: "RLE",
          repetition_level_encoding: "RLE",
        },
      },
    );
    return {
      file_offset: BigInt(start),
      meta_data: {
        type: physicalTypes[type],
        encodings: dictionary ? ["PLAIN" as const, encoding] : [encoding],
        path_in_schema: [name],
        codec: "ZSTD" as const,
        num_values: BigInt(rows),
        total_compressed_size: BigInt(this.#bytes.offset - start),
        total_uncompressed_size: BigInt(size),
        data_page_offset: BigInt(dataStart),
        dictionary_page_offset: dictionary && BigInt(start),
        statistics: {
          min_value: min,
          max_value: max,
          null_count: BigInt(nulls),
        },
      },
    };
  }

  /** Returns the bytes of the page without compression. */
  #writePage(
    content: Uint8Array,
    header: Pick<
      Parameters<typeof pages.writePageHeader>[1],
      "type" | "dictionary_page_header" | "data_page_header"
    >,
  ): number {
    // DuckDB, Spark and zlib compare the checksum, and so find damage in a page.
    const params = { [zlib.constants.ZSTD_c_checksumFlag]: 1 };
    const compressed = zlib.zstdCompressSync(content, { params });
    const start = this.#bytes.offset;
    pages.writePageHeader(this.#bytes, {
      uncompressed_page_size: content.length,
      compressed_page_size: compressed.length,
      ...header,
    });
    const size = this.#bytes.offset - start + content.length;
    this.#bytes.appendBytes(compressed);
    return size;
  }

  #flush(): void {
    const bytes = this.#bytes.getBytes();
    this.#append(bytes);
    this.bytes += bytes.length;
    this.#bytes.index = 0;
  }
}

/** Returns the bytes of a page: the length of the levels, the levels, the values. */
function joined(levels: Uint8Array, values: Uint8Array): Uint8Array {
  const start = Uint32Array.BYTES_PER_ELEMENT;
  const content = new Uint8Array(start + levels.length + values.length);
  new DataView(content.buffer).setUint32(0, levels.length, true);
  content.set(levels, start);
  content.set(values, start + levels.length);
  return content;
}
