-- The events of one entity with their sources, each line once.
--
-- Arguments:
--   :events     query of events, as in events_of.sql
--
-- Columns:
--   time, component, span_type, event_type, named, event_id
--               as given; for a line about several spans those of the first
--   message     the attributes: a JSON object, or NULL
--   path, line  where the event was read, or NULL
SELECT happened.time, component, event_type, event.attributes AS message,
  happened.named, span_type, path, line, min(event_id) AS event_id
FROM (:events) AS happened
  JOIN event ON event.id = event_id
  LEFT JOIN source ON source.id = event.source_id
GROUP BY event_type,
  CASE WHEN offset IS NULL THEN event_id ELSE event.source_id END,
  coalesce(offset, -1)
ORDER BY happened.time, event_id
