-- The outermost of some spans: each is nested in no other of them. If spans are
-- nested in a circle, all of them are outermost.
--
-- Arguments:
--   :matched     query of span ids, in a column id
--
-- Columns:
--   id, type, attributes
--                the span
--
-- Set operations: looking up each span among the others would be quadratic.
WITH RECURSIVE
  matched AS MATERIALIZED (:matched),
  top AS MATERIALIZED (
    SELECT id FROM matched
    EXCEPT
    SELECT subspan_id
    FROM matched CROSS JOIN subspan
    WHERE superspan_id = matched.id AND subspan_id <> superspan_id
  ),
  -- As nested_spans.sql, but without the roots: their pairs could be very many.
  nested (span_id) AS (
    SELECT id FROM top
    UNION
    SELECT subspan_id FROM nested JOIN subspan ON superspan_id = span_id
    UNION
    SELECT right_id FROM nested JOIN facet ON left_id = span_id
    UNION
    SELECT left_id FROM nested JOIN facet ON right_id = span_id
  ),
  circular AS (
    SELECT id FROM matched
    EXCEPT
    SELECT span_id FROM nested
  )
SELECT id, type, attributes
FROM span
WHERE id IN (SELECT id FROM top UNION SELECT id FROM circular)
ORDER BY id
