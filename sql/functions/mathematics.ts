import {
  numeric,
  type ScalarFunction,
  type SqlArgument,
  type SqlResult,
} from "./values.ts";

/**
 * SQLite's built-in mathematical functions, which node:sqlite lacks. sql.js has
 * them from another C library; these replace them, so that both engines give
 * the same bits. As in SQLite, the result is NULL for a value that is not a number
 * and if there is no result.
 */
export const mathematics: readonly ScalarFunction[] = [
  { name: "pi", arity: 0, evaluate: () => Math.PI },
  ...("acos acosh asin asinh atan atan2 atanh cos cosh exp sin sinh sqrt tan " +
    "tanh").split(" ").map((name) => ofNumbers(name, Math[name as "atan2"])),
  ofNumbers("degrees", (x) => x * (180 / Math.PI)),
  ofNumbers("radians", (x) => x * (Math.PI / 180)),
  ofNumbers("ln", logarithm(Math.log)),
  ofNumbers("log10", logarithm(Math.log10)),
  ofNumbers("log2", logarithm(Math.log2)),
  ofNumbers("mod", (x, y) => x % y),
  ofNumbers("pow", power),
  ofNumbers("power", power),
  { name: "log", arity: -1, evaluate: log },
];

function ofNumbers(
  name: string,
  compute: (x: number, y: number) => number,
): ScalarFunction {
  return {
    name,
    arity: compute.length,
    evaluate(first, second) {
      const x = numeric(first!);
      const y = second === undefined ? NaN : numeric(second);
      return x === null || y === null ? null : numberOrNull(compute(x, y));
    },
  };
}

function numberOrNull(result: number): SqlResult {
  return Number.isNaN(result) ? null : result;
}

// NULL, as in SQLite, and not the minus infinity of the C library.
function logarithm(compute: (x: number) => number) {
  return (x: number) => x > 0 ? compute(x) : NaN;
}

// These are NaN in JavaScript, but 1 in C and SQLite.
function power(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
}

/** log(X) to the base 10, or log(B, X) to the base B. */
function log(...values: SqlArgument[]): SqlResult {
  if (values.length < 1 || values.length > 2) {
    throw new TypeError("wrong number of arguments to function log()");
  }
  const [first, second] = values.map(numeric);
  if (first == null || second === null || first <= 0) return null;
  if (second === undefined) return numberOrNull(Math.log10(first));
  const base = Math.log(first);
  return base > 0 && second > 0 ? numberOrNull(Math.log(second) / base) : null;
}
