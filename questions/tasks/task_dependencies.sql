-- The tasks that wait for other tasks.
--
-- Arguments:
--   :links          query of the links of each kind, as in span_links.sql, with
--                   a column kind
--   :is_once        1 to leave out parsl.log's tasks that monitoring has too
--
-- Columns:
--   task_id         the task that waits
--   depends_on_id   the other task, or NULL if it is unknown
--   run             id of the run, or NULL
--   task, depends_on
--                   Parsl's numbers
--   kind            'depends' or 'joins'
SELECT task.id AS task_id, link.listed_id AS depends_on_id,
  task.attributes ->> 'run' AS run, task.attributes ->> 'task' AS task,
  link.listed AS depends_on, link.kind
FROM (:links) AS link JOIN span AS task ON task.id = link.span_id
WHERE :is_once = 0 OR task.type = 'parsl.monitoring.task' OR NOT EXISTS (
  SELECT 1 FROM facet JOIN span AS other ON other.id = left_id
  WHERE right_id = task.id AND other.type = 'parsl.monitoring.task')
ORDER BY task_id, kind, depends_on_id
