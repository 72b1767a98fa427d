-- The events of one entity with their sources, each line once.
--
-- Arguments:
--   :events     query of events, as in events_of.sql
--
-- Columns:
--   time, component, span_type, event_type, named, event_id
--               as given; for a line about several spans those of the first
--   attributes, span_attributes
--               JSON objects, of the event or NULL, and of its span
--   role, identity
--               of the type of the span, as in span_kind, or NULL
--   place       where the event moves a task, as in event_kind, or NULL
--   thread, process, level
--               the writer of the line, as in origin, or NULL
--   source_id, path, bytes, fingerprint, line, offset
--               where the event was read, or NULL
SELECT happened.time, component, happened.event_type, event.attributes,
  happened.named, happened.span_type, span.attributes AS span_attributes,
  role, identity, place, thread, process, level,
  event.source_id, path, ifnull(source.bytes, 0) AS bytes, fingerprint, line,
  offset, min(event_id) AS event_id
FROM (:events) AS happened
  JOIN event ON event.id = event_id
  JOIN span ON span.id = event.span_id
  LEFT JOIN span_kind ON span_kind.type = happened.span_type
  LEFT JOIN event_kind ON event_kind.span_type = happened.span_type
    AND event_kind.event_type = happened.event_type AND happened.named
  LEFT JOIN origin ON origin.id = origin_id
  LEFT JOIN source ON source.id = event.source_id
GROUP BY happened.event_type,
  CASE WHEN offset IS NULL THEN event_id ELSE event.source_id END,
  coalesce(offset, -1)
ORDER BY happened.time, event_id
