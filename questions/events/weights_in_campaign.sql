-- The numbers that may weigh each root span, in a campaign: as weights.sql, with
-- functions that DuckDB and Spark have.
--
-- Arguments:
--   :nested   query of nested spans, in columns root_id and span_id
--   :path     JSON path of an attribute
--   :metric   name of a metric
--
-- Columns:
--   root_id, is_own, value
--             as in weights.sql
WITH
  described AS (
    SELECT nested.root_id, nested.span_id, CASE
        WHEN nested.root_id = nested.span_id THEN 1 ELSE 0
      END AS is_own, span.attributes ->> :path AS attribute
    FROM (:nested) AS nested JOIN span ON span.id = nested.span_id
  ),
  measured AS (
    SELECT span_id, max(value) AS highest
    FROM metric WHERE name = :metric
    GROUP BY span_id
  ),
  valued AS (
    SELECT root_id, is_own, CASE
        WHEN substr(attribute, 1, 1) = '[' THEN json_array_length(attribute)
        ELSE coalesce(TRY_CAST(attribute AS DOUBLE), highest)
      END AS value
    FROM described LEFT JOIN measured ON measured.span_id = described.span_id
  )
SELECT root_id, is_own, value FROM valued WHERE value IS NOT NULL
