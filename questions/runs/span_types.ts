import { type Sql, sql } from "../../sql/mod.ts";
import { componentsOf } from "../events/events_of.ts";

/**
 * What is in here: a row for each type of span.
 *
 * The columns: type; spans, how many; events, how many happened to them; named,
 * how many of these have a name and are no template; first and last, the times
 * of the first and last event, in Unix seconds; attributes, the names of all
 * attributes that a span of the type has, as a JSON array; component,
 * the type without its last part. In the order of the types.
 *
 * Reads all spans and events once: a second for a million events.
 *
 * @returns a query, which can stand in parentheses in another one
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { spanTypes } from "dnpc/questions";
 * import { importRuninfo } from "dnpc/importers";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const rows = db.query(sql`
 *   SELECT type, spans, named FROM (${spanTypes()})
 *   WHERE component = 'parsl.rundir'`);
 * assert.deepEqual([...rows], [
 *   { type: "parsl.rundir.task", spans: 104, named: 104 },
 *   { type: "parsl.rundir.try", spans: 116, named: 344 },
 *   { type: "parsl.rundir.workflow", spans: 1, named: 0 },
 * ]);
 * ```
 */
export function spanTypes(): Sql {
  return sql`WITH
  -- Spans are counted apart from their events and attributes, of which each
  -- may have any number.
  counted AS (SELECT type, count(*) AS spans FROM span GROUP BY type),
  happened AS (
    SELECT span.type, sum(events) AS events, sum(named) AS named,
      min(first) AS first, max(last) AS last
    FROM (
      SELECT span_id, count(*) AS events, sum(named) AS named,
        min(time) AS first, max(time) AS last
      FROM event GROUP BY span_id
    ) JOIN span ON span.id = span_id
    GROUP BY span.type
  ),
  -- Many spans have the same attributes: names are sorted once for each type.
  known AS (
    SELECT type, json_group_array(name) AS attributes
    FROM (
      SELECT DISTINCT span.type, attribute.key AS name
      FROM span CROSS JOIN json_each(span.attributes) AS attribute
      ORDER BY span.type, name
    ) GROUP BY type
  )
SELECT type, spans, ifnull(events, 0) AS events, ifnull(named, 0) AS named,
  first, last, ifnull(attributes, '[]') AS attributes, component
FROM counted
  JOIN (${componentsOf()}) USING (type)
  LEFT JOIN happened USING (type)
  LEFT JOIN known USING (type)
ORDER BY type`;
}

/**
 * Which type of span holds or equals which: a row for each two types.
 *
 * The columns: type; relation, "holds" where spans of it have subspans of the
 * other type, "equals" where both are accounts of the same things; related_type;
 * pairs, how many pairs of spans, each counted once whoever says so; spans and
 * related_spans, how many of either type are in one; said, how many pairs a
 * source said; rules, which rules found the others: a JSON array. In the
 * order of the types. Of two types that are equal the first in the alphabet is
 * the first here.
 *
 * @returns a query, which can stand in parentheses in another one
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { relatedTypes } from "dnpc/questions";
 * import { importRuninfo } from "dnpc/importers";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const rows = db.query(sql`
 *   SELECT relation, related_type, pairs, rules FROM (${relatedTypes()})
 *   WHERE type = 'parsl.monitoring.task'`);
 * assert.deepEqual([...rows], [
 *   {
 *     relation: "equals",
 *     related_type: "parsl.rundir.task",
 *     pairs: 104,
 *     rules:
 *       '["facet: parsl.monitoring.task = parsl.rundir.task on run, task"]',
 *   },
 *   {
 *     relation: "holds",
 *     related_type: "parsl.monitoring.try",
 *     pairs: 116,
 *     rules: "[]",
 *   },
 * ]);
 * ```
 */
export function relatedTypes(): Sql {
  return sql`WITH
  edge AS (
    SELECT 'holds' AS relation, outer.type, outer.id AS id,
      inner.type AS related_type, inner.id AS related_id, rule_id
    FROM subspan
      JOIN span AS outer ON outer.id = superspan_id
      JOIN span AS inner ON inner.id = subspan_id
    UNION ALL
    -- Neither is the left one: a pair may be told both ways.
    SELECT 'equals', min(a.type, b.type),
      iif((a.type, a.id) <= (b.type, b.id), a.id, b.id),
      max(a.type, b.type),
      iif((a.type, a.id) <= (b.type, b.id), b.id, a.id), rule_id
    FROM facet
      JOIN span AS a ON a.id = left_id
      JOIN span AS b ON b.id = right_id
  ),
  pair AS (
    SELECT relation, type, id, related_type, related_id,
      max(rule_id IS NULL) AS said
    FROM edge GROUP BY relation, type, id, related_type, related_id
  ),
  counted AS (
    SELECT type, relation, related_type, count(*) AS pairs,
      count(DISTINCT id) AS spans, count(DISTINCT related_id) AS related_spans,
      sum(said) AS said
    FROM pair GROUP BY type, relation, related_type
  ),
  ruled AS (
    SELECT type, relation, related_type, json_group_array(text) AS rules
    FROM (
      SELECT DISTINCT type, relation, related_type, text
      FROM edge JOIN rule ON rule.id = rule_id ORDER BY text
    ) GROUP BY type, relation, related_type
  )
SELECT type, relation, related_type, pairs, spans, related_spans, said,
  ifnull(rules, '[]') AS rules
FROM counted LEFT JOIN ruled USING (type, relation, related_type)
ORDER BY type, relation, related_type`;
}
