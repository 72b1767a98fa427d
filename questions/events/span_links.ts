import { jsonPath, spanSql as sql, type Sql } from "../../sql/mod.ts";
import spanLinksText from "./span_links.sql" with { type: "text" };

/**
 * Finds references between spans of one type, from an attribute that lists
 * them: a graph apart from nesting, such as tasks that wait for other tasks.
 *
 * An item of the list is the last part of the other span's key; the parts
 * before it are the same for both. In the span "spring/4", the attributes
 * `{"links":["2","3"]}` refer to "spring/2" and "spring/3".
 *
 * The columns: span_id; listed, the item of the list; listed_id, the span that
 * it refers to, or NULL if there is none. In the order of the spans and of their
 * lists.
 *
 * @param type a span type, or several; each refers to its own spans only
 * @param attribute name of the attribute, a JSON array of texts or numbers
 * @returns a query, to run or to put in parentheses in another query
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase } from "dnpc/sql";
 * import { spanLinks } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key, attributes) VALUES
 *     (1, 'ship', 'spring/2', '{}'),
 *     (2, 'ship', 'autumn/2', '{}'),
 *     (3, 'ship', 'spring/4', '{"after":["2","3"]}')`);
 *
 * assert.deepEqual([...db.query(spanLinks("ship", "after"))], [
 *   { span_id: 3, listed: "2", listed_id: 1 },
 *   { span_id: 3, listed: "3", listed_id: null },
 * ]);
 * ```
 */
export function spanLinks(
  type: string | readonly string[],
  attribute: string,
): Sql {
  return sql.module(spanLinksText, {
    types: sql.join(typeof type === "string" ? [type] : type),
    path: jsonPath(attribute),
    // Runs of two machines may have the same keys, which databases keep apart.
    run: sql.either(sql`NULL`, () => sql`span.run`),
    is_of_run: sql.either(sql`1 = 1`, () => sql`linked.run = item.run`),
  });
}
