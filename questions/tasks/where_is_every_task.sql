-- The places of tasks as their tries report them, not yet in order.
--
-- Arguments:
--   :entrances  rows of span_type, event_type, place, rank (position of the
--               place, from 1) and is_last (1 for the last place)
--   :events     query of the named events of all tries, as in events_of.sql
--
-- Columns:
--   root_id     the task, or the try if no task is known
--   span_id     the try
--   event_id    the event
--   time        Unix seconds
--   state       the place
--   rank, is_last
--               as given
WITH
  entrance (span_type, event_type, place, rank, is_last) AS MATERIALIZED (
    :entrances
  ),
  task_of AS (
    SELECT subspan_id AS root_id, min(superspan_id) AS task_id
    FROM span JOIN subspan ON superspan_id = span.id
    WHERE span.type IN ('parsl.rundir.task', 'parsl.monitoring.task')
    GROUP BY subspan_id
  )
SELECT coalesce(task_id, root_id) AS root_id, root_id AS span_id, event_id,
  time, place AS state, rank, is_last
FROM (:events)
  JOIN entrance USING (span_type, event_type)
  LEFT JOIN task_of USING (root_id)
WHERE time IS NOT NULL
