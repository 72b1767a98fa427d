-- The same as root_values.sql, in a campaign whose table step has the steps of the
-- roots, with the names of places.
--
-- Arguments:
--   :roots     type of the root spans
--   :own       columns own_0, all_0, own_1, …: of each name, the value of the root
--              and the only one of the spans nested in it
--   :of_task   columns task_0, task_1, …: attributes of tasks
--   :join_run  JOIN of run_of to own, with a column run
--   :values    list of the values, from own, task and run_of
--
-- Columns:
--   root_id, category
--              as in root_values.sql
WITH
  task AS (
    SELECT span.run, span.task, :of_task
    FROM span JOIN span_kind ON span_kind.type = span.type
    WHERE role = 'task'
    GROUP BY span.run, span.task
  ),
  own AS (
    SELECT root_id, :own FROM step WHERE root_type = :roots GROUP BY root_id
  )
SELECT own.root_id, json_array(:values) AS category
FROM own JOIN span AS root ON root.id = own.root_id
  :join_run
  LEFT JOIN task ON task.run = root.run AND task.task = root.task
