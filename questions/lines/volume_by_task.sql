-- The volume of the logs for each task.
--
-- Arguments:
--   :line_sizes   query of the lines, as in line_sizes.sql
--   :rest         query of the rest of each log, as in volume_rest.sql
--
-- Columns:
--   run, task     NULL for lines about no task
--   lines, bytes  totals; a line about several tasks counts in equal parts
--   share         share of all bytes, from 0 to 1
WITH
  sized AS MATERIALIZED (:line_sizes),
  about AS MATERIALIZED (
    SELECT DISTINCT mentioned.source_id, offset,
      coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'task' AS task
    FROM (
      SELECT DISTINCT source_id, offset, span_id
      FROM event
      WHERE offset IS NOT NULL
    ) AS mentioned JOIN span ON span.id = span_id
    WHERE attributes ->> 'task' IS NOT NULL
  ),
  shared AS (
    SELECT *, count(*) OVER (PARTITION BY source_id, offset) AS tasks FROM about
  ),
  counted AS (
    SELECT run, task, sum(1.0 / coalesce(tasks, 1)) AS lines,
      sum(bytes / coalesce(tasks, 1)) AS bytes
    FROM sized LEFT JOIN shared USING (source_id, offset)
    GROUP BY run, task
    UNION ALL
    SELECT NULL, NULL, lines, bytes FROM (:rest)
  )
SELECT run, task, sum(lines) AS lines, sum(bytes) AS bytes,
  sum(bytes) / sum(sum(bytes)) OVER () AS share
FROM counted
GROUP BY run, task
ORDER BY bytes DESC, run, task
