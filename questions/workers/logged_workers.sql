-- Workers that write their own logs: a row for each, and one for each task that
-- a worker had.
--
-- Arguments:
--   :is_asked   condition on span
--
-- Columns:
--   worker_id   the span of the worker, NULL for a task
--   rundir, run, executor, block, manager, worker
--               attributes that name the worker
--   task, try   Parsl's numbers of the task
--   is_task     1 for a task
--   first, last Unix seconds of its first and last event
--   finished    when the worker was last done with the task
--   life_end    last time in the manager's own log
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
      AND format IN (SELECT format FROM work) AND :is_asked
    GROUP BY 1, 2, 3
  ),
  member AS MATERIALIZED (
    SELECT span.id, span.type IN (SELECT type FROM work) AS is_task,
      span.attributes ->> 'rundir' AS rundir, span.attributes ->> 'run' AS run,
      span.attributes ->> 'executor' AS executor,
      span.attributes ->> 'block' AS block,
      span.attributes ->> 'manager' AS manager,
      span.attributes ->> 'worker' AS worker,
      span.attributes ->> 'task' AS task, span.attributes ->> 'try' AS try
    FROM span
    WHERE type IN (
        SELECT type FROM work
        UNION
        SELECT type FROM span_kind
        WHERE role = 'worker' AND format IN (SELECT format FROM work)
      ) AND :is_asked
  )
SELECT CASE WHEN is_task = 0 THEN id END AS worker_id, member.*,
  (SELECT min(time) FROM event WHERE span_id = member.id) AS first,
  (SELECT max(time) FROM event WHERE span_id = member.id) AS last,
  (SELECT max(time) FROM event
    WHERE span_id = member.id AND +event.type IN (
      SELECT event_type FROM event_kind
      WHERE work = 'idle' AND span_type IN (SELECT type FROM work))
  ) AS finished,
  manager_end.time AS life_end
FROM member
  LEFT JOIN manager_end
    ON manager_end.rundir IS NOT DISTINCT FROM member.rundir
    AND manager_end.executor IS NOT DISTINCT FROM member.executor
    AND manager_end.manager IS NOT DISTINCT FROM member.manager
ORDER BY id
