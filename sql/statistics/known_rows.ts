import { Sql } from "../sql_text.ts";
import { sql } from "../template.ts";

/** Groups the rows of a statistic. */
export interface StatisticsOptions {
  /** The column, or columns, of the groups. By default all rows are one group. */
  by?: string | readonly string[];
}

/**
 * The rows that have all of some numbers, as v1, v2, ..., with the columns of
 * their group as g1, g2, ..., whose names could be any, and its number.
 */
export function knownRows(
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
export const raw = (texts: readonly (string | number)[]): Sql =>
  sql.raw(texts.join(", "));

/** The columns of the groups, each with a comma. */
export const groupPlaces = (by: readonly string[]): Sql =>
  sql.raw(by.map((_, i) => `g${i + 1}, `).join(""));

/** The same, under their own names. */
export const groupNames = (by: readonly string[]): Sql =>
  sql.join(
    by.map((name, i) => sql`${raw([`g${i + 1}`])} AS ${sql.id(name)}, `),
    "",
  );

/** @throws {TypeError} for a group with the name of a column of the result */
export function checkGroups(
  by: readonly string[],
  columns: readonly string[],
): void {
  const taken = by.find((name) => columns.includes(name));
  if (taken === undefined) return;
  throw new TypeError(
    `the result has a column ${taken} of its own: give the group another name`,
  );
}
