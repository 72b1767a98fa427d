-- The events of each root span and of the spans that belong to it, with the ids
-- of their types.
--
-- Arguments:
--   :spans         query of the spans of each root, as in typed_spans.sql
--
-- Columns:
--   root_id        the root span
--   at             Unix seconds, or minus infinity for an event without a time
--   event_id       the event
--   span_id        the span that the event happened to
--   type_id        type of the span
--   event_type_id  type of the event
--
-- A task that was resent is in each worker that ran it. Under a worker, events
-- that name another one are left out. The limit is for nesting that makes no
-- sense, as in own_spans.sql.
SELECT root_id, coalesce(time, -9e999) AS at, event_row.id AS event_id,
  own.span_id, own.type_id, event_row.type_id AS event_type_id
FROM (:spans) AS own CROSS JOIN event_row
WHERE event_row.span_id = own.span_id
  AND (worker IS NULL
    OR coalesce(CAST(attributes ->> 'worker' AS TEXT), worker) = worker)
LIMIT (SELECT 1000000 + 16 * ifnull(max(id), 0) FROM event_row)
