-- The times of two events within each root span.
--
-- Arguments:
--   :nested                 query of nested spans, as in nested_spans.sql
--   :from_span, :from_event first event, by its span type and event type
--   :to_span, :to_event     second event
--
-- Columns:
--   root_id                 the root span
--   time                    Unix seconds, never NULL
--   is_to                   0 for the first event, 1 for the second
--
-- The plus keeps SQLite from looking events up by their type, which may match
-- very many, instead of by their span.
WITH nested AS MATERIALIZED (:nested)
SELECT root_id, event.time, 0 AS is_to
FROM nested CROSS JOIN span CROSS JOIN event
WHERE span.id = nested.span_id AND span.type = :from_span
  AND event.span_id = nested.span_id AND +event.type = :from_event
  AND event.time IS NOT NULL
UNION ALL
SELECT root_id, event.time, 1 AS is_to
FROM nested CROSS JOIN span CROSS JOIN event
WHERE span.id = nested.span_id AND span.type = :to_span
  AND event.span_id = nested.span_id AND +event.type = :to_event
  AND event.time IS NOT NULL
