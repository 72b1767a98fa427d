import type { Sql } from "./sql_text.ts";
import { sql } from "./template.ts";

/**
 * The key of a span, for the column `key`: the values that identify it among
 * the spans of its type, joined by slashes. A slash in a value becomes %2F, and
 * a percent sign %25, so that no two identities share a key.
 *
 * @example
 * ```ts
 * import { spanKey } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * assert.equal(spanKey(["/scratch/000", "5"]), "%2Fscratch%2F000/5");
 * ```
 */
export function spanKey(values: readonly string[]): string {
  let key = "";
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const isPlain = !value.includes("/") && !value.includes("%");
    if (i > 0) key += "/";
    key += isPlain
      ? value
      : value.replaceAll("%", "%25").replaceAll("/", "%2F");
  }
  return key;
}

/**
 * {@linkcode spanKey} in SQL, of expressions; NULL becomes an empty text.
 *
 * @example
 * ```ts
 * import { openDatabase, spanKeySql, sql } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * const key = spanKeySql([sql`${"a/b"}`, sql`${5}`]);
 * assert.deepEqual([...db.query(sql`SELECT ${key} AS key`)], [
 *   { key: "a%2Fb/5" },
 * ]);
 * ```
 */
export function spanKeySql(values: readonly Sql[]): Sql {
  const escaped = values.map((value) =>
    sql`replace(replace(ifnull(${value}, ''), '%', '%25'), '/', '%2F')`
  );
  return sql`(${sql.join(escaped, " || '/' || ")})`;
}
