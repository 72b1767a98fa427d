/**
 * The SQL functions that both engines have beyond SQLite's own, as data: each
 * engine registers them in its own way.
 *
 * @module
 */

import { aggregates } from "./aggregates.ts";
import { mathematics } from "./mathematics.ts";
import { regularExpressions } from "./regular_expressions.ts";
import type { ScalarFunction } from "./values.ts";

/** Functions of a single row. */
export const scalars: readonly ScalarFunction[] = [
  ...mathematics,
  ...regularExpressions,
];

export { aggregates };

/** The names of all functions, as Statement.words has them. */
export const functionNames: ReadonlySet<string> = new Set(
  [...scalars, ...aggregates].map(({ name }) => name.toUpperCase()),
);

/** The names that Database.define() has registered, in any database. */
export const definedNames: Set<string> = new Set();
