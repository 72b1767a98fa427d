import type { Merged } from "./report.ts";

/** The result before anything has changed. */
export function unchanged<T>(records: T[]): Merged<T> {
  const merged: Merged<T> = {
    records,
    changed: 0,
    contradicted: 0,
    contradictions: [],
    [Symbol.iterator]: () => merged.records[Symbol.iterator](),
  };
  // Not enumerable, so that a notebook does not show it.
  return Object.defineProperty(merged, Symbol.iterator, { enumerable: false });
}

/** A value as the text that SQLite makes of it in JSON; undefined if none. */
export function attributeText(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "1" : "0";
    case "object":
      return value === null ? undefined : JSON.stringify(value);
  }
  return undefined;
}

/** An own member of a record. */
export function member(record: object, name: string): unknown {
  return Object.hasOwn(record, name)
    ? (record as Record<string, unknown>)[name]
    : undefined;
}
