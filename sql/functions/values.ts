/**
 * A value that an SQL function is given. An INTEGER comes as a number, rounded
 * where it is past 2^53: sql.js knows no better.
 */
export type SqlArgument = null | number | string | Uint8Array;

/** What an SQL function gives back. A number becomes a REAL, true a 1. */
export type SqlResult = null | number | boolean | string;

/** A function of one row. */
export interface ScalarFunction {
  /** Its name in SQL. */
  name: string;
  /** How many arguments it takes; -1 is any number. */
  arity: number;
  /** May throw: the statement then fails with that message. */
  evaluate(...values: SqlArgument[]): SqlResult;
}

/** A function over the rows of a group. */
export interface AggregateFunction {
  /** Its name in SQL. */
  name: string;
  /** How many arguments it takes. */
  arity: number;
  /** What one group is gathered in. */
  create(): Aggregation;
}

/** One group on its way. */
export interface Aggregation {
  /** Takes one row. May throw. */
  step(...values: SqlArgument[]): void;
  /** The value for the group. May throw. */
  result(): SqlResult;
}

// With SQLite's idea of white space, which is ASCII.
const number = /^[ \t-\r]*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[ \t-\r]*$/i;

/** As SQLite reads a number: text counts if all of it is one. */
export function numeric(value: SqlArgument): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && number.test(value) ? Number(value) : null;
}

/** The number that an aggregate was given, or null for NULL. */
export function measured(name: string, value: SqlArgument): number | null {
  const measure = numeric(value);
  if (measure === null && value !== null) {
    throw new TypeError(`${name}() takes numbers, not ${describe(value)}`);
  }
  return measure;
}

/** A value for an error message. */
export function describe(value: SqlArgument): string {
  if (value === null) return "NULL";
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return `a blob of ${value.length} bytes`;
  const text = value.length > 60 ? `${value.slice(0, 59)}…` : value;
  return `the text ${JSON.stringify(text)}`;
}
