import { numeric } from "./values.ts";

/** An argument of a function in node:sqlite that asks for bigints. */
export type NativeArgument = null | number | bigint | string | Uint8Array;

/** A function that distinguishes INTEGER and REAL, in and out. */
export interface WholeNumberFunction {
  name: string;
  /** A bigint is an INTEGER, a number a REAL. */
  evaluate(value: NativeArgument): null | number | bigint;
}

/**
 * The mathematical functions that return an INTEGER for an INTEGER, only for
 * node:sqlite: a function in sql.js cannot return one, and sql.js's own ones are
 * exact.
 */
export const wholeNumberFunctions: readonly WholeNumberFunction[] = [
  ofNumber("ceil", Math.ceil),
  ofNumber("ceiling", Math.ceil),
  ofNumber("floor", Math.floor),
  ofNumber("trunc", Math.trunc),
  ofNumber("sign", sign, sign),
];

function sign(x: number | bigint): bigint | null {
  if (Number.isNaN(x)) return null;
  return x > 0 ? 1n : x < 0 ? -1n : 0n;
}

function ofNumber(
  name: string,
  compute: (x: number) => number | bigint | null,
  computeWhole: (x: bigint) => bigint | null = (x) => x,
): WholeNumberFunction {
  return {
    name,
    evaluate(value) {
      const x = parse(value);
      if (x === null) return null;
      return typeof x === "number" ? compute(x) : computeWhole(x);
    },
  };
}

const digits = /^\s*[+-]?\d+\s*$/;

function parse(value: NativeArgument): null | number | bigint {
  if (typeof value !== "string") {
    return value instanceof Uint8Array ? null : value;
  }
  const rounded = numeric(value);
  if (rounded === null || !digits.test(value)) return rounded;
  const exact = BigInt(value.trim().replace(/^\+/, ""));
  return BigInt.asIntN(64, exact) === exact ? exact : rounded;
}
