import type { Row } from "dnpc/sql";
import type { ParquetFile } from "./file.ts";

/** Rows on their way into files, one for each run. */
export interface Partitions {
  add(run: string | null | undefined, row: Row): void;
  open(run: string | null | undefined): void;
  finish(): void;
}

// A row group is worth its columns' headers; and memory has to hold it.
const mostOfOne = 100_000;
const mostOfAll = 300_000;

/** Holds rows back until there are enough for a row group. */
export function partitions(
  openFile: (run: string | null | undefined) => ParquetFile,
): Partitions {
  const parts = new Map<
    string | null | undefined,
    { file: ParquetFile; rows: Row[] }
  >();
  let held = 0;
  const flush = (part: { file: ParquetFile; rows: Row[] }) => {
    if (part.rows.length) part.file.write(part.rows);
    held -= part.rows.length;
    part.rows = [];
  };
  const open = (run: string | null | undefined) => {
    const known = parts.get(run);
    if (known) return known;
    const part = { file: openFile(run), rows: [] };
    parts.set(run, part);
    return part;
  };
  return {
    add(run, row) {
      const part = open(run);
      part.rows.push(row);
      held++;
      if (part.rows.length >= mostOfOne) flush(part);
      else if (held >= mostOfAll) parts.forEach(flush);
    },
    open,
    finish() {
      for (const part of parts.values()) {
        flush(part);
        part.file.finish();
      }
    },
  };
}
