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
  ofOne("acos", Math.acos),
  ofOne("acosh", Math.acosh),
  ofOne("asin", Math.asin),
  ofOne("asinh", Math.asinh),
  ofOne("atan", Math.atan),
  ofOne("atanh", Math.atanh),
  ofOne("cos", Math.cos),
  ofOne("cosh", Math.cosh),
  ofOne("degrees", (x) => x * (180 / Math.PI)),
  ofOne("exp", Math.exp),
  ofOne("ln", logarithm(Math.log)),
  ofOne("log10", logarithm(Math.log10)),
  ofOne("log2", logarithm(Math.log2)),
  ofOne("radians", (x) => x * (Math.PI / 180)),
  ofOne("sin", Math.sin),
  ofOne("sinh", Math.sinh),
  ofOne("sqrt", Math.sqrt),
  ofOne("tan", Math.tan),
  ofOne("tanh", Math.tanh),
  ofTwo("atan2", Math.atan2),
  ofTwo("mod", (x, y) => x % y),
  ofTwo("pow", power),
  ofTwo("power", power),
  { name: "log", arity: -1, evaluate: log },
];

function ofOne(name: string, compute: (x: number) => number): ScalarFunction {
  return {
    name,
    arity: 1,
    evaluate(value) {
      const x = numeric(value!);
      return x === null ? null : answer(compute(x));
    },
  };
}

function ofTwo(
  name: string,
  compute: (x: number, y: number) => number,
): ScalarFunction {
  return {
    name,
    arity: 2,
    evaluate(first, second) {
      const x = numeric(first!);
      const y = numeric(second!);
      return x === null || y === null ? null : answer(compute(x, y));
    },
  };
}

function answer(result: number): SqlResult {
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
  if (second === undefined) return answer(Math.log10(first));
  const base = Math.log(first);
  return base > 0 && second > 0 ? answer(Math.log(second) / base) : null;
}
