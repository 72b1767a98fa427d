-- The times of tasks and tries, a row for each span that has some.
--
-- Arguments:
--   :is_run     condition on run and rundir
--
-- Columns:
--   id          the span
--   run         id of the run, or the run directory
--   task, try   Parsl's numbers
--   is_task     1 for a task, 0 for a try or its work with a worker
--   app, executor
--   submitted, returned, joining, launched
--               Unix seconds of these events
--   started     when the work began with a worker
--   finished    when the worker was done
--   state       the final state, or NULL
--   ended       when the span entered it
--
-- In the order of trust: the process that ran Parsl, the worker, monitoring.
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type, final, role, CASE
        WHEN place = 'in a worker' THEN 'started'
        WHEN place = 'returning' AND (role = 'try' OR work IN ('idle', 'lost'))
        THEN 'finished'
      END AS step
    FROM event_kind JOIN span_kind ON span_kind.type = span_type
    WHERE role IN ('task', 'try')
      OR span_type IN (SELECT span_type FROM event_kind WHERE work = 'busy')
  ),
  happened AS MATERIALIZED (
    SELECT span.id,
      min(CASE WHEN event.type IN ('submitted', 'invoked') THEN time END)
        AS submitted,
      max(CASE WHEN event.type = 'returned' THEN time END) AS returned,
      min(CASE WHEN event.type = 'joining' THEN time END) AS joining,
      min(CASE WHEN event.type = 'launched' THEN time END) AS launched,
      min(CASE WHEN step = 'started' AND role = 'try' THEN time END) AS running,
      max(CASE WHEN step = 'started' THEN time END) AS started,
      max(CASE WHEN step = 'finished' THEN time END) AS finished,
      max(CASE WHEN final = 1
        THEN printf('%020.6f ', time) || event.type END) AS last_final,
      max(CASE WHEN final = 1 THEN time END) AS ended
    FROM span
      LEFT JOIN event_row ON event_row.span_id = span.id
      LEFT JOIN event_type AS event
        ON event.id = event_row.type_id AND event.named = 1
      LEFT JOIN kind ON kind.span_type = span.type
        AND kind.event_type = event.type
    WHERE span.type IN (SELECT span_type FROM kind)
    GROUP BY span.id
  ),
  described AS (
    SELECT happened.*, role = 'task' AS is_task,
      coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'run' AS run_id, attributes ->> 'rundir' AS rundir,
      attributes ->> 'task' AS task, attributes ->> 'try' AS try,
      attributes ->> 'app' AS app, attributes ->> 'executor' AS executor,
      coalesce(preference, 1.5) AS distrust
    FROM happened
      JOIN span ON span.id = happened.id
      JOIN span_kind ON span_kind.type = span.type
  )
SELECT id, run, task, try, is_task, app, executor, submitted, returned, joining,
  launched, coalesce(running, started) AS started, finished,
  substr(last_final, 22) AS state, ended
FROM described
WHERE run IS NOT NULL AND task IS NOT NULL AND :is_run
ORDER BY distrust, id
