-- The outermost of some spans: each is nested in no other of them. If spans are
-- nested in a circle, all of them are outermost.
--
-- Arguments:
--   :matched     query of span ids, in a column id
--   :nested      query of the spans nested in those of the table top, in a
--                column span_id, as in nested_spans.sql
--
-- Columns:
--   id, type, attributes
--                the span
--
-- Set operations: looking up each span among the others would be quadratic.
WITH
  matched AS MATERIALIZED (:matched),
  top AS MATERIALIZED (
    SELECT id FROM matched
    EXCEPT
    SELECT subspan_id
    FROM matched CROSS JOIN subspan
    WHERE superspan_id = matched.id AND subspan_id <> superspan_id
  ),
  circular AS (
    SELECT id FROM matched
    EXCEPT
    SELECT span_id FROM (:nested)
  )
SELECT id, type, attributes
FROM span
WHERE id IN (SELECT id FROM top UNION SELECT id FROM circular)
ORDER BY id
