import { type Sql, sql } from "dnpc/sql";
import { UsageError } from "./errors.ts";
import { nearest } from "../display/text/nearest.ts";
import { visible } from "../display/text/untrusted.ts";

/** What a statistic of a column is in SQL, by its name. */
const aggregates: Readonly<Record<string, (column: Sql) => Sql>> = {
  count: (column) => sql`count(${column})`,
  sum: (column) => sql`sum(${column})`,
  mean: (column) => sql`avg(${column})`,
  median: (column) => sql`median(${column})`,
  stddev: (column) => sql`stddev(${column})`,
  min: (column) => sql`min(${column})`,
  max: (column) => sql`max(${column})`,
};

/** What there is, in words. */
export const statisticNames = `${
  Object.keys(aggregates).join(", ")
}, or a percentile: p95, p99.9`;

/**
 * A statistic of a column, by its name.
 *
 * @throws {UsageError} if there is no such statistic
 */
export function statistic(name: string, column: Sql): Sql {
  const [, share] = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name) ?? [];
  if (share !== undefined) return sql`percentile(${column}, ${Number(share)})`;
  const aggregate = Object.hasOwn(aggregates, name) && aggregates[name];
  if (aggregate) return aggregate(column);
  const meant = nearest(name, Object.keys(aggregates));
  throw new UsageError(
    `there is no statistic "${visible(name)}"` +
      (meant ? `. Did you mean ${meant}?` : "") +
      ` There are ${statisticNames}`,
  );
}
