import type { Row } from "dnpc/sql";
import { rowsTable } from "../../display/text/rows.ts";
import { tableText } from "../../display/text/table.ts";
import { csvRecord, tsvLine } from "./csv.ts";
import { jsonObject } from "./json.ts";
import type { Sink } from "./sink.ts";

/** Rows, and the names of their columns, which empty rows do not tell. */
export interface Rows {
  columns: readonly string[];
  rows: Iterable<Row>;
}

/** Writes rows; without a header, if there is one, if that is not wanted. */
export type Write = (rows: Rows, out: Sink, header: boolean) => void;

/** How rows are written, by the name of the format. */
export const formats: Readonly<Record<string, Write>> = {
  table({ columns, rows }, out) {
    const table = rowsTable([...rows], columns, { all: true });
    out.write(tableText(table, { width: Infinity }) + "\n");
  },
  csv: byRecord(csvRecord),
  tsv: byRecord(tsvLine),
  json({ rows }, out) {
    let before = "[";
    for (const row of rows) {
      if (!out.write(`${before}\n${jsonObject(row)}`)) return;
      before = ",";
    }
    out.write(before === "[" ? "[]\n" : "\n]\n");
  },
  ndjson({ rows }, out) {
    for (const row of rows) if (!out.write(`${jsonObject(row)}\n`)) return;
  },
};

function byRecord(record: typeof csvRecord): Write {
  return ({ columns, rows }, out, header) => {
    // Without rows there may be no columns either.
    if (header && columns.length) out.write(record(columns));
    for (const row of rows) {
      if (!out.write(record(columns.map((name) => row[name]!)))) return;
    }
  };
}

/** Which format the name of a file asks for. */
export const formatOf = (path: string): string | undefined =>
  byEnding[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ""];

const byEnding: Record<string, string> = {
  csv: "csv",
  tsv: "tsv",
  json: "json",
  ndjson: "ndjson",
  jsonl: "ndjson",
  txt: "table",
};
