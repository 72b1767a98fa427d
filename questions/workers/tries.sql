-- Each try as each account tells it, the preferred account first.
--
-- Columns:
--   span_id     the span
--   run, rundir, task, try, executor
--               attributes
--   app         app of its task, or NULL
--   launched    Unix seconds, or NULL
--   state       its final state, or NULL
--   ended       when it entered that state
--   is_useful   1 if its result counts
--   is_pool     1 if it ran in a pool of threads
--   thread      the thread that logged its end
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type.id AS type_id, event_type.type, work, final,
      place_rank
    FROM event_kind
      JOIN span_kind ON span_kind.type = span_type
      JOIN event_type ON event_type.type = event_type AND named = 1
    WHERE role = 'try' AND (final = 1 OR work IS NOT NULL)
  ),
  app AS MATERIALIZED (
    SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'task' AS task, max(attributes ->> 'app') AS app
    FROM span JOIN span_kind USING (type)
    WHERE role = 'task'
    GROUP BY 1, 2
  ),
  pool AS MATERIALIZED (
    SELECT attributes ->> 'rundir' AS rundir,
      attributes ->> 'executor' AS executor
    FROM span JOIN span_kind USING (type)
    WHERE role = 'executor'
      AND attributes ->> 'executor_type' LIKE '%.ThreadPoolExecutor'
  ),
  happened AS MATERIALIZED (
    SELECT span_id, min(CASE WHEN work = 'queued' THEN time END) AS launched,
      max(CASE WHEN final = 1
        THEN printf('%020.6f ', time) || kind.type END) AS last_final,
      max(CASE WHEN final = 1 THEN time END) AS ended,
      max(CASE WHEN final = 1 THEN place_rank END) AS place_rank,
      min(CASE WHEN work = 'idle' THEN origin_id END) AS origin_id,
      min(CASE WHEN work = 'idle' THEN time END) AS idle
    FROM span CROSS JOIN event_row CROSS JOIN kind
    WHERE span.type IN (SELECT span_type FROM kind)
      AND event_row.span_id = span.id
      AND kind.span_type = span.type AND kind.type_id = +event_row.type_id
    GROUP BY span_id
  )
SELECT span_id, span.attributes ->> 'run' AS run, span.attributes ->> 'rundir' AS rundir,
  span.attributes ->> 'task' AS task, span.attributes ->> 'try' AS try,
  span.attributes ->> 'executor' AS executor, app, launched,
  substr(last_final, 22) AS state, ended, place_rank = 80 AS is_useful,
  pool.executor IS NOT NULL AS is_pool, idle, thread
FROM happened JOIN span ON span.id = span_id JOIN span_kind USING (type)
  LEFT JOIN app
    ON app.run = coalesce(span.attributes ->> 'run', span.attributes ->> 'rundir')
      AND app.task = span.attributes ->> 'task'
  LEFT JOIN pool ON pool.rundir = span.attributes ->> 'rundir'
    AND pool.executor = span.attributes ->> 'executor'
  LEFT JOIN origin ON origin.id = origin_id
ORDER BY preference, span_id
