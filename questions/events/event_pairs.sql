-- The times of two events within each root span.
--
-- Arguments:
--   :events                 query of events, as in events_of.sql
--   :from_span, :from_event first event, by its span type and event type
--   :to_span, :to_event     second event
--
-- Columns:
--   root_id                 the root span
--   time                    Unix seconds, never NULL
--   is_to                   0 for the first event, 1 for the second
WITH
  wanted AS (
    SELECT :from_span AS span_type, :from_event AS event_type, 0 AS is_to
    UNION ALL
    SELECT :to_span, :to_event, 1
  )
SELECT root_id, time, is_to
FROM (:events) JOIN wanted USING (span_type, event_type)
WHERE time IS NOT NULL
