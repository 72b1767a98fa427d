import { type Sql, sql } from "../sql/mod.ts";

/**
 * The key of a span: the values that identify it among the spans of its type,
 * joined by slashes. A slash in a value is written %2F, and a percent sign %25,
 * so that no two identities share a key.
 */
export function spanKey(values: readonly string[]): string {
  return values
    .map((value) => value.replaceAll("%", "%25").replaceAll("/", "%2F"))
    .join("/");
}

/** The same in SQL, over expressions; what is NULL there is left empty. */
export function spanKeySql(values: readonly Sql[]): Sql {
  const escaped = values.map((value) =>
    sql`replace(replace(ifnull(${value}, ''), '%', '%25'), '/', '%2F')`
  );
  return sql`(${sql.join(escaped, " || '/' || ")})`;
}
