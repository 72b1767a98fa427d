-- When the workers of queues sent or received files.
--
-- Columns:
--   run, rundir, executor, worker
--               the worker; its block and manager are unknown
--   begin, until
--               Unix seconds
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type.id AS type_id
    FROM event_kind JOIN event_type ON event_type.type = event_type AND named = 1
    WHERE work = 'transfer'
  )
SELECT span.attributes ->> 'run' AS run, span.attributes ->> 'rundir' AS rundir,
  span.attributes ->> 'executor' AS executor,
  coalesce(event_row.attributes ->> 'worker', span.attributes ->> 'worker')
    AS worker,
  time - (event_row.attributes ->> 'seconds') AS begin, time AS until
FROM span CROSS JOIN event_row CROSS JOIN kind
WHERE span.type IN (SELECT span_type FROM kind)
  AND event_row.span_id = span.id
  AND kind.span_type = span.type AND kind.type_id = +event_row.type_id
  AND event_row.attributes ->> 'seconds' > 0
