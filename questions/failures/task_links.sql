-- The tasks that failed tasks waited for.
--
-- Arguments:
--   :tasks      JSON array of numbers of tasks
--
-- Columns:
--   run, rundir attributes
--   executor    NULL
--   task        number of the task that waits
--   depends     JSON array of the tasks before its function, or NULL
--   joins       JSON array of the tasks behind a join app's function, or NULL
SELECT attributes ->> 'run' AS run, attributes ->> 'rundir' AS rundir,
  NULL AS executor, attributes ->> 'task' AS task,
  attributes -> 'depends' AS depends, attributes -> 'joins' AS joins
FROM span JOIN span_kind USING (type)
WHERE role = 'task'
  AND (attributes ->> 'depends' IS NOT NULL OR attributes ->> 'joins' IS NOT NULL)
  AND attributes ->> 'task' IN (SELECT value FROM json_each(:tasks))
