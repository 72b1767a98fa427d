import type { Merged } from "./report.ts";

/** A record, by the names of its members. */
export type Members = Record<string, unknown>;

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
export function textOf(value: unknown): string | undefined {
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

/** Sets a member, even one named __proto__. */
export function setMember(record: Members, name: string, value: unknown): void {
  if (name !== "__proto__") record[name] = value;
  else {
    Object.defineProperty(record, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}

/** An own member of a record. */
export function member(record: object, name: string): unknown {
  return Object.hasOwn(record, name) ? (record as Members)[name] : undefined;
}
