import { type Sql, sql } from "../template.ts";

/** None of the columns is NULL. */
export function haveAll(columns: readonly Sql[]): Sql {
  return sql.join(columns.map((name) => sql`${name} IS NOT NULL`), " AND ");
}

/** At least one of the columns is NULL. */
export function lackOne(columns: readonly Sql[]): Sql {
  const each = columns.map((name) => sql`${name} IS NULL`);
  return sql`(${sql.join(each, " OR ")})`;
}

/** The columns of two tables are equal, one by one. */
export function equal(
  left: Sql,
  leftColumns: readonly Sql[],
  right: Sql,
  rightColumns: readonly Sql[],
): Sql {
  const each = leftColumns.map((name, i) =>
    sql`${left}.${name} = ${right}.${rightColumns[i]!}`
  );
  return sql.join(each, " AND ");
}

/** The columns of a table, by its name in the query. */
export function of(table: Sql, columns: readonly Sql[]): Sql[] {
  return columns.map((name) => sql`${table}.${name}`);
}

/** As many names as there are columns: "l0", "l1", ... */
export function numbered(prefix: string, columns: readonly unknown[]): Sql[] {
  return columns.map((_, i) => sql.id(`${prefix}${i}`));
}

/** Columns under other names: a user's own name might be one that is taken. */
export function named(columns: readonly Sql[], names: readonly Sql[]): Sql {
  return sql.join(columns.map((name, i) => sql`${name} AS ${names[i]!}`));
}
