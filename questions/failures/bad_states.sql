-- The moments at which Parsl gave up an executor, whose blocks had failed.
--
-- Columns:
--   run, rundir attributes
--   executor    NULL: the line does not name it
--   time        Unix seconds
--   exception, message
--               the exception that the line continues with, or NULL
--   traceback   the lines that continue it
SELECT span.attributes ->> 'run' AS run, span.attributes ->> 'rundir' AS rundir,
  NULL AS executor, time, event_row.attributes ->> 'exception' AS exception,
  event_row.attributes ->> 'exception_message' AS message,
  event_row.attributes ->> 'more' AS traceback
FROM event_type CROSS JOIN event_row ON event_row.type_id = event_type.id
  CROSS JOIN span ON span.id = span_id
WHERE event_type.type = 'Setting bad state due to exception'
  AND event_row.attributes ->> 'more' IS NOT NULL
ORDER BY time
