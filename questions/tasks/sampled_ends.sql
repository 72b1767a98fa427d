-- When each span that a monitor sampled ended.
--
-- Columns:
--   span_id    the span, such as a try
--   end        Unix seconds: when it left its worker, or when it failed
SELECT span_id, min(time) AS "end"
FROM span
  CROSS JOIN event_row ON span_id = span.id
  CROSS JOIN event_type ON event_type.id = type_id AND named = 1
  CROSS JOIN event_kind
    ON span_type = span.type AND event_type = event_type.type
WHERE place_rank >= 60 AND span.id IN (
    SELECT span_id FROM metric_row WHERE name_id IN (
      SELECT id FROM metric_name WHERE metric = 'resource'))
GROUP BY span_id
