import { type Row, rowChunks, type SqlValue } from "dnpc/sql";
import { counted } from "../display/text/format.ts";
import { listingText } from "../display/text/listing.ts";
import {
  listingWidth,
  type QuestionRowsOptions,
  rowsTable,
  shownNames,
} from "../display/text/rows.ts";
import { linesOf, tableText } from "../display/text/table.ts";
import type { Sink } from "./output.ts";

/** Rows, and the names of their columns even if there are no rows. */
export interface TableRows {
  columns: readonly string[];
  rows: Iterable<Row>;
  /** How a table shows them. */
  show?: QuestionRowsOptions | undefined;
}

/** Options of the formats. */
export interface FormatOptions {
  /** Size of the terminal that a table must fit. By default it need not. */
  terminal?: { columns: number; rows: number } | undefined;
  /** Whether csv and tsv name the columns. By default true. */
  hasHeader?: boolean;
  /**
   * Whether a spreadsheet must not take text of csv and tsv for a formula. By
   * default false: values are written as they are.
   */
  isSafe?: boolean;
}

/** Rows of a table per line of column names. */
const pageRows = 10_000;

type Write = (rows: TableRows, out: Sink, options?: FormatOptions) => void;

/** The formats of rows, by name. */
export const rowFormats: Readonly<Record<string, Write>> = {
  table({ columns, rows, show = {} }, out, { terminal } = {}) {
    const { heading, listing, ...options } = show;
    const text = listing?.(rows as never[], Infinity);
    if (text) {
      out.write(listingText(text, terminal?.columns ?? listingWidth) + "\n");
      return;
    }
    const width = terminal?.columns ?? Infinity;
    let count = 0;
    const write = (page: readonly Row[]): boolean => {
      const table = rowsTable(page, shownNames(columns, show), {
        ...options,
        all: true,
      });
      const shown = tableText({
        ...table,
        heading: count === 0 ? heading : undefined,
        caption: undefined,
        more: (column, isCut) => column || isCut ? "--format csv" : undefined,
      }, { width });
      count += page.length;
      return out.write(`${shown}\n`);
    };
    // Each page has its own widths: all rows may not fit into memory.
    for (const page of rowChunks(rows, pageRows)) if (!write(page)) return;
    if (count === 0 && columns.length > 0) write([]);
    const writeHeading = () =>
      heading && out.write(linesOf(heading, width).join("\n") + "\n");
    // Rows that are none have no table to begin with it.
    if (count === 0 && columns.length === 0) writeHeading();
    out.write(`${counted(count, "row")}\n`);
    // The first line of a long table has left the terminal.
    if (count > (terminal?.rows ?? Infinity)) writeHeading();
  },
  csv: byRecord(csvRecord),
  tsv: byRecord(tsvLine),
  json({ rows }, out) {
    let before = "[";
    for (const row of rows) {
      if (!out.write(`${before}\n${jsonText(row)}`)) return;
      before = ",";
    }
    out.write(before === "[" ? "[]\n" : "\n]\n");
  },
  ndjson({ rows }, out) {
    for (const row of rows) if (!out.write(`${jsonText(row)}\n`)) return;
  },
};

/** The format for a file name, by its extension. */
export function formatOf(path: string): string | undefined {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const other: Record<string, string> = { jsonl: "ndjson", txt: "table" };
  const format = other[extension] ?? extension;
  return Object.hasOwn(rowFormats, format) ? format : undefined;
}

function byRecord(record: (values: readonly SqlValue[]) => string): Write {
  return ({ columns, rows }, out, { hasHeader = true, isSafe } = {}) => {
    const cell = isSafe ? withoutFormula : (value: SqlValue) => value;
    if (hasHeader && columns.length) out.write(record(columns.map(cell)));
    for (const row of rows) {
      if (!out.write(record(columns.map((name) => cell(row[name]!))))) return;
    }
  };
}

/**
 * Puts an apostrophe before text that a spreadsheet would execute, so that it
 * shows the text instead. Numbers are data, also as text.
 */
export function withoutFormula(value: SqlValue): SqlValue {
  if (typeof value !== "string" || !/^[=+\-@\t\r]/.test(value)) return value;
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(value)
    ? value
    : `'${value}`;
}

/** A value as plain text, bytes in hexadecimal as SQLite's hex() writes them. */
export function valueText(value: SqlValue): string {
  if (value === null) return "";
  if (value instanceof Uint8Array) return value.toHex().toUpperCase();
  return String(value);
}

/** A record as in RFC 4180. NULL is nothing at all, empty text is quoted. */
export function csvRecord(values: readonly SqlValue[]): string {
  const fields = values.map((value) => {
    const text = valueText(value);
    const isQuoted = text === "" && value !== null || /[",\r\n]/.test(text);
    return isQuoted ? csvQuoted(text) : text;
  });
  return fields.join(",") + "\r\n";
}

/**
 * A header with all names quoted. DuckDB looks at the first rows only and
 * would otherwise miss that later ones have quotes.
 */
export const csvHeader = (names: readonly string[]): string =>
  names.map(csvQuoted).join(",") + "\r\n";

const csvQuoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * A line of tab-separated values. Control characters become \t, \n, \r, \\ or
 * \x1b, so that they break neither the line nor a terminal. NULL is empty.
 */
export function tsvLine(values: readonly SqlValue[]): string {
  const fields = values.map((value) =>
    valueText(value).replace(tsvSpecial, tsvEscape)
  );
  return fields.join("\t") + "\n";
}

// deno-lint-ignore no-control-regex
const tsvSpecial = /[\0-\x1f\\\x7f-\x9f]/g;

const tsvEscapes: Record<string, string> = {
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\\": "\\\\",
};

const tsvEscape = (character: string): string =>
  tsvEscapes[character] ?? `\\x${hexCode(character, 2)}`;

/**
 * Data as JSON without control characters: a bigint with all its digits, bytes
 * in hexadecimal.
 */
export const jsonText = (data: unknown, indent?: number): string =>
  JSON.stringify(data, jsonValue, indent)
    // JSON.stringify escapes only those below U+0020.
    .replace(/[\x7f-\x9f]/g, (character) => `\\u${hexCode(character, 4)}`);

function jsonValue(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return valueText(value);
  if (typeof value === "bigint") return rawJson(String(value));
  // As the sqlite3 shell writes it: every reader takes this for infinite.
  if (value === Infinity) return rawJson("1e999");
  return value === -Infinity ? rawJson("-1e999") : value;
}

const hexCode = (character: string, digits: number): string =>
  character.charCodeAt(0).toString(16).padStart(digits, "0");

// Missing from TypeScript's types.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
