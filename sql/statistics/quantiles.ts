import { checkOptions } from "../../display/text/mistakes.ts";
import type { Sql } from "../sql_text.ts";
import { sql } from "../template.ts";
import quantilesText from "./quantiles.sql" with { type: "text" };
import {
  checkGroups,
  groupNames,
  groupPlaces,
  knownRows,
  type StatisticsOptions,
} from "./known_rows.ts";

/** Columns of {@linkcode quantiles}. */
export interface QuantilesOptions extends StatisticsOptions {
  /** A column with numbers. */
  of: string;
  /** Quantiles in percent, from 0 to 100. By default 5, 25, 50, 75 and 95. */
  percents?: readonly number[];
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
 * @throws {TypeError} for an unknown option, or a group named like a column of the
 * result
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
  options: QuantilesOptions,
): Sql {
  checkOptions("quantiles", options, { of: true, percents: true, by: true });
  const { of, percents = [5, 25, 50, 75, 95] } = options;
  const by = [options.by ?? []].flat();
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
    groups: groupPlaces(by),
    columns: groupNames(by),
  });
}
