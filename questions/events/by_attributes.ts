import { jsonPath, spanSql as sql, type Sql } from "../../sql/mod.ts";

/** Attributes of spans by which to count separately. */
export type By = string | readonly string[];

/**
 * Arguments for SQL that counts separately by attributes of `span`: a list of
 * their values; output columns from a JSON array `category` of these, and the
 * names of the columns, with a comma each.
 *
 * @throws {TypeError} for a name that is also a column of the result
 */
export function byAttributes(
  by: By,
  taken: readonly string[] = [],
): Record<"attributes" | "columns" | "order", Sql> {
  const names = typeof by === "string" ? [by] : by;
  const clash = names.find((name) => taken.includes(name));
  if (clash !== undefined) {
    throw new TypeError(
      `cannot count by the attribute ${JSON.stringify(clash)}: the result ` +
        `has the columns ${taken.join(", ")}`,
    );
  }
  const ids = names.map((name) => sql.id(name));
  return {
    attributes: sql.join(
      names.map((name) =>
        name === "run"
          ? sql`run_of.run`
          : sql`span.attributes ->> ${jsonPath(name)}`
      ),
    ),
    columns: sql.join(
      ids.map((id, i) => sql`category ->> ${i} AS ${id}, `),
      "",
    ),
    order: sql.join(ids.map((id) => sql`${id}, `), ""),
  };
}
