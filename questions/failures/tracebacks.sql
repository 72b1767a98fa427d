-- The traceback of a try.
--
-- Arguments:
--   :run        id of the run, or its directory
--   :task, :try numbers
--
-- Columns:
--   traceback   the lines that continue the one about the exception
--
-- The first one is the closest to the function.
SELECT event_row.attributes ->> 'more' AS traceback
FROM span_kind CROSS JOIN span USING (type)
  CROSS JOIN event_row ON event_row.span_id = span.id
WHERE role IN ('task', 'try', 'work') AND span.attributes ->> 'task' = :task
  AND ifnull(span.attributes ->> 'try', :try) = :try
  AND :run IN (span.attributes ->> 'run', span.attributes ->> 'rundir')
  AND event_row.attributes ->> 'exception' IS NOT NULL
ORDER BY event_row.time
LIMIT 1
