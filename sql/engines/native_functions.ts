import type { DatabaseSync } from "node:sqlite";
import { aggregates, scalars } from "../functions/mod.ts";
import {
  type Aggregation,
  numeric,
  type ScalarFunction,
  type SqlArgument,
  type SqlResult,
  withLength,
} from "../functions/values.ts";
import type { SqlValue } from "../values.ts";

let failed: { thrown: unknown } | undefined;

/**
 * The first error that one of our functions threw in the running statement; only
 * one runs at a time. It must not reach node:sqlite: all() would loop for ever,
 * and an aggregate would crash.
 */
export const failure = {
  /** Forgets the error when a statement starts. */
  clear(): void {
    failed = undefined;
  },
  /** The result of the work, or null from the first error on. */
  catch(work: () => SqlResult): SqlResult {
    if (failed !== undefined) return null;
    try {
      return work();
    } catch (thrown) {
      failed = { thrown };
      return null;
    }
  },
  /** Throws the error, if any, when a statement has ended. */
  raise(): void {
    if (failed !== undefined) throw failed.thrown;
  },
};

/** Registers all functions, with their errors going into the failure. */
export function registerNativeFunctions(db: DatabaseSync): void {
  for (const [name, arity, work] of ofRows) {
    db.function(name, options(arity), work);
  }
  for (const [name, work] of ofGroups) db.aggregate(name, work);
}

/** Registers one function, with its errors going into the failure. */
export function registerScalar(
  db: DatabaseSync,
  { name, arity, evaluate }: ScalarFunction,
): void {
  db.function(name, options(arity), scalarWork(arity, evaluate));
}

const scalarWork = (
  arity: number,
  evaluate: ScalarFunction["evaluate"],
) =>
  withLength(
    Math.max(arity, 0),
    (...values: SqlValue[]) =>
      resultOf(failure.catch(() => evaluate(...values.map(argument)))),
  );

/**
 * The mathematical functions that return an INTEGER for an INTEGER, only for
 * node:sqlite: a function in sql.js cannot return one, and sql.js's own ones are
 * exact.
 */
const wholeNumberFunctions = [
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
) {
  const evaluate = (value: SqlValue) => {
    const x = parse(value);
    if (x === null) return null;
    return typeof x === "number" ? compute(x) : computeWhole(x);
  };
  return [name, 1, evaluate] as const;
}

const digits = /^\s*[+-]?\d+\s*$/;

function parse(value: SqlValue): null | number | bigint {
  if (typeof value !== "string") {
    return value instanceof Uint8Array ? null : value;
  }
  const rounded = numeric(value);
  if (rounded === null || !digits.test(value)) return rounded;
  const exact = BigInt(value.trim().replace(/^\+/, ""));
  return BigInt.asIntN(64, exact) === exact ? exact : rounded;
}

// Created once for all databases: node:sqlite never releases a function or the
// objects it refers to.
const ofRows = [
  ...scalars.map(({ name, arity, evaluate }) =>
    [name, arity, scalarWork(arity, evaluate)] as const
  ),
  ...wholeNumberFunctions,
];

const ofGroups = aggregates.map(({ name, arity, create }) => {
  const work = {
    ...options(arity),
    start: create,
    step: withLength(
      arity + 1,
      (state: Aggregation, ...values: SqlValue[]) => {
        failure.catch(() => {
          state.step(...values.map(argument));
          return null;
        });
        return state;
      },
    ),
    result: (state: Aggregation) =>
      resultOf(failure.catch(() => state.result())),
  };
  // The types only allow SQL values as the state, which can be any object.
  return [name, work as unknown as AggregateOptions] as const;
});

type AggregateOptions = Parameters<DatabaseSync["aggregate"]>[1];

// Without bigints, an INTEGER argument beyond 2^53 would loop for ever.
function options(arity: number) {
  return {
    useBigIntArguments: true,
    deterministic: true,
    directOnly: true,
    varargs: arity < 0,
  };
}

function argument(value: SqlValue): SqlArgument {
  return typeof value === "bigint" ? Number(value) : value;
}

function resultOf(result: SqlResult): null | number | bigint | string {
  return typeof result === "boolean" ? BigInt(result) : result;
}
