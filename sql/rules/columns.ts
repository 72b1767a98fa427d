import { type Sql, sql } from "../template.ts";

/** The path of a member of a JSON object; its name may hold any characters. */
export const jsonPath = (name: string): string => `$.${JSON.stringify(name)}`;

/** A member of a JSON object as text; NULL if there is none. */
export const memberText = (json: Sql, name: string): Sql =>
  sql`CAST(${json} ->> ${jsonPath(name)} AS TEXT)`;

/** No column is NULL. */
export function haveAll(columns: readonly Sql[]): Sql {
  return sql.join(columns.map((name) => sql`${name} IS NOT NULL`), " AND ");
}

/** At least one column is NULL. */
export function lackOne(columns: readonly Sql[]): Sql {
  return anyOf(columns.map((name) => sql`${name} IS NULL`));
}

/** At least one condition holds. */
export function anyOf(conditions: readonly Sql[]): Sql {
  return sql`(${sql.join(conditions, " OR ")})`;
}

/** The columns of two tables are equal, pair by pair. */
export function equal(
  left: Sql,
  leftColumns: readonly Sql[],
  right: Sql,
  rightColumns: readonly Sql[],
): Sql {
  const pairs = leftColumns.map((name, i) =>
    sql`${left}.${name} = ${right}.${rightColumns[i]!}`
  );
  return sql.join(pairs, " AND ");
}

/** The columns, qualified by the name of their table in the query. */
export function of(table: Sql, columns: readonly Sql[]): Sql[] {
  return columns.map((name) => sql`${table}.${name}`);
}

/** One name per column: "l0", "l1", ... */
export function numbered(prefix: string, columns: readonly unknown[]): Sql[] {
  return columns.map((_, i) => sql.id(`${prefix}${i}`));
}

/** Columns under names that cannot collide with a user's own. */
export function aliased(columns: readonly Sql[], names: readonly Sql[]): Sql {
  return sql.join(columns.map((name, i) => sql`${name} AS ${names[i]!}`));
}
