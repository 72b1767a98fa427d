-- When tasks waited for workers that write their own logs.
--
-- Arguments:
--   :is_asked  condition on span
--
-- Columns:
--   rundir, executor, executor_task
--              the task
--   manager    its manager, or NULL
--   queued     Unix seconds from which it waited in the executor
--   held       when it went to a manager
--   ended      when a worker began it or, if unknown, when it ended
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
  )
SELECT span.attributes ->> 'rundir' AS rundir,
  span.attributes ->> 'executor' AS executor,
  span.attributes ->> 'executor_task' AS executor_task,
  max(span.attributes ->> 'manager') AS manager,
  min(CASE WHEN work = 'queued' THEN time END) AS queued,
  coalesce(min(CASE WHEN work = 'held' AND preference = 1 THEN time END),
    min(CASE WHEN work = 'held' THEN time END)) AS held,
  coalesce(min(CASE WHEN work = 'busy' THEN time END),
    min(CASE WHEN work = 'idle' THEN time END)) AS ended
FROM span CROSS JOIN event CROSS JOIN kind
WHERE span.type IN (SELECT span_type FROM kind)
  AND event.span_id = span.id AND event.named = 1
  AND kind.span_type = span.type AND kind.event_type = +event.type
  AND span.attributes ->> 'executor_task' IS NOT NULL AND :is_asked
GROUP BY 1, 2, 3
