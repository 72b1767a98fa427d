import { isPromise, isQuery, whatIs } from "../display/text/mistakes.ts";
import { counted } from "../display/text/format.ts";
import type { SqlParameter, SqlParameters } from "./values.ts";
import { DatabaseError } from "./errors.ts";
import type { Statement } from "./statement.ts";

/**
 * A parameter as the engines take it: a safe integer or a bigint is an
 * INTEGER, any other number a REAL.
 */
export type BoundValue = null | number | bigint | string | Uint8Array | Real;

/** A whole number to be stored as a REAL. */
export class Real {
  constructor(readonly value: number) {}
}

/**
 * Checks and normalises the values for a statement and puts them in SQLite's
 * order, the same for every engine.
 *
 * @throws {TypeError} for a value that SQLite has no type for
 * @throws {RangeError} for a bigint that does not fit into 64 bits
 * @throws {DatabaseError} if values and parameters do not match
 */
export function bindParameters(
  statement: Statement,
  given: SqlParameters = [],
): BoundValue[] {
  return Array.isArray(given)
    ? bindPositions(statement, given)
    : bindNames(statement, given as Exclude<SqlParameters, readonly unknown[]>);
}

/**
 * The SQL literal that reads as the same value as the bound parameter.
 *
 * @param where the parameter's number, for the error
 * @throws {TypeError} for a value that SQLite has no type for
 */
export function literalOf(value: SqlParameter, where: number): string {
  const bound = boundValue(value, where);
  if (bound === null) return "NULL";
  if (typeof bound === "string") return textLiteral(bound);
  if (bound instanceof Real) return numberLiteral(`${bound.value}.0`);
  if (bound instanceof Uint8Array) return `X'${bound.toHex()}'`;
  return numberLiteral(
    Number.isSafeInteger(bound) || typeof bound === "bigint"
      ? `${bound}`
      : realLiteral(bound),
  );
}

// Control and format characters would reach the terminal, or end a line there.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function textLiteral(text: string): string {
  const parts = text.split(new RegExp(`(${unprintable.source}+)`, "u"))
    .filter((part) => part !== "")
    .map((part) =>
      unprintable.test(part)
        ? `char(${Array.from(part, (char) => char.codePointAt(0)).join(", ")})`
        : `'${part.replaceAll("'", "''")}'`
    );
  return parts.length > 1 ? `(${parts.join(" || ")})` : parts[0] ?? "''";
}

// A bare minus behind another one would begin a comment.
const numberLiteral = (digits: string): string =>
  digits.startsWith("-") ? `(${digits})` : digits;

const denominators = [
  ...Array.from({ length: 15 }, (_, i) => 10 ** (i + 1)),
  ...Array.from({ length: 62 }, (_, i) => 2 ** (i + 1)),
];

/**
 * SQLite does not round every decimal fraction to the nearest double, but it
 * divides whole numbers exactly.
 */
function realLiteral(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "9e999" : "-9e999";
  if (Number.isInteger(value)) return value.toExponential();
  for (const denominator of denominators) {
    const numerator = Math.round(value * denominator);
    if (!Number.isSafeInteger(numerator)) continue;
    if (numerator / denominator === value) {
      return `(${numerator}.0 / ${BigInt(denominator)})`;
    }
  }
  return String(value);
}

/**
 * Normalises one value for every engine.
 *
 * @param where the parameter's name or number, for the error
 */
function boundValue(
  value: SqlParameter,
  where: string | number,
): BoundValue {
  switch (typeof value) {
    case "number":
      return Number.isNaN(value) ? null : value;
    case "string":
      return boundText(value);
    case "boolean":
      return value ? 1 : 0;
    case "bigint":
      if (BigInt.asIntN(64, value) !== value) {
        throw new RangeError(
          `parameter ${where} is ${value}, which does not fit into ` +
            "SQLite's 64 bit INTEGER: bind it as text",
        );
      }
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return value;
  if (value instanceof Date) return boundDate(value);
  throw new TypeError(
    `parameter ${where} is ${describeValue(value)}, which SQLite has no type ` +
      "for: give a number, text, boolean, Date, bigint, Uint8Array or null",
  );
}

function bindPositions(
  { sql, parameterCount, firstNamed }: Statement,
  given: readonly SqlParameter[],
): BoundValue[] {
  if (given.length !== parameterCount) {
    throw new DatabaseError(
      `the statement has ${counted(parameterCount, "parameter")}, ` +
        `and ${counted(given.length, "value")} ${
          given.length === 1 ? "was" : "were"
        } given` + (given.length === 0 && parameterCount > 1
          ? ". A query of the sql tag goes into another one by the tag, " +
            "sql`SELECT ... FROM (${query})`: its text alone lacks its values"
          : ""),
      sql,
    );
  }
  if (firstNamed !== undefined) {
    throw new DatabaseError(
      `the statement names its parameter ${firstNamed}: ` +
        `give an object, { ${firstNamed.slice(1)}: value }`,
      sql,
    );
  }
  // No map(): it would pass over the holes of a sparse array.
  const values: BoundValue[] = [];
  for (let i = 0; i < given.length; i++) {
    values.push(boundValue(given[i]!, i + 1));
  }
  return values;
}

function bindNames(
  { sql, parameters, parameterCount }: Statement,
  given: Readonly<Record<string, SqlParameter>>,
): BoundValue[] {
  const values = new Array<BoundValue>(parameterCount).fill(null);
  const used = new Set<string>();
  for (const { text, index } of parameters) {
    if (text.startsWith("?")) {
      throw new DatabaseError(
        `the statement has the parameter ${text}, which has no name: ` +
          "give an array, or name all parameters",
        sql,
      );
    }
    const key = [text, text.slice(1)].find((key) => Object.hasOwn(given, key));
    if (key === undefined) {
      throw new DatabaseError(`no value was given for ${text}`, sql);
    }
    used.add(key);
    values[index - 1] = boundValue(given[key]!, text);
  }
  const unknown = Object.keys(given).filter((key) => !used.has(key));
  if (unknown.length > 0) {
    throw new DatabaseError(
      `the statement has no parameter named ${unknown.join(", ")}`,
      sql,
    );
  }
  return values;
}

/** The text as SQLite stores it. */
export function boundText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\0") ? whole.replaceAll("\0", "\u2400") : whole;
}

function boundDate(date: Date): BoundValue {
  const seconds = date.getTime() / 1000;
  if (Number.isNaN(seconds)) return null;
  return Number.isInteger(seconds) ? new Real(seconds) : seconds;
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (isQuery(value)) {
    return "a query (put it into the text, sql`SELECT ... FROM (${query})`)";
  }
  if (isPromise(value)) return whatIs(value);
  if (typeof value !== "object") {
    return value === undefined ? "undefined" : `a ${typeof value}`;
  }
  const name = value?.constructor?.name ?? "object";
  return `${/^[AEIOU]/i.test(name) ? "an" : "a"} ${name}`;
}
