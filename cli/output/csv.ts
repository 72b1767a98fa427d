import type { SqlValue } from "dnpc/sql";
import { plainText } from "./values.ts";

/**
 * A record of comma-separated values, as RFC 4180 has it. NULL is nothing at
 * all, the empty text a pair of quotes.
 */
export const csvRecord = (values: readonly SqlValue[]): string =>
  values.map(csvField).join(",") + "\r\n";

/**
 * The names of columns, all in quotes: a reader that looks at the first rows
 * alone, as DuckDB does, then knows that there may be quotes.
 */
export const csvHeader = (names: readonly string[]): string =>
  names.map(inQuotes).join(",") + "\r\n";

function csvField(value: SqlValue): string {
  const text = plainText(value);
  return text === "" && value !== null || /[",\r\n]/.test(text)
    ? inQuotes(text)
    : text;
}

const inQuotes = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * A line of tab-separated values. What would break the line, or a terminal, is
 * written as \t, \n, \r, \\ or \x1b; NULL is nothing at all.
 */
export const tsvLine = (values: readonly SqlValue[]): string =>
  values.map((value) => plainText(value).replace(special, escaped))
    .join("\t") + "\n";

// deno-lint-ignore no-control-regex
const special = /[\0-\x1f\\\x7f-\x9f]/g;

const named: Record<string, string> = {
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\\": "\\\\",
};

const escaped = (character: string): string =>
  named[character] ??
    `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
