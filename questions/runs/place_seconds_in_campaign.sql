-- The same as place_seconds.sql, in a campaign: a row for each run and group, with
-- columns of each step, of which the last query makes rows. This takes a third of
-- the time of windows.
--
-- Arguments:
--   :events    query of named events of tries, in columns root_id, time, span_type
--              and event_type
--   :step      the number of the step that a place belongs to, by its name, place
--   :arrivals  columns at_0, at_1, …: when the try came to each step
--   :from      columns from_0, from_1, …: when it was there or further
--   :latest    when it came to the last step that it reached
--   :is_ended  condition on at_0, …: the try ended its task
--   :is_failed condition: it failed
--   :spent     columns seconds_0, …: how long the try was in each step
--   :summed    the same of all tries of a task
--   :tasks_of  query of the tries of each task, in columns try_id and task_id
--   :groups, :join_run, :is_run
--              as in place_seconds.sql
--   :totals    columns spans_0, seconds_0, p95_0, …: of all tasks that ended
--   :rows      SELECTs of the rows of each step, from all
WITH
  entrance AS MATERIALIZED (
    SELECT span_type, event_type, :step AS step
    FROM event_kind
    WHERE place IS NOT NULL
  ),
  arrived AS (
    SELECT root_id AS try_id, :arrivals
    FROM (:events) AS happened JOIN entrance USING (span_type, event_type)
    WHERE time IS NOT NULL
    GROUP BY root_id
  ),
  -- A place that is reported after a later one was reached with it.
  reached AS (SELECT *, :from FROM arrived),
  passed AS (
    SELECT try_id, from_0 AS began, :latest AS latest,
      CASE WHEN :is_ended THEN 1 ELSE 0 END AS is_ended,
      CASE WHEN :is_failed THEN 1 ELSE 0 END AS is_failed, :spent
    FROM reached
  ),
  task AS (
    SELECT coalesce(task_id, try_id) AS root_id, max(is_ended) AS is_ended,
      max(is_failed) AS is_failed, :summed
    FROM passed LEFT JOIN (:tasks_of) AS task_of USING (try_id)
    GROUP BY coalesce(task_id, try_id)
  ),
  total AS MATERIALIZED (
    SELECT run_of.run, category, sum(is_ended) AS spans,
      sum(1 - is_ended) AS unfinished, sum(is_ended * is_failed) AS failed,
      :totals
    FROM task
      :join_run
      LEFT JOIN (:groups) AS grouped USING (root_id)
    WHERE :is_run
    GROUP BY run_of.run, category
  )
SELECT run, category, -1 AS step, spans, NULL AS seconds, NULL AS p95,
  unfinished, failed
FROM total
:rows
