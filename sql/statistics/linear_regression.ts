import { checkOptions } from "../../display/text/mistakes.ts";
import type { Sql } from "../sql_text.ts";
import { sql } from "../template.ts";
import crossProductsText from "./cross_products.sql" with { type: "text" };
import linearRegressionText from "./linear_regression.sql" with {
  type: "text",
};
import sweepText from "./sweep.sql" with { type: "text" };
import {
  checkGroups,
  groupNames,
  groupPlaces,
  knownRows,
  raw,
  type StatisticsOptions,
} from "./known_rows.ts";

/** Columns of {@linkcode linearRegression}. */
export interface LinearRegressionOptions extends StatisticsOptions {
  /** The column that is explained, a number. */
  y: string;
  /** The regressor, or regressors: columns with numbers, or 0 and 1. At most 20. */
  x: string | readonly string[];
}

/**
 * Fits a linear regression with several regressors to the rows of any query, by
 * group: how much each of them adds to `y` while the others stay the same.
 *
 * The columns: those of `by`; term, "intercept" or the name of a regressor;
 * coefficient, in units of y per unit of the regressor; standard_error of the
 * coefficient; t, their ratio; r_squared, the share of the variance of y that all
 * terms explain together; n, the number of rows. By ordinary least squares;
 * values beyond 2 or below -2 of t are rarely chance, if the rows are independent.
 *
 * Rows with a NULL in any of the columns are left out. A regressor that those
 * before it determine has a NULL as coefficient, and no effect on the others. The
 * SQL uses no functions but `sqrt`: `String(query)` runs in other databases, too.
 * One pass over the rows, and a sort for the groups.
 *
 * @param rows a query
 * @returns a query, to run or to put in parentheses in another query
 * @throws {RangeError} without regressors, or for more than 20
 * @throws {TypeError} for an unknown option, or a group named like a column of the
 * result
 *
 * @example
 * ```ts
 * import { linearRegression, openDatabase, sql } from "dnpc/sql";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * // 3 s, and 2 s per file, and 0.5 s per task in the queue.
 * const rows = sql`SELECT column1 AS files, column2 AS queue,
 *     3 + 2 * column1 + 0.5 * column2 AS seconds
 *   FROM (VALUES (1, 4), (2, 0), (5, 1), (7, 3))`;
 * const fit = db.query(linearRegression(rows, {
 *   y: "seconds",
 *   x: ["files", "queue"],
 * }));
 * assert.deepEqual(
 *   fit.map(({ term, coefficient }) => [term, Number(coefficient).toFixed(6)]),
 *   [["intercept", "3.000000"], ["files", "2.000000"], ["queue", "0.500000"]],
 * );
 * ```
 */
export function linearRegression(
  rows: Sql | string,
  options: LinearRegressionOptions,
): Sql {
  checkOptions("linearRegression", options, { y: true, x: true, by: true });
  const { y } = options;
  const x = [options.x].flat();
  const by = [options.by ?? []].flat();
  if (x.length === 0 || x.length > maxRegressors) {
    throw new RangeError(
      `a regression has 1 to ${maxRegressors} regressors, not ${x.length}`,
    );
  }
  checkGroups(
    by,
    ["term", "coefficient", "standard_error", "t", "r_squared", "n"],
  );
  const places = [...x, y].map((_, i) => i + 1);
  const indices = [0, ...places];
  const cells = indices.flatMap((i) => indices.map((j) => [i, j] as const))
    .filter(([i, j]) => i > 0 || j > 0);
  const groups = groupPlaces(by);
  const products = sql.module(crossProductsText, {
    known: knownRows(rows, [...x, y], by),
    groups,
    centred: raw(
      places.map((i) =>
        `v${i} - avg(v${i}) OVER own AS d${i}, avg(v${i}) OVER own AS a${i}`
      ),
    ),
    sums: raw([
      ...places.map((i) => `max(a${i}) AS a${i}`),
      ...cells.filter(([i, j]) => i > 0 && i <= j).map(([i, j]) =>
        `sum(d${i} * d${j}) - sum(d${i}) * sum(d${j}) / count(*) AS s${i}_${j}`
      ),
    ]),
    cells: raw([`VALUES ${cells.map(([i, j]) => `(${i}, ${j})`).join(", ")}`]),
    value: caseOf(
      `i * ${indices.length} + j`,
      cells.map(([i, j]) => [
        i * indices.length + j,
        i === 0 || j === 0
          ? `a${i + j}`
          : `s${Math.min(i, j)}_${Math.max(i, j)}`,
      ]),
    ),
    size: caseOf("i", places.map((i) => [i, `s${i}_${i}`])),
  });
  // The first matrix is m0.
  const steps = [
    products,
    ...x.map((_, i) =>
      sql.module(sweepText, {
        matrix: raw([`m${i}`]),
        pivot: raw([i + 1]),
        groups,
      })
    ),
  ];
  const terms = x.map((name, i) => sql`WHEN ${raw([i + 1])} THEN ${name}`);
  return sql.module(linearRegressionText, {
    steps: sql.join(
      steps.map((query, i) =>
        sql`${raw([`m${i}`])} AS MATERIALIZED (\n${query}\n)`
      ),
    ),
    swept: raw([`m${x.length}`]),
    y: raw([places.length]),
    term: sql`CASE i ${sql.join(terms, " ")} ELSE 'intercept' END`,
    groups,
    columns: groupNames(by),
  });
}

/** An expression that has one of some values, by a whole number. */
const caseOf = (
  number: string,
  values: readonly (readonly [number: number, value: string])[],
): Sql =>
  raw([
    `CASE ${number} ${
      values.map(([number, value]) => `WHEN ${number} THEN ${value}`).join(" ")
    } END`,
  ]);

const maxRegressors = 20;
