-- The number of tasks of each run, and how they ended.
--
-- Columns:
--   run         id of the run, or its directory
--   tasks       number of tasks
--   failed      of these, that failed for good, dependents included
--   retried     that were tried more than once
--   unfinished  that had begun and never ended
--
-- Of several accounts of a task, the preferred one counts.
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type.id AS type_id, place_rank
    FROM event_kind JOIN span_kind ON span_kind.type = span_type
      JOIN event_type ON event_type.type = event_type AND named = 1
    WHERE role = 'try' AND final = 1
  ),
  try AS (
    SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'task' AS task,
      CAST(attributes ->> 'try' AS INTEGER) AS try, preference, (
        SELECT kind.place_rank
        FROM event_row CROSS JOIN kind
        WHERE event_row.span_id = span.id AND kind.type_id = +event_row.type_id
          AND span_type = span.type
        ORDER BY time DESC
        LIMIT 1
      ) AS place_rank
    FROM span JOIN span_kind USING (type)
    WHERE role = 'try'
  ),
  -- Monitoring may know the end of a try that parsl.log, cut off, does not.
  ended AS (
    SELECT run, task, try, coalesce(
        max(CASE WHEN preference = 1 THEN place_rank END), max(place_rank))
        AS place_rank
    FROM try
    GROUP BY run, task, try
  ),
  last AS (
    -- SQLite takes the other columns from the row that has the maximum.
    SELECT run, task, max(try) AS tries, place_rank
    FROM ended
    GROUP BY run, task
  ),
  task AS (
    SELECT DISTINCT coalesce(attributes ->> 'run', attributes ->> 'rundir')
        AS run, attributes ->> 'task' AS task
    FROM span JOIN span_kind USING (type)
    WHERE role IN ('task', 'try')
  )
SELECT run, count(*) AS tasks, sum(place_rank >= 90) AS failed,
  sum(tries > 0) AS retried, sum(place_rank IS NULL) AS unfinished
FROM task LEFT JOIN last USING (run, task)
GROUP BY run
