-- How long the tasks of each run and group were in each step, summed.
--
-- Arguments:
--   :places   query of root_id, time and state, as whereIsEveryTask() finds them
--   :step     the number of the step that a place belongs to, by its name, state
--   :groups   query of the groups of tasks, in columns root_id and category
--   :join_run JOIN to run_of, whose column run has the label of the run of root_id
--   :is_run   condition on run_of
--
-- Columns:
--   run         label of the run
--   category    the group, or NULL
--   step        number of the step; -1 for all together
--   spans       tasks that ended, and left the step
--   seconds     of these in the step, all tries together; NULL for all steps
--   p95         the 95th percentile over these tasks; NULL for all steps
--   unfinished  tasks that did not end; 0 for a single step
--   failed      tasks that ended and failed; 0 for a single step
--
-- A try ends at a place with a rank from 80 on, a task below 100, too: at 90 it
-- has failed.
WITH
  ranked AS MATERIALIZED (
    SELECT place, min(place_rank) AS place_rank
    FROM event_kind
    WHERE place IS NOT NULL
    GROUP BY place
  ),
  stay AS (
    -- A task that arrives at two places at once goes on from the later one.
    SELECT root_id, :step AS step,
      lead(time) OVER (PARTITION BY root_id ORDER BY time, place_rank) - time
        AS seconds,
      last_value(place_rank) OVER (
        PARTITION BY root_id ORDER BY time, place_rank
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS last_rank
    FROM (:places) JOIN ranked ON place = state
  ),
  spent AS MATERIALIZED (
    SELECT root_id, step, sum(seconds) AS seconds, max(last_rank) AS last_rank
    FROM stay
    GROUP BY root_id, step
  ),
  task AS MATERIALIZED (
    SELECT last.root_id, last_rank BETWEEN 80 AND 99 AS is_ended,
      last_rank BETWEEN 90 AND 99 AS is_failed, run_of.run, category
    FROM (
      SELECT root_id, max(last_rank) AS last_rank FROM spent GROUP BY root_id
    ) AS last
      :join_run
      LEFT JOIN (:groups) AS grouped ON grouped.root_id = last.root_id
    WHERE :is_run
  )
SELECT run, category, -1 AS step, sum(is_ended) AS spans, NULL AS seconds,
  NULL AS p95, sum(NOT is_ended) AS unfinished, sum(is_failed) AS failed
FROM task
GROUP BY run, category
UNION ALL
SELECT run, category, step, count(seconds), sum(seconds),
  percentile(seconds, 95), 0, 0
FROM task JOIN spent USING (root_id)
WHERE is_ended AND seconds IS NOT NULL
GROUP BY run, category, step
