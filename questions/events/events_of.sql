-- All events of each root span and of the spans that belong to it.
--
-- Arguments:
--   :typed         query of the events with the ids of their types, as in
--                  typed_events.sql
--   :components    query of the types of spans, as in components.sql
--   :is_event      condition on event_type
--
-- Columns:
--   root_id        the root span
--   time           Unix seconds, or NULL
--   at             Unix seconds, or minus infinity
--   span_type      type of the span that the event happened to
--   event_type     name of the event, or template of the message
--   component      component that describes the span
--   named          1 for a name, 0 for a template
--   event_id       the event
--   span_id        the span that the event happened to
--   type_id, event_type_id
--                  ids of both types
SELECT root_id, nullif(at, -9e999) AS time, at, described.type AS span_type,
  event_type.type AS event_type, component, named, event_id, span_id,
  typed.type_id, event_type_id
FROM (:typed) AS typed
  CROSS JOIN (:components) AS described
  CROSS JOIN event_type
WHERE described.type_id = typed.type_id
  AND event_type.id = event_type_id
  AND :is_event
