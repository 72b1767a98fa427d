-- The steps of root spans in a campaign, each in its order.
--
-- Arguments:
--   :events      query of the events of each root, as in events_of.sql
--
-- Columns:
--   root_id      the root span
--   time         Unix seconds, never NULL
--   since_start  seconds since the first event of the root
--   span_type, event_type, component
--   nth          occurrence number within the root, from 1
--   event_id     the event
SELECT root_id, time, time - min(time) OVER (PARTITION BY root_id)
    AS since_start, span_type, event_type, component, row_number() OVER (
    PARTITION BY root_id, span_type, event_type ORDER BY time, event_id
  ) AS nth, event_id
FROM (:events) AS happened
WHERE time IS NOT NULL
