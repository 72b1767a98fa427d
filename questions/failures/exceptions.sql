-- What each account says about the exception of a try.
--
-- Columns:
--   run, rundir, executor, task, try
--               attributes
--   exception   type of the exception, or NULL
--   message     its message, or NULL
--   causes      JSON array of the exceptions that led to it, or NULL
--
-- The process that ran Parsl comes first, then monitoring, then workers.
SELECT attributes ->> 'run' AS run, attributes ->> 'rundir' AS rundir,
  attributes ->> 'executor' AS executor, attributes ->> 'task' AS task,
  attributes ->> 'try' AS try, attributes ->> 'exception' AS exception,
  attributes ->> 'exception_message' AS message,
  attributes -> 'exception_causes' AS causes
FROM span JOIN span_kind USING (type)
WHERE role IN ('try', 'work') AND attributes ->> 'task' IS NOT NULL
  AND (attributes ->> 'exception' IS NOT NULL
    OR attributes ->> 'exception_message' IS NOT NULL)
ORDER BY role = 'work', preference, id
