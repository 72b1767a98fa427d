import { type Sql, sql } from "../../sql/mod.ts";

/**
 * The spans at which a question starts: those of a type, or the ids that a
 * query gives: sql`SELECT id FROM span WHERE ...`.
 */
export type Roots = string | Sql;

/**
 * Each root span and all that is nested in it, or equal to it, or equal to
 * what is nested in it, at any depth: columns root_id and span_id, each pair
 * once. A root is nested in itself. Where nesting goes in a circle, it ends
 * there.
 *
 * @param roots a span type, or a query of span ids
 * @returns a query, which can stand in parentheses in another one
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase, sql } from "dnpc/sql";
 * import { nestedSpans } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES
 *     (1, 'ship', 'a'), (2, 'cabin', '12'), (3, 'ticket', '7');
 *   INSERT INTO subspan VALUES (1, 2, '12', NULL);
 *   INSERT INTO facet VALUES (3, 2, NULL)`);
 *
 * const rows = db.query(sql`
 *   SELECT type FROM (${nestedSpans("ship")}) JOIN span ON id = span_id
 *   ORDER BY id`);
 * assert.deepEqual(rows.map(({ type }) => type), ["ship", "cabin", "ticket"]);
 * ```
 */
export function nestedSpans(roots: Roots): Sql {
  return sql`WITH RECURSIVE nested (root_id, span_id) AS (
    SELECT id, id FROM (${rootIds(roots)})
    UNION
    SELECT root_id, subspan_id
    FROM nested JOIN subspan ON superspan_id = span_id
    UNION
    SELECT root_id, right_id FROM nested JOIN facet ON left_id = span_id
    UNION
    SELECT root_id, left_id FROM nested JOIN facet ON right_id = span_id
  )
  SELECT root_id, span_id FROM nested`;
}

/** A query of the ids of the root spans, in a column id, each once. */
export function rootIds(roots: Roots): Sql {
  const condition = typeof roots === "string"
    ? sql`type = ${roots}`
    : sql`id IN (${roots})`;
  return sql`SELECT id FROM span WHERE ${condition}`;
}
