-- The tasks that wait for other tasks.
--
-- Arguments:
--   :links          query of the links of each kind, as in span_links.sql, with
--                   a column kind
--   :join_runs      JOIN of run_of to span, with a column run
--   :is_wanted      condition on span, the task that waits
--   :is_once        1 to leave out parsl.log's tasks that monitoring has too
--
-- Columns:
--   task_id         the task that waits
--   depends_on_id   the other task, or NULL if it is unknown
--   run             label of the run; if it has none, its id or directory
--   task, depends_on
--                   Parsl's numbers
--   kind            'depends' or 'joins'
SELECT span.id AS task_id, link.listed_id AS depends_on_id,
  run_of.run AS run, attributes ->> 'task' AS task,
  link.listed AS depends_on, link.kind
FROM (:links) AS link JOIN span ON span.id = link.span_id
  :join_runs
WHERE :is_wanted AND (
  :is_once = 0 OR span.type = 'parsl.monitoring.task' OR NOT EXISTS (
    SELECT 1 FROM facet JOIN span AS other ON other.id = left_id
    WHERE right_id = span.id AND other.type = 'parsl.monitoring.task'))
ORDER BY task_id, kind, depends_on_id
