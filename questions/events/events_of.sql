-- All events of each root span and of every span nested in it or equal to it.
--
-- Arguments:
--   :nested        query of nested spans, as in nested_spans.sql
--   :components    query of components, as in components.sql
--   :is_component  condition on type and component
--   :is_event      condition on event
--
-- Columns:
--   root_id        the root span
--   time           Unix seconds, or NULL
--   span_type      type of the span that the event happened to
--   event_type     name of the event, or template of the message
--   component      component that describes the span
--   named          1 for a name, 0 for a template
--   event_id       the event
--   span_id        the span that the event happened to
--
-- A task that was resent is in each worker that ran it. Under a worker, events
-- that name another one are left out.
--
-- The cross joins fix the order of the lookups.
WITH
  nested AS MATERIALIZED (:nested),
  described AS MATERIALIZED (
    SELECT type, component FROM (:components) WHERE :is_component
  ),
  root_worker AS MATERIALIZED (
    SELECT id, CAST(attributes ->> 'worker' AS TEXT) AS worker
    FROM span JOIN span_kind ON span_kind.type = span.type
    WHERE role = 'worker' AND attributes ->> 'worker' IS NOT NULL
  )
SELECT nested.root_id, event.time, described.type AS span_type,
  event.type AS event_type, described.component, event.named,
  event.id AS event_id, event.span_id
FROM nested
  CROSS JOIN span
  CROSS JOIN described
  CROSS JOIN event
  LEFT JOIN root_worker ON root_worker.id = nested.root_id
WHERE span.id = nested.span_id
  AND described.type = span.type
  AND event.span_id = nested.span_id
  AND :is_event
  AND (root_worker.worker IS NULL
    OR coalesce(CAST(event.attributes ->> 'worker' AS TEXT), root_worker.worker)
      = root_worker.worker)
