import { type Sql, sql } from "../../sql/mod.ts";

/** One attribute of spans, or several, by which they are counted apart. */
export type By = string | readonly string[];

/** Pieces of a query that counts spans apart by their attributes. */
export interface ByAttributes {
  /**
   * The attributes of `span`, a comma behind each, under names that no other
   * column of the query has.
   */
  select: Sql;
  /** These names, a comma behind each. */
  columns: Sql;
  /** The same under the attributes' own names, for the result. */
  named(table: Sql): Sql;
  /** The same of a table that has them. */
  columnsOf(table: Sql): Sql;
  /** AND both tables have the same. */
  andSame(left: Sql, right: Sql): Sql;
  /** Each that a table has; one row without columns of use if there are none. */
  distinct(table: Sql): Sql;
  /** PARTITION BY their names, or nothing. */
  partition: Sql;
}

/** @throws {TypeError} for a name that is taken by a column of the result */
export function byAttributes(
  by: By = [],
  taken: readonly string[] = [],
): ByAttributes {
  const names = typeof by === "string" ? [by] : by;
  const clash = names.find((name) => taken.includes(name));
  if (clash !== undefined) {
    throw new TypeError(
      `spans cannot be counted apart by ${JSON.stringify(clash)}: the result ` +
        `has a column of this name, as it has ${taken.join(", ")}`,
    );
  }
  const ids = names.map((_, i) => sql.id(`by_${i}`));
  const each = (piece: (name: string, i: number) => Sql) =>
    sql.join(names.map((name, i) => sql`${piece(name, i)}, `), "");
  return {
    select: each((name, i) => {
      const path = `$.${JSON.stringify(name)}`;
      return sql`span.attributes ->> ${path} AS ${ids[i]!}`;
    }),
    columns: each((_, i) => ids[i]!),
    named: (table) =>
      each((name, i) => sql`${table}.${ids[i]!} AS ${sql.id(name)}`),
    columnsOf: (table) => each((_, i) => sql`${table}.${ids[i]!}`),
    andSame: (left, right) =>
      sql.join(
        ids.map((id) => sql` AND ${left}.${id} IS ${right}.${id}`),
        "",
      ),
    distinct: (table) =>
      ids.length === 0
        ? sql`SELECT 1`
        : sql`SELECT DISTINCT ${sql.join(ids)} FROM ${table}`,
    partition: names.length === 0 ? sql`` : sql`PARTITION BY ${sql.join(ids)} `,
  };
}
