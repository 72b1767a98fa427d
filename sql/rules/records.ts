import type { Contradiction } from "./report.ts";

/**
 * Records after a step that brings what they say together: an iterable itself,
 * so that steps follow each other.
 */
export interface Merged<T> extends Iterable<T> {
  /** All records, in their order; those that did not change are the same ones. */
  records: T[];
  /** How many records changed. */
  changed: number;
  /** How many contradictions there are; nothing was made of these. */
  contradicted: number;
  /** Contradictions in full: the first hundred of each rule. */
  contradictions: Contradiction<RecordSide<T>>[];
}

/** One side of a contradiction among records. */
export interface RecordSide<T> {
  /** What is said by the record. */
  values: Record<string, string | null>;
  /** The record. */
  record: T;
}

/** A record, by the names of its members. */
export type Members = Record<string, unknown>;

/** How many contradictions of each rule are kept. */
export const mostContradictions = 100;

/** The result before anything has changed. */
export function unchanged<T>(records: T[]): Merged<T> {
  const merged: Merged<T> = {
    ...{ records, changed: 0, contradicted: 0, contradictions: [] },
    [Symbol.iterator]: () => merged.records[Symbol.iterator](),
  };
  // What is shown of it is what it says.
  return Object.defineProperty(merged, Symbol.iterator, { enumerable: false });
}

/** A value as text, as SQLite has what is in JSON; undefined where it is none. */
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

/** Sets a member; one named __proto__ as well. */
export function setMember(record: Members, name: string, value: unknown): void {
  if (name !== "__proto__") record[name] = value;
  else {
    Object.defineProperty(record, name, {
      ...{ value, enumerable: true, configurable: true, writable: true },
    });
  }
}

/** A member of the record's own. */
export function member(record: object, name: string): unknown {
  return Object.hasOwn(record, name) ? (record as Members)[name] : undefined;
}

/** The values of all the members in one text; undefined if one is missing. */
export function keyOf(
  record: object,
  names: readonly string[],
): string | undefined {
  if (names.length === 1) return textOf(member(record, names[0]!));
  let key = "";
  for (const name of names) {
    const text = textOf(member(record, name));
    if (text === undefined) return undefined;
    key += `${text.length}:${text}`;
  }
  return key;
}
