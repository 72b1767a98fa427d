import { checkOptions } from "../../display/text/mistakes.ts";
import type { Sql } from "../sql_text.ts";
import { sql } from "../template.ts";
import trendsText from "./trends.sql" with { type: "text" };
import {
  checkGroups,
  groupNames,
  groupPlaces,
  knownRows,
  type StatisticsOptions,
} from "./known_rows.ts";

/** Columns of {@linkcode trends}. */
export interface TrendsOptions extends StatisticsOptions {
  /** The column that changes, a number. */
  y: string;
  /** The column with which it changes: often a time, in Unix seconds. */
  x: string;
}

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
 * @throws {TypeError} for an unknown option, or a group named like a column of the
 * result
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
  options: TrendsOptions,
): Sql {
  checkOptions("trends", options, { y: true, x: true, by: true });
  const { y, x } = options;
  const by = [options.by ?? []].flat();
  checkGroups(by, [
    ...["n", "first", "last", "at_first", "at_last", "change", "slope"],
    ...["standard_error", "t", "r_squared"],
  ]);
  return sql.module(trendsText, {
    known: knownRows(rows, [x, y], by),
    groups: groupPlaces(by),
    columns: groupNames(by),
  });
}
