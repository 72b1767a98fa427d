-- Each time that a task waits in a queue or runs with a worker, by the queue's
-- log.
--
-- Arguments:
--   :is_wanted  condition on span
--
-- Columns:
--   rundir, executor, block, manager, worker
--               attributes that name the worker; NULL for a task that waits
--   task, try   Parsl's numbers
--   begin       Unix seconds; for the first state of a task from when Parsl's
--               executor submitted it
--   until       when the next state begins, or NULL
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type, work
    FROM event_kind
    WHERE rank IS NOT NULL AND span_type IN (
      SELECT span_type FROM event_kind WHERE work IN ('queued', 'busy')
      GROUP BY span_type HAVING count(DISTINCT work) = 2)
  ),
  state AS (
    SELECT span.id, span.attributes ->> 'rundir' AS rundir,
      span.attributes ->> 'executor' AS executor, coalesce(
        event.attributes ->> 'worker', span.attributes ->> 'worker') AS worker,
      span.attributes ->> 'task' AS task, span.attributes ->> 'try' AS try,
      work, event.time, lead(event.time) OVER states AS until,
      row_number() OVER states AS nth
    FROM span CROSS JOIN event CROSS JOIN kind
    WHERE span.type IN (SELECT span_type FROM kind)
      AND event.span_id = span.id
      AND event.named = 1 AND event.time IS NOT NULL
      AND kind.span_type = span.type AND kind.event_type = +event.type
      AND :is_wanted
    WINDOW states AS (PARTITION BY span.id ORDER BY event.time, event.id)
  )
SELECT rundir, executor, NULL AS block, NULL AS manager,
  CASE WHEN work = 'busy' THEN worker END AS worker, task, try, CASE
    WHEN nth = 1 AND work = 'queued' THEN min(time, coalesce(
      (SELECT min(submission.time)
        FROM subspan
          JOIN span AS submitted ON submitted.id = superspan_id
          JOIN event AS submission ON submission.span_id = submitted.id
          JOIN event_kind ON event_kind.span_type = submitted.type
            AND event_type = submission.type
          JOIN span_kind ON span_kind.type = submitted.type
        WHERE subspan_id = state.id AND event_kind.work = 'queued'
          AND role = 'work'),
      time))
    ELSE time
  END AS begin, until
FROM state
WHERE work = 'queued' OR work = 'busy' AND worker IS NOT NULL
ORDER BY time
