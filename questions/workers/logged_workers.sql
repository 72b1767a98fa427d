-- Workers that write their own logs: a row for each, and one for each task that
-- a worker had.
--
-- Arguments:
--   :is_wanted  condition on span
--
-- Columns:
--   worker_id   the span of the worker, or NULL
--   rundir, run, executor, block, manager, worker
--               attributes that name the worker
--   start, end  its life, Unix seconds: its first event, and its last one or
--               the last in the manager's own log
--   task, try   Parsl's numbers of the task
--   begin       when the worker began the task; NULL in a row without one
--   until       when it was done with it, or else began the next, or NULL
WITH
  -- The log of a worker has no queue.
  work AS MATERIALIZED (
    SELECT span_type AS type, format
    FROM event_kind JOIN span_kind ON span_kind.type = span_type
    WHERE work = 'busy' AND span_type NOT IN (
      SELECT span_type FROM event_kind WHERE work = 'queued')
  ),
  manager_end AS MATERIALIZED (
    SELECT span.attributes ->> 'rundir' AS rundir,
      span.attributes ->> 'executor' AS executor,
      span.attributes ->> 'manager' AS manager, max(event.time) AS time
    FROM span_kind CROSS JOIN span CROSS JOIN event CROSS JOIN source
    WHERE role = 'manager' AND span.type = span_kind.type
      AND event.span_id = span.id AND source.id = event.source_id
      AND source.importer LIKE own_log
      AND format IN (SELECT format FROM work) AND :is_wanted
    GROUP BY 1, 2, 3
  ),
  member AS MATERIALIZED (
    SELECT span.id, span.type IN (SELECT type FROM work) AS is_task,
      span.attributes ->> 'rundir' AS rundir, span.attributes ->> 'run' AS run,
      span.attributes ->> 'executor' AS executor,
      span.attributes ->> 'block' AS block,
      span.attributes ->> 'manager' AS manager,
      span.attributes ->> 'worker' AS worker,
      span.attributes ->> 'task' AS task, span.attributes ->> 'try' AS try,
      (SELECT min(time) FROM event WHERE span_id = span.id) AS first,
      (SELECT max(time) FROM event WHERE span_id = span.id) AS last,
      (SELECT max(time) FROM event
        WHERE span_id = span.id AND +event.type IN (
          SELECT event_type FROM event_kind
          WHERE work = 'idle' AND span_type IN (SELECT type FROM work))
      ) AS finished
    FROM span
    WHERE type IN (
        SELECT type FROM work
        UNION
        SELECT type FROM span_kind
        WHERE role = 'worker' AND format IN (SELECT format FROM work)
      ) AND :is_wanted
  )
SELECT min(CASE WHEN is_task = 0 THEN id END) OVER same AS worker_id,
  member.rundir, coalesce(max(run) OVER same, member.rundir) AS run,
  member.executor, block, member.manager, worker,
  min(first) OVER same AS start,
  max(max(last) OVER same, coalesce(manager_end.time, -9e999)) AS "end",
  task, try, CASE WHEN is_task THEN first END AS begin,
  coalesce(finished, lead(first) OVER same) AS until
FROM member
  LEFT JOIN manager_end
    ON manager_end.rundir IS NOT DISTINCT FROM member.rundir
    AND manager_end.executor IS NOT DISTINCT FROM member.executor
    AND manager_end.manager IS NOT DISTINCT FROM member.manager
WINDOW same AS (
  PARTITION BY member.rundir, member.executor, block, member.manager, worker
  ORDER BY is_task, first, id
  ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
ORDER BY begin, id
