-- What can be measured of each run, or of each group of the tries of a run.
--
-- Arguments:
--   :tries       query of tries, in columns run, task, try, launched, started,
--                outcome, in_worker, and those of :value
--   :durations   query of durations, in columns run, app, seconds, and those of
--                :value
--   :value       the group of a row, a text
--
-- Columns:
--   run          label of the run; in the order of their beginning
--   workflow, version, host
--                of the run
--   began        Unix seconds
--   seconds      length of the run; NULL if it never ended
--   value        the group; NULL for a run without tries
--   tasks        number of tasks of which a log has a try
--   failed       of these, that failed for good
--   count        number of durations
--   median, p95  of these, in seconds
--   times        median of how many times as long they are as the median of their
--                app in all runs
--   waiting      median seconds of tries from launch to a worker
--   startup      seconds from the first launch until the first try is in a worker
--   in_worker    1 if the durations of tries are times in a worker, 0 if they are
--                from launch to end
WITH
  try_time AS MATERIALIZED (SELECT *, :value AS value FROM (:tries) AS tries),
  duration AS MATERIALIZED (
    SELECT run, coalesce(app, '') AS app, seconds, :value AS value
    FROM (:durations) AS durations
    WHERE seconds IS NOT NULL
  ),
  usual AS (
    SELECT app, median(seconds) AS usual FROM duration GROUP BY app
  ),
  timed AS (
    SELECT run, value, count(*) AS count, median(seconds) AS median,
      percentile(seconds, 95) AS p95,
      median(seconds / nullif(usual, 0)) AS times
    FROM duration JOIN usual USING (app)
    GROUP BY run, value
  ),
  waited AS (
    SELECT run, value, median(started - launched) AS waiting,
      min(started) - min(launched) AS startup, max(in_worker) AS in_worker
    FROM try_time
    GROUP BY run, value
  ),
  -- The last try has the highest number.
  last AS (
    SELECT run, value, task,
      max(1000 * CAST("try" AS INTEGER) + coalesce(outcome, 0)) % 1000 AS outcome
    FROM try_time
    WHERE task IS NOT NULL
    GROUP BY run, value, task
  ),
  counted AS (
    SELECT run, value, count(*) AS tasks,
      count(CASE WHEN outcome BETWEEN 90 AND 99 THEN 1 END) AS failed
    FROM last
    GROUP BY run, value
  )
SELECT label AS run, workflow, parsl_version AS version, host, began,
  ended - began AS seconds, counted.value, coalesce(tasks, 0) AS tasks, failed,
  count, median, p95, times, waiting, startup, in_worker
FROM run JOIN run_label USING (id)
  LEFT JOIN counted ON counted.run = label
  LEFT JOIN waited ON waited.run = label AND waited.value = counted.value
  LEFT JOIN timed ON timed.run = label AND timed.value = counted.value
ORDER BY began, label, counted.value
