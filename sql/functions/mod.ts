/**
 * The SQL functions that both engines have beyond SQLite's own, as data: each
 * engine registers them in its own way.
 *
 * @module
 */

import { mathematics } from "./mathematics.ts";
import { moments } from "./moments.ts";
import { percentiles } from "./percentiles.ts";
import { regularExpressions } from "./regular_expressions.ts";
import type { AggregateFunction, ScalarFunction } from "./values.ts";

/** Functions of a single row. */
export const scalars: readonly ScalarFunction[] = [
  ...mathematics,
  ...regularExpressions,
];

/** Functions over the rows of a group. */
export const aggregates: readonly AggregateFunction[] = [
  ...percentiles,
  ...moments,
];

/** The names of all functions, as Statement.words has them. */
export const functionNames: ReadonlySet<string> = new Set(
  [...scalars, ...aggregates].map(({ name }) => name.toUpperCase()),
);
