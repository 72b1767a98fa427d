import { Sql } from "../sql_text.ts";
import { sql } from "../template.ts";
import crossProductsText from "./cross_products.sql" with { type: "text" };
import linearRegressionText from "./linear_regression.sql" with {
  type: "text",
};
import quantilesText from "./quantiles.sql" with { type: "text" };
import sweepText from "./sweep.sql" with { type: "text" };
import trendsText from "./trends.sql" with { type: "text" };

/** Groups the rows of a statistic. */
export interface StatisticsOptions {
  /** Columns that name the group of a row. By default all rows are one group. */
  by?: readonly string[];
}

/** Columns of {@linkcode linearRegression}. */
export interface LinearRegressionOptions extends StatisticsOptions {
  /** The column that is explained, a number. */
  y: string;
  /** The regressors: columns with numbers, or 0 and 1. At most 20. */
  x: readonly string[];
}

/** Columns of {@linkcode trends}. */
export interface TrendsOptions extends StatisticsOptions {
  /** The column that changes, a number. */
  y: string;
  /** The column with which it changes: often a time, in Unix seconds. */
  x: string;
}

/** Columns of {@linkcode quantiles}. */
export interface QuantilesOptions extends StatisticsOptions {
  /** A column with numbers. */
  of: string;
  /** Quantiles in percent, from 0 to 100. By default 5, 25, 50, 75 and 95. */
  percents?: readonly number[];
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
 * @throws {TypeError} for a group named like a column of the result
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
  { y, x, by = [] }: LinearRegressionOptions,
): Sql {
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
  const groups = groupsOf(by);
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
    columns: columnsOf(by),
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

/**
 * Finds how a column changes with another one, in the rows of any query, by
 * group: whether tasks became slower in the course of a run. Fits a line by least
 * squares.
 *
 * The columns: those of `by`; n, the number of rows; first and last, the extent of
 * x; at_first and at_last, the line's y there; change, from one to the other;
 * slope, in units of y per unit of x; its standard_error; t, their ratio; and
 * r_squared, the share of the variance that the line explains.
 *
 * @param rows a query; rows with a NULL in one of the columns are left out
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} for a group named like a column of the result
 *
 * @example
 * ```ts
 * import { openDatabase, trends } from "dnpc/sql";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * const rows = `SELECT column1 AS time, column2 AS seconds
 *   FROM (VALUES (100, 2), (110, 3), (120, 4))`;
 * const [trend] = db.query(trends(rows, { y: "seconds", x: "time" }));
 * assert.deepEqual(
 *   [trend!.at_first, trend!.at_last, trend!.slope, trend!.r_squared],
 *   [2, 4, 0.1, 1],
 * );
 * ```
 */
export function trends(
  rows: Sql | string,
  { y, x, by = [] }: TrendsOptions,
): Sql {
  checkGroups(by, [
    ...["n", "first", "last", "at_first", "at_last", "change", "slope"],
    ...["standard_error", "t", "r_squared"],
  ]);
  return sql.module(trendsText, {
    known: knownRows(rows, [x, y], by),
    groups: groupsOf(by),
    columns: columnsOf(by),
  });
}

/**
 * Computes quantiles of a column of any query, by group, a row each. The aggregate
 * `percentile(x, p)` has the same values, as columns.
 *
 * The columns: those of `by`; percent, the quantile from 0 to 100; value,
 * interpolated linearly; n, the number of values that are not NULL.
 *
 * @param rows a query
 * @returns a query, to run or to put in parentheses in another query
 * @throws {RangeError} for a quantile outside 0 to 100, and without any
 * @throws {TypeError} for a group named like a column of the result
 *
 * @example
 * ```ts
 * import { openDatabase, quantiles } from "dnpc/sql";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * const rows = `SELECT column1 AS app, column2 AS seconds
 *   FROM (VALUES ('a', 1), ('a', 2), ('a', 4), ('b', 7))`;
 * const query = quantiles(rows, { of: "seconds", by: ["app"], percents: [50, 75] });
 * assert.deepEqual(db.query(query).map(Object.values), [
 *   ["a", 50, 2, 3],
 *   ["a", 75, 3, 3],
 *   ["b", 50, 7, 1],
 *   ["b", 75, 7, 1],
 * ]);
 * ```
 */
export function quantiles(
  rows: Sql | string,
  { of, percents = [5, 25, 50, 75, 95], by = [] }: QuantilesOptions,
): Sql {
  const wrong = percents.find((p) => !(p >= 0 && p <= 100));
  if (wrong !== undefined || percents.length === 0) {
    throw new RangeError(
      wrong === undefined
        ? "percents names no quantile"
        : `a quantile is from 0 to 100 percent, not ${wrong}`,
    );
  }
  checkGroups(by, ["percent", "value", "n"]);
  return sql.module(quantilesText, {
    known: knownRows(rows, [of], by),
    percents: sql`VALUES ${sql.join(percents.map((p) => sql`(${p})`))}`,
    groups: groupsOf(by),
    columns: columnsOf(by),
  });
}

/**
 * The rows that have all of some numbers, as v1, v2, ..., with the columns of
 * their group as g1, g2, ..., whose names could be any, and its number.
 */
function knownRows(
  rows: Sql | string,
  numbers: readonly string[],
  by: readonly string[],
): Sql {
  const query = rows instanceof Sql ? rows : sql.raw(rows);
  const names = by.map((name) => sql.id(name));
  const number = names.length === 0
    ? sql`1`
    : sql`dense_rank() OVER (ORDER BY ${sql.join(names)})`;
  return sql`SELECT ${
    sql.join([
      sql`${number} AS grp`,
      ...names.map((name, i) => sql`${name} AS ${raw([`g${i + 1}`])}`),
      ...numbers.map((name, i) =>
        sql`CAST(${sql.id(name)} AS REAL) AS ${raw([`v${i + 1}`])}`
      ),
    ])
  }
FROM (${query})
WHERE ${
    sql.join(numbers.map((name) => sql`${sql.id(name)} IS NOT NULL`), " AND ")
  }`;
}

/** Texts of this file, never of a log. */
const raw = (texts: readonly (string | number)[]): Sql =>
  sql.raw(texts.join(", "));

/** The columns of the groups, each with a comma. */
const groupsOf = (by: readonly string[]): Sql =>
  sql.raw(by.map((_, i) => `g${i + 1}, `).join(""));

/** The same, under their own names. */
const columnsOf = (by: readonly string[]): Sql =>
  sql.join(
    by.map((name, i) => sql`${raw([`g${i + 1}`])} AS ${sql.id(name)}, `),
    "",
  );

function checkGroups(by: readonly string[], columns: readonly string[]): void {
  const taken = by.find((name) => columns.includes(name));
  if (taken === undefined) return;
  throw new TypeError(
    `the result has a column ${taken} of its own: give the group another name`,
  );
}
