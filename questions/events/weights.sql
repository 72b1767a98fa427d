-- The numbers that may weigh each root span: its own, and those of the spans
-- nested in it or equal to it.
--
-- Arguments:
--   :nested   query of nested spans, as in nested_spans.sql
--   :path     JSON path of an attribute
--   :metric   name of a metric
--
-- Columns:
--   root_id   the root span
--   is_own    1 if the number is the root's own
--   value     the attribute, or the length of a list; if it is neither, the
--             maximum of the metric; never NULL
WITH
  described AS (
    SELECT root_id, root_id = span_id AS is_own, span_id,
      attributes ->> :path AS attribute
    FROM (:nested) CROSS JOIN span ON span.id = span_id
  ),
  -- A number may be written as text. JSON has the type of either.
  typed AS (
    SELECT *, CASE WHEN json_valid(attribute) THEN json_type(attribute) END
      AS type
    FROM described
  ),
  valued AS (
    SELECT root_id, is_own, CASE
        WHEN type IN ('integer', 'real') THEN attribute + 0
        WHEN type = 'array' THEN json_array_length(attribute)
        ELSE (
          SELECT max(value) FROM metric_row
          WHERE metric_row.span_id = typed.span_id
            AND name_id IN (SELECT id FROM metric_name WHERE name = :metric)
        )
      END AS value
    FROM typed
  )
SELECT * FROM valued WHERE value IS NOT NULL
