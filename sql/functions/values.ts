/**
 * An argument of an SQL function. An INTEGER beyond 2^53 is rounded, because
 * sql.js cannot pass it exactly.
 */
export type SqlArgument = null | number | string | Uint8Array;

/** The result of an SQL function. A number becomes a REAL, true a 1. */
export type SqlResult = null | number | boolean | string;

/** A function of a single row. */
export interface ScalarFunction {
  name: string;
  /** Number of arguments; -1 is any number. */
  arity: number;
  /** May throw: the statement then fails with that message. */
  evaluate(...values: SqlArgument[]): SqlResult;
}

/** A function over the rows of a group. */
export interface AggregateFunction {
  name: string;
  /** Number of arguments. */
  arity: number;
  /** Starts a group. */
  create(): Aggregation;
}

/** The state of one group. */
export interface Aggregation {
  /** Adds a row. May throw. */
  step(...values: SqlArgument[]): void;
  /** The value for the group. May throw. */
  result(): SqlResult;
}

// White space as in SQLite, which is ASCII.
const number =
  /^[ \t-\r]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?[ \t-\r]*$/i;

/** A number as SQLite reads it: text counts if all of it is a number. */
export function numeric(value: SqlArgument): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" && number.test(value) ? Number(value) : null;
}

/** A numeric argument of an aggregate, or null for NULL. */
export function measured(name: string, value: SqlArgument): number | null {
  const measure = numeric(value);
  if (measure === null && value !== null) {
    throw new TypeError(
      `${name}() takes numbers, not ${describeArgument(value)}`,
    );
  }
  return measure;
}

/** A value for an error message. */
export function describeArgument(value: SqlArgument): string {
  if (value === null) return "NULL";
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return `a blob of ${value.length} bytes`;
  const text = value.length > 60 ? `${value.slice(0, 59)}…` : value;
  return `the text ${JSON.stringify(text)}`;
}

/** A function with this `length`, which engines take for its arguments. */
export function withLength<F extends object>(length: number, work: F): F {
  return Object.defineProperty(work, "length", { value: length });
}
