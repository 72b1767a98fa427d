-- When tasks waited for workers that write their own logs.
--
-- Arguments:
--   :is_wanted  condition on span
--
-- Columns:
--   rundir, executor
--              the executor in which a task waited
--   manager    the manager with which it waited for a worker, or NULL
--   worker, block
--              NULL
--   begin      Unix seconds
--   until      when it went to a manager or worker or, if unknown, when it
--              ended; or NULL
--
-- The earliest report counts, because Parsl logs a launch after submitting. The
-- preferred report of going to a manager is that of the sender.
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type, work, preference
    FROM event_kind JOIN span_kind ON span_kind.type = span_type
    WHERE work IS NOT NULL AND (span_type = 'parsl.rundir.try'
      OR role = 'work' AND format IN (
        SELECT format
        FROM event_kind JOIN span_kind ON span_kind.type = span_type
        WHERE work = 'busy' AND span_type NOT IN (
          SELECT span_type FROM event_kind WHERE work = 'queued')))
  ),
  -- By span first: reading the attributes for each event takes longer.
  happened AS MATERIALIZED (
    SELECT span.id, min(CASE WHEN work = 'queued' THEN time END) AS queued,
      min(CASE WHEN work = 'held' AND preference = 1 THEN time END) AS sent,
      min(CASE WHEN work = 'held' THEN time END) AS held,
      min(CASE WHEN work = 'busy' THEN time END) AS busy,
      min(CASE WHEN work = 'idle' THEN time END) AS idle
    FROM span CROSS JOIN event CROSS JOIN kind
    WHERE span.type IN (SELECT span_type FROM kind)
      AND event.span_id = span.id AND event.named = 1
      AND kind.span_type = span.type AND kind.event_type = +event.type
      AND :is_wanted
    GROUP BY span.id
  ),
  waited AS MATERIALIZED (
    SELECT attributes ->> 'rundir' AS rundir,
      attributes ->> 'executor' AS executor,
      max(attributes ->> 'manager') AS manager, min(queued) AS queued,
      coalesce(min(sent), min(held)) AS held,
      coalesce(min(busy), min(idle)) AS ended
    FROM happened JOIN span USING (id)
    WHERE attributes ->> 'executor_task' IS NOT NULL
    GROUP BY 1, 2, attributes ->> 'executor_task'
  )
SELECT rundir, executor, NULL AS manager, NULL AS worker, NULL AS block,
  queued AS begin,
  coalesce(held, ended) AS until
FROM waited
WHERE queued IS NOT NULL
UNION ALL
SELECT rundir, executor, manager, NULL, NULL, held, ended
FROM waited
WHERE held IS NOT NULL AND manager IS NOT NULL
