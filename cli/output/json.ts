import type { Row, SqlValue } from "dnpc/sql";

/** A row as JSON: a bigint as all its digits, bytes in hexadecimal. */
export const jsonObject = (row: Row): string =>
  jsonText(Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, jsonValue(value)]),
  ));

/** Any data as JSON, which says nothing to a terminal. */
export const jsonText = (data: unknown, indent?: number): string =>
  JSON.stringify(data, bigintsToo, indent).replace(controls, escaped);

function jsonValue(value: SqlValue): unknown {
  if (value instanceof Uint8Array) return value.toHex().toUpperCase();
  // As the sqlite3 shell does: a number that every reader takes for infinite.
  if (value === Infinity) return rawJson("1e999");
  if (value === -Infinity) return rawJson("-1e999");
  return value;
}

const bigintsToo = (_: string, value: unknown) =>
  typeof value === "bigint" ? rawJson(String(value)) : value;

// JSON.stringify escapes the other control characters itself.
const controls = /[\x7f-\x9f]/g;

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

// TypeScript does not know it yet.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;
