-- Each root span and the spans that belong to it: those nested in it or equal
-- to it, at any depth. What is nested in another root of its type belongs to
-- that one alone.
--
-- Arguments:
--   :roots     query of the root spans, in a column id
--
-- Columns:
--   root_id    the root span; it belongs to itself
--   span_id    the span; each pair is there once for each value of is_other
--   is_other   1 for another root of the same type, nested in this one, whose
--              spans are left out; otherwise 0
--
-- Spans of one type that are nested in a chain have one pair or two each, where
-- nested_spans.sql has a pair for each span above. The limit cuts off only
-- nesting without a meaning, such as a thousand tries around the same thousand
-- tasks: the last roots then have only themselves. In the order of the roots,
-- the recursion holds no more than the spans of one.
WITH RECURSIVE
  root AS MATERIALIZED (:roots),
  maximum (pairs) AS (SELECT 100000 + 16 * ifnull(max(id), 0) FROM span),
  own (root_id, span_id, is_other) AS (
    SELECT id, id, 0 FROM root
    UNION
    SELECT root_id, subspan_id, subspan_id <> root_id
      AND subspan_id IN (SELECT id FROM root)
      AND (SELECT type FROM span WHERE id = subspan_id)
        = (SELECT type FROM span WHERE id = root_id)
    FROM own JOIN subspan ON superspan_id = span_id
    WHERE NOT is_other
    UNION
    SELECT root_id, right_id, 0 FROM own JOIN facet ON left_id = span_id
    WHERE NOT is_other
    UNION
    SELECT root_id, left_id, 0 FROM own JOIN facet ON right_id = span_id
    WHERE NOT is_other
    ORDER BY 1
    LIMIT (SELECT pairs FROM maximum)
  )
SELECT id AS root_id, id AS span_id, 0 AS is_other FROM root
UNION ALL
SELECT root_id, span_id, is_other FROM own WHERE span_id <> root_id
