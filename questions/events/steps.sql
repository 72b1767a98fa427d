-- The steps of each root span: the events of the root and of every span nested
-- in it or equal to it, with their number and the place of the span.
--
-- Arguments:
--   :events        query of these events, as in events_of.sql
--   :names         query of the names of all spans, as in span_names.sql
--
-- Columns:
--   run            label of the run, or NULL
--   root_type, root_id
--                  the root span
--   time           Unix seconds, or NULL
--   span_type      type of the span that the event happened to
--   event_type     name of the event, or template of the message
--   nth            occurrence number of this event within the root, from 1
--   named          1 for a name, 0 for a template
--   component      component that describes the span
--   app, executor, block, manager, worker, host
--                  attributes of the span, or else of the root, or NULL
--   span_id, event_id
--                  the span and the event
SELECT coalesce(place.run, root.run) AS run, root.type AS root_type, root_id,
  time, span_type, event_type, row_number() OVER (
    PARTITION BY root_id, event.type_id, event_type_id ORDER BY at, event_id
  ) AS nth, named, component, coalesce(place.app, root.app) AS app,
  coalesce(place.executor, root.executor) AS executor,
  coalesce(place.block, root.block) AS block,
  coalesce(place.manager, root.manager) AS manager,
  coalesce(place.worker, root.worker) AS worker,
  coalesce(place.host, root.host) AS host, event.span_id, event_id
FROM (:events) AS event
  JOIN (:names) AS root ON root.span_id = +root_id
  JOIN (:names) AS place ON place.span_id = +event.span_id
ORDER BY root_id, at, event_id
