import { type Sql, sql } from "../../sql/mod.ts";

/**
 * What spans of a type say of others of their type in an attribute that lists
 * them: a graph beside the nesting, such as that of tasks which wait for tasks.
 *
 * Spans of one type are told apart by their keys: what they share, and behind
 * the last slash what the list has. `links` of the span "spring/4" with the
 * attributes `{"after":["2","3"]}` are "spring/2" and "spring/3".
 *
 * The columns: span_id; listed, as the list has it; listed_id, the span that is
 * meant, or NULL if there is none. In the order of the spans and of their lists.
 *
 * @param type a span type, or several: each keeps to its own
 * @param attribute the name of the attribute, a JSON array of texts or numbers
 * @returns a query, which can stand in parentheses in another one
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
  const types = typeof type === "string" ? [type] : type;
  const path = `$.${JSON.stringify(attribute)}`;
  // All that is no slash can be trimmed from the end of a key.
  return sql`SELECT span.id AS span_id, CAST(list.value AS TEXT) AS listed,
  linked.id AS listed_id
FROM span
  CROSS JOIN json_each(span.attributes, ${path}) AS list
  LEFT JOIN span AS linked ON linked.type = span.type
    AND linked.key = rtrim(span.key, replace(span.key, '/', '')) ||
      replace(replace(list.value, '%', '%25'), '/', '%2F')
WHERE span.type IN (${sql.join(types)})
ORDER BY span.id, list.id`;
}
