-- Workers that the log of a queue names, with their lives.
--
-- Arguments:
--   :is_wanted  condition on span
--
-- Columns:
--   worker_id   the span of the worker
--   rundir, run, executor, block, manager, worker
--               attributes that name the worker; it has no block and no manager
--   start, end  its life, Unix seconds, from when it connects to when it
--               disconnects, or the queue's manager ends, or the last line of
--               the log that names it
--   begin       NULL: its tasks are in queue_states.sql
WITH
  up_down AS MATERIALIZED (
    SELECT span_type, event_type, work
    FROM event_kind JOIN span_kind ON span_kind.type = span_type
    WHERE work IN ('up', 'down') AND format IN (
      SELECT format
      FROM event_kind JOIN span_kind ON span_kind.type = span_type
      WHERE work IN ('queued', 'busy')
      GROUP BY span_type
      HAVING count(DISTINCT work) = 2)
  ),
  log_end AS MATERIALIZED (
    SELECT source_id, max(time) AS time
    FROM event
    WHERE source_id IN (
      SELECT source_id
      FROM event JOIN up_down ON event_type = event.type
      WHERE work = 'up')
    GROUP BY source_id
  )
SELECT span.id AS worker_id, span.attributes ->> 'rundir' AS rundir,
  coalesce(span.attributes ->> 'run', span.attributes ->> 'rundir') AS run,
  span.attributes ->> 'executor' AS executor, NULL AS block, NULL AS manager,
  span.attributes ->> 'worker' AS worker,
  (SELECT min(time) FROM event JOIN up_down ON event_type = event.type
    WHERE span_id = span.id AND span_type = span.type AND work = 'up'
  ) AS start,
  coalesce(
    (SELECT max(time) FROM event JOIN up_down ON event_type = event.type
      WHERE span_id = span.id AND span_type = span.type AND work = 'down'),
    (SELECT max(event.time)
      FROM subspan
        JOIN span AS manager ON manager.id = superspan_id
        JOIN event ON event.span_id = manager.id
        JOIN up_down ON span_type = manager.type AND event_type = event.type
      WHERE subspan_id = span.id AND work = 'down'),
    (SELECT max(log_end.time)
      FROM event JOIN log_end USING (source_id)
      WHERE span_id = span.id)
  ) AS "end", NULL AS begin
FROM span JOIN span_kind USING (type)
WHERE role = 'worker' AND span.type IN (SELECT span_type FROM up_down)
  AND :is_wanted
