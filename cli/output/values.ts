import type { SqlValue } from "dnpc/sql";

/** A value as plain text; bytes in hexadecimal, as SQLite's hex() has them. */
export function plainText(value: SqlValue): string {
  if (value === null) return "";
  if (value instanceof Uint8Array) return value.toHex().toUpperCase();
  return String(value);
}
