-- The runs of a campaign, and how their tasks ended, in the columns of `runs`.
--
-- Arguments:
--   :of_step, :of_span, :of_run
--               conditions on these tables, that rows are of the run
--
-- Tasks are counted as in task_counts.sql.
WITH
  ended AS (
    SELECT root_id, max_by(place_rank, coalesce(time, 0)) AS place_rank
    FROM step
      JOIN event_kind ON event_kind.span_type = step.span_type
        AND event_kind.event_type = step.event_type
      JOIN span_kind ON span_kind.type = step.span_type
    WHERE role = 'try' AND final = 1 AND root_type = step.span_type
      AND span_id = root_id AND :of_step
    GROUP BY root_id
  ),
  task AS (
    SELECT span.run, max(CASE WHEN role = 'try' THEN
        1000000 * coalesce(CAST("try" AS BIGINT), 0) + coalesce(
          CASE WHEN preference = 1 THEN 1001 ELSE 1 END + place_rank, 0)
        END) AS last
    FROM span JOIN span_kind ON span_kind.type = span.type
      LEFT JOIN ended ON root_id = span.id
    WHERE role IN ('task', 'try') AND :of_span
    GROUP BY span.run, task
  ),
  counts AS (
    SELECT run, count(*) AS tasks,
      count(CASE WHEN last % 1000 > 90 THEN 1 END) AS failed,
      count(CASE WHEN last >= 1000000 THEN 1 END) AS retried,
      count(CASE WHEN coalesce(last % 1000, 0) = 0 THEN 1 END) AS unfinished
    FROM task
    GROUP BY run
  )
SELECT label AS run, workflow, began, ended - began AS seconds,
  CASE WHEN ended IS NULL THEN 'did not end' ELSE 'ended' END AS state,
  coalesce(tasks, 0) AS tasks, coalesce(failed, 0) AS failed,
  coalesce(retried, 0) AS retried, coalesce(unfinished, 0) AS unfinished,
  parsl_version, host, rundir
FROM run JOIN run_label ON run_label.id = run.id
  LEFT JOIN counts ON counts.run = run.run
WHERE :of_run
ORDER BY began, label
