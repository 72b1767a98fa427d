import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import nestedSpansText from "./nested_spans.sql" with { type: "text" };
import ownSpansText from "./own_spans.sql" with { type: "text" };

/**
 * The spans that a question starts from: all spans of a type, or the ids from a
 * query such as sql`SELECT id FROM span WHERE ...`.
 */
export type Roots = string | Sql;

/**
 * Finds each root span and every span nested in it or equal to it, at any
 * depth: columns root_id and span_id, each pair once. A root is nested in
 * itself. Circles of nesting are followed once.
 *
 * A chain or a circle of spans of one type has about as many pairs as the square
 * of its length. Other questions, such as `eventsOf`, do not follow it: for them,
 * what is in another root of the same type belongs to that one alone.
 *
 * @param roots a span type, or a query of span ids
 * @returns a query, to run or to put in parentheses in another query
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
  return sql.module(nestedSpansText, { roots: rootIds(roots) });
}

/**
 * Finds each root span and the spans that belong to it, as own_spans.sql
 * describes.
 */
export function ownSpans(roots: Roots): Sql {
  return sql.module(ownSpansText, { roots: rootIds(roots) });
}

/** Returns a query of the ids of the root spans, in a column id, each once. */
export function rootIds(roots: Roots): Sql {
  const condition = typeof roots === "string"
    ? sql`type = ${roots}`
    : sql`id IN (${roots})`;
  return sql`SELECT id FROM span WHERE ${condition}`;
}
