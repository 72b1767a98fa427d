-- The relations between types of spans.
--
-- Arguments:
--   :in_run        condition on span: it belongs to the run
--
-- Columns:
--   type           span type; for 'equals', the first in the alphabet
--   relation       'holds' if its spans have subspans of the other type,
--                  'equals' if both describe the same entities
--   related_type   the other type
--   pairs          pairs of spans, each counted once
--   spans, related_spans
--                  spans of either type in a pair
--   recorded       pairs that a source recorded
--   rules          JSON array: the rules that found the others
WITH
  own AS (SELECT id, type FROM span WHERE :in_run),
  edge AS (
    SELECT 'holds' AS relation, superspan.type, superspan.id AS id,
      inner_span.type AS related_type, inner_span.id AS related_id, rule_id
    FROM subspan
      JOIN own AS superspan ON superspan.id = superspan_id
      JOIN span AS inner_span ON inner_span.id = subspan_id
    UNION ALL
    -- A pair may be stored either way round.
    SELECT 'equals', a.type, a.id, b.type, b.id, rule_id
    FROM (
      SELECT left_id AS a_id, right_id AS b_id, rule_id FROM facet
      UNION ALL
      SELECT right_id, left_id, rule_id FROM facet WHERE left_id <> right_id
    )
      JOIN own AS a ON a.id = a_id
      JOIN span AS b ON b.id = b_id
    WHERE a.type < b.type OR a.type = b.type AND a.id <= b.id
  ),
  pair AS (
    SELECT relation, type, id, related_type, related_id,
      max(CASE WHEN rule_id IS NULL THEN 1 ELSE 0 END) AS recorded
    FROM edge
    GROUP BY relation, type, id, related_type, related_id
  ),
  counted AS (
    SELECT type, relation, related_type, count(*) AS pairs,
      count(DISTINCT id) AS spans, count(DISTINCT related_id) AS related_spans,
      sum(recorded) AS recorded
    FROM pair
    GROUP BY type, relation, related_type
  ),
  ruled AS (
    SELECT type, relation, related_type, json_group_array(text) AS rules
    FROM (
      SELECT DISTINCT type, relation, related_type, text
      FROM edge JOIN rule ON rule.id = rule_id
      ORDER BY text
    )
    GROUP BY type, relation, related_type
  )
SELECT type, relation, related_type, pairs, spans, related_spans, recorded,
  coalesce(rules, '[]') AS rules
FROM counted LEFT JOIN ruled USING (type, relation, related_type)
ORDER BY type, relation, related_type
