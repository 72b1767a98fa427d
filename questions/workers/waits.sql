-- When work waited for a worker: in Parsl for other tasks, queued in an
-- executor, or held by a manager.
--
-- Columns:
--   run, rundir, executor
--               where it waited; executor is NULL if a try has none yet
--   manager     the manager that held it, or NULL
--   executor_task
--               the executor's own number of the task, or NULL
--   pending     when it began to wait for other tasks, Unix seconds
--   queued      when it was queued
--   held        when it went to the manager
--   ended       when a worker began it or, without that, it ended
--               each NULL if no log has it
--
-- The earliest report counts, because Parsl logs a launch after submitting. The
-- preferred report of going to a manager is that of the sender.
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type.id AS type_id, role, work, preference, final,
      place_rank
    FROM event_kind
      JOIN span_kind ON span_kind.type = span_type
      JOIN event_type ON event_type.type = event_type AND named = 1
    WHERE role IN ('work', 'try')
      AND (work IN ('queued', 'held', 'busy', 'idle', 'lost') OR final = 1
        OR place_rank IN (10, 50))
  ),
  -- Runs whose tries the submitting process logged.
  logged AS MATERIALIZED (
    SELECT DISTINCT attributes ->> 'run' AS run
    FROM span JOIN span_kind USING (type)
    WHERE role = 'try' AND preference = 1
  ),
  -- By span first: reading the attributes for each event takes longer.
  happened AS MATERIALIZED (
    SELECT span.id, role,
      min(CASE WHEN place_rank = 10 THEN time END) AS pending,
      min(CASE WHEN work = 'queued' THEN time END) AS queued,
      min(CASE WHEN work = 'held' AND preference = 1 THEN time END) AS sent,
      min(CASE WHEN work = 'held' THEN time END) AS held,
      min(CASE WHEN place_rank = 50 THEN time END) AS busy,
      min(CASE WHEN work IN ('idle', 'lost') OR final = 1 THEN time END) AS ended
    FROM span CROSS JOIN event_row CROSS JOIN kind
    WHERE span.type IN (SELECT span_type FROM kind)
      AND event_row.span_id = span.id
      AND kind.span_type = span.type AND kind.type_id = +event_row.type_id
      AND (role = 'work' OR preference = 1
        OR span.attributes ->> 'run' NOT IN (SELECT run FROM logged))
    GROUP BY span.id
  ),
  waited AS MATERIALIZED (
    SELECT max(attributes ->> 'run') AS run,
      max(attributes ->> 'rundir') AS rundir,
      max(attributes ->> 'executor') AS executor,
      max(attributes ->> 'manager') AS manager,
      max(attributes ->> 'executor_task') AS executor_task,
      min(pending) AS pending,
      min(queued) AS queued, coalesce(min(sent), min(held)) AS held,
      coalesce(min(busy), min(ended)) AS ended
    FROM happened JOIN span USING (id)
    GROUP BY coalesce(attributes ->> 'run', attributes ->> 'rundir'),
      coalesce(attributes ->> 'executor' || '/' || (attributes ->> 'executor_task'),
        role || id)
  ),
  -- A task of a queue whose worker was lost waits again.
  state AS (
    SELECT span_id, work, time, lead(time) OVER states AS until,
      row_number() OVER states AS nth
    FROM span CROSS JOIN event_row CROSS JOIN kind
    WHERE span.type IN (
        SELECT span_type FROM kind WHERE role = 'work' GROUP BY span_type
        HAVING sum(work = 'queued') > 0 AND sum(place_rank = 50) > 0)
      AND event_row.span_id = span.id AND time IS NOT NULL
      AND kind.span_type = span.type AND kind.type_id = +event_row.type_id
    WINDOW states AS (PARTITION BY span_id ORDER BY time, event_row.id)
  )
SELECT run, rundir, executor, manager, executor_task, pending, queued, held, ended
FROM waited
UNION ALL
SELECT span.attributes ->> 'run', span.attributes ->> 'rundir',
  span.attributes ->> 'executor', NULL, NULL, NULL, time, NULL, until
FROM state JOIN span ON span.id = span_id
WHERE nth > 1 AND work = 'queued'
