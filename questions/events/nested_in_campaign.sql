-- Each root span and every span nested in it or equal to it, in a campaign.
--
-- Arguments:
--   :roots    query of the root spans, in a column id
--
-- Columns:
--   root_id, span_id
--             as in nested_spans.sql
--
-- DuckDB allows a recursion to name itself only once.
WITH RECURSIVE
  edge AS (
    SELECT superspan_id AS from_id, subspan_id AS to_id FROM subspan
    UNION ALL
    SELECT left_id, right_id FROM facet
    UNION ALL
    SELECT right_id, left_id FROM facet
  ),
  nested (root_id, span_id) AS (
    SELECT id, id FROM (:roots) AS root
    UNION
    SELECT root_id, to_id FROM nested JOIN edge ON from_id = span_id
  )
SELECT root_id, span_id FROM nested
