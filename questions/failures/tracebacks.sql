-- The tracebacks of tries.
--
-- Arguments:
--   :tries      JSON: [run, task, try] of each; a run is its id or its directory
--
-- Columns:
--   run, task, try
--               as in :tries
--   traceback   the lines that continue one about the exception
--
-- The first one of a try is the closest to the function.
WITH wanted AS MATERIALIZED (
  SELECT value ->> 0 AS run, value ->> 1 AS task, value ->> 2 AS try
  FROM json_each(:tries)
)
SELECT wanted.run, wanted.task, wanted.try,
  event_row.attributes ->> 'more' AS traceback
FROM span_kind CROSS JOIN span USING (type)
  CROSS JOIN wanted ON wanted.task = span.attributes ->> 'task'
  CROSS JOIN event_row ON event_row.span_id = span.id
WHERE role IN ('task', 'try', 'work')
  AND ifnull(span.attributes ->> 'try', wanted.try) = wanted.try
  AND wanted.run IN (span.attributes ->> 'run', span.attributes ->> 'rundir')
  AND event_row.attributes ->> 'exception' IS NOT NULL
ORDER BY event_row.time
