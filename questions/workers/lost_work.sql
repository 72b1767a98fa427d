-- Tasks of executors that were lost with their manager.
--
-- Columns:
--   run, rundir, executor, executor_task
--               attributes
SELECT DISTINCT span.attributes ->> 'run' AS run, span.attributes ->> 'rundir' AS rundir,
  span.attributes ->> 'executor' AS executor,
  span.attributes ->> 'executor_task' AS executor_task
FROM event_kind
  JOIN event_type ON event_type.type = event_type AND named = 1
  CROSS JOIN event_row ON event_row.type_id = event_type.id
  CROSS JOIN span ON span.id = span_id AND span.type = span_type
WHERE work = 'lost' AND span.attributes ->> 'executor_task' IS NOT NULL
