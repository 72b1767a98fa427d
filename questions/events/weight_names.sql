-- The names of numbers that spans have.
--
-- Arguments:
--   :nested   query of nested spans, as in nested_spans.sql
--
-- Columns:
--   kind      'attribute' or 'metric'
--   name      of the attribute or metric
WITH nested AS MATERIALIZED (SELECT DISTINCT span_id FROM (:nested))
SELECT DISTINCT 'attribute' AS kind, attribute.key AS name
FROM nested JOIN span ON span.id = span_id
  JOIN json_each(attributes) AS attribute
WHERE attribute.type IN ('integer', 'real', 'array')
UNION ALL
SELECT DISTINCT 'metric', name
FROM nested JOIN metric_row USING (span_id)
  JOIN metric_name ON metric_name.id = name_id
ORDER BY kind, name
