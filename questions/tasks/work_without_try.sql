-- The tasks of executors that are in no try of Parsl's, as their queue logs them.
--
-- Columns:
--   id   the span
SELECT id FROM span
WHERE attributes ->> 'try' IS NULL AND type IN (
  SELECT span_type FROM event_kind
  WHERE work = 'queued' AND place_rank BETWEEN 30 AND 39)
