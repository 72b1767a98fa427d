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

/** A value as SQLite's text of it in JSON; undefined if it is missing. */
export function attributeText(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  const isText = ["string", "number", "bigint"].includes(typeof value);
  return isText ? String(value) : undefined;
}

/** An own member of a record. */
export function member(record: object, name: string): unknown {
  return Object.hasOwn(record, name)
    ? (record as Record<string, unknown>)[name]
    : undefined;
}
