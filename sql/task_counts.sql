-- The number of tasks of each run, and how they ended.
--
-- Columns:
--   run         id of the run, or its directory
--   tasks       number of tasks
--   failed      of these, that failed for good, dependents included
--   retried     that were tried more than once
--   unfinished  that had begun and never ended
--
-- A task ended as its last try did. Of several accounts of a try, the preferred
-- one counts, unless it knows no end: monitoring may know the end of a try that
-- parsl.log, cut off, does not. Numbers in this order make one sort enough: the
-- try in millions, whether the account is preferred in thousands, and 1 + the
-- rank of the place, or 0 without an end.
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type.id AS type_id, place_rank
    FROM event_kind JOIN span_kind ON span_kind.type = span_type
      JOIN event_type ON event_type.type = event_type AND named = 1
    WHERE role = 'try' AND final = 1
  ),
  account AS (
    SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'task' AS task,
      iif(role = 'try', ifnull(attributes ->> 'try', 0), NULL) AS try,
      iif(preference = 1, 1001, 1) + (
        SELECT kind.place_rank
        FROM event_row CROSS JOIN kind
        WHERE event_row.span_id = span.id AND kind.type_id = +event_row.type_id
          AND span_type = span.type
        ORDER BY time DESC
        LIMIT 1
      ) AS place
    FROM span JOIN span_kind USING (type)
    WHERE role IN ('task', 'try')
  ),
  task AS (
    SELECT run, max(CAST(try AS INTEGER) * 1000000 + ifnull(place, 0)) AS last
    FROM account
    GROUP BY run, task
  )
SELECT run, count(*) AS tasks, sum(last % 1000 > 90) AS failed,
  sum(last >= 1000000) AS retried, sum(ifnull(last % 1000 = 0, 1)) AS unfinished
FROM task
GROUP BY run
