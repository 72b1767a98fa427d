import { type Sql, sql } from "../../sql/mod.ts";

// Widths that are easy to read, in seconds.
const widths = [0.001, 0.01, 0.1, 1].flatMap((n) => [n, 2 * n, 5 * n])
  .concat([10, 15, 30], [1, 2, 5, 10, 15, 30].map((n) => n * 60))
  .concat([1, 2, 3, 6, 12, 24].map((n) => n * 3600))
  .concat([2, 7, 28, 364].map((n) => n * 86_400));

/**
 * The width of bins over a time: columns seconds and per_second, one row.
 *
 * A part of a second is also kept as how many of it there are in one, where that
 * is a whole number: 0.3 / 0.1 is less than 3, but 0.3 * 10 is not.
 *
 * @param per the width in seconds; without it, one with at most 200 bins
 * @param extent a table of one row with the columns first and last
 */
export function binWidth(per: number | undefined, extent: Sql): Sql {
  const [most, candidates] = per === undefined
    ? [200, widths]
    : [1_000_000, [per, ...widths.filter((width) => width > per)]];
  const rows = candidates.map((seconds) => {
    const perSecond = Math.round(1 / seconds);
    const isPart = perSecond > 1 && Math.abs(1 / seconds - perSecond) < 1e-6;
    return sql`(CAST(${seconds} AS REAL), ${isPart ? perSecond : null}, 0)`;
  });
  // The last fits in any case.
  return sql`SELECT column1 AS seconds, column2 AS per_second
    FROM ${extent} CROSS JOIN (
      VALUES ${sql.join(rows)}
      UNION ALL SELECT (last - first) * 2 / ${most}, NULL, 1 FROM ${extent}
    )
    WHERE (last - first) / column1 < ${most}
    ORDER BY column3, column1 LIMIT 1`;
}

/** The number of the bin that a time is in, with a row of `binWidth`. */
export const binOf = (time: Sql): Sql =>
  sql`iif(per_second, floor(${time} * per_second), floor(${time} / seconds))`;

/** When a bin begins. */
export const binStart = (bin: Sql): Sql =>
  sql`iif(per_second, ${bin} / per_second, ${bin} * seconds)`;
