-- The lengths of the queues of executors over time, as logs report them and as
-- the events of tasks imply them.
--
-- Arguments:
--   :is_wanted  condition on span
--
-- Columns:
--   run         id of the run, or the run directory
--   executor    label of the executor
--   queue       'in the interchange', 'in Work Queue', 'in manager 9fec5171ac0d'
--   time        Unix seconds; for an implicit length each time at which it changes
--   length      number of tasks from then on
--   source      'logged' or 'implicit'
--
-- A component knows its own tasks best: its own account of them counts.
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type, place, place_rank, work,
      'manager' IN (SELECT value FROM json_each(identity)) AS is_manager
    FROM event_kind JOIN span_kind ON span_kind.type = span_type
    WHERE role = 'work' AND (rank IS NOT NULL OR work IN ('idle', 'lost'))
  ),
  -- The metrics that are lengths of queues. Without a place, it is the queue of
  -- the format that describes their span.
  reported (metric, name, place) AS (
    VALUES ('pending_task_queue_length', 'queued_tasks', 'in the interchange'),
      ('manager', 'pending_tasks', 'in manager '),
      ('performance', 'tasks_waiting', NULL)
  ),
  queue_of_format AS MATERIALIZED (
    SELECT DISTINCT format, place
    FROM event_kind JOIN span_kind ON span_kind.type = span_type
    WHERE place_rank BETWEEN 30 AND 39
  ),
  state AS MATERIALIZED (
    SELECT span.id, span.type, event.time, place, place_rank, work, is_manager,
      lead(event.time) OVER (
        PARTITION BY span.id ORDER BY event.time, event.id) AS until
    FROM span CROSS JOIN event CROSS JOIN kind
    WHERE span.type IN (SELECT span_type FROM kind)
      AND event.span_id = span.id AND event.named = 1
      AND event.time IS NOT NULL
      AND kind.span_type = span.type AND kind.event_type = +event.type
      AND :is_wanted
  ),
  held AS (
    SELECT min(id) AS id,
      max(attributes ->> 'manager') AS manager,
      coalesce(min(CASE WHEN work = 'held' AND is_manager THEN state.time END),
        min(CASE WHEN work = 'held' THEN state.time END)) AS time,
      min(CASE WHEN work IN ('busy', 'idle', 'lost') THEN state.time END) AS until
    FROM state JOIN span USING (id)
    WHERE attributes ->> 'executor_task' IS NOT NULL
    GROUP BY attributes ->> 'rundir', attributes ->> 'executor',
      attributes ->> 'executor_task'
  ),
  stay (id, queue, time, until) AS (
    SELECT id, place, time, until FROM state
    WHERE place_rank BETWEEN 30 AND 39
    UNION ALL
    SELECT id, 'in manager ' || manager, time, until FROM held
    WHERE time IS NOT NULL AND manager IS NOT NULL
      AND (until IS NULL OR until > time)
  ),
  moved (id, queue, time, change) AS (
    SELECT id, queue, time, 1 FROM stay
    UNION ALL
    SELECT id, queue, until, -1 FROM stay WHERE until IS NOT NULL
  ),
  changed AS (
    SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'executor' AS executor, queue, time, sum(change) AS change
    FROM moved JOIN span USING (id)
    GROUP BY 1, 2, 3, 4
    HAVING sum(change) <> 0
  )
SELECT run, executor, queue, time, sum(change) OVER (
    PARTITION BY run, executor, queue ORDER BY time ROWS UNBOUNDED PRECEDING
  ) AS length, 'implicit' AS source
FROM changed
UNION ALL
SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir'),
  attributes ->> 'executor', CASE
    WHEN reported.place IS NULL THEN queue_of_format.place
    ELSE reported.place || ifnull(attributes ->> 'manager', '')
  END, time, CAST(value AS INTEGER), 'logged'
FROM reported CROSS JOIN metric CROSS JOIN span
  JOIN span_kind ON span_kind.type = span.type
  LEFT JOIN queue_of_format USING (format)
WHERE metric.metric = reported.metric AND metric.name = reported.name
  AND span.id = metric.span_id AND :is_wanted
ORDER BY run, executor, queue, source, time
