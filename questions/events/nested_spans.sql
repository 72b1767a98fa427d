-- Each root span and every span nested in it or equal to it, at any depth.
--
-- Arguments:
--   :roots    query of the root spans, in a column id
--
-- Columns:
--   root_id   the root span; it is nested in itself
--   span_id   the nested span; each pair is there once
--
-- UNION drops a pair that is known already, so the search ends in a circle of
-- nesting. Each arm is one lookup in an index.
WITH RECURSIVE nested (root_id, span_id) AS (
  SELECT id, id FROM (:roots)
  UNION
  SELECT root_id, subspan_id
  FROM nested JOIN subspan ON superspan_id = span_id
  UNION
  SELECT root_id, right_id FROM nested JOIN facet ON left_id = span_id
  UNION
  SELECT root_id, left_id FROM nested JOIN facet ON right_id = span_id
)
SELECT root_id, span_id FROM nested
