-- Workers, managers and executors, with the times that begin and end their lives.
--
-- Columns:
--   id          the span
--   role        'worker', 'manager' or 'executor'
--   run, rundir, executor, block, manager, worker, host
--               attributes that name it
--   attributes  of the span, as JSON
--   slots       number of workers of a manager, or NULL
--   cores, memory_mb, disk_mb, gpus
--               capacity, or NULL
--   first, last its first and its last event, Unix seconds
--   changes     JSON: [time, 'up' or 'down'] each time that it starts or ends
--   log_began, log_ended
--               the first and the last line of the logs that it writes itself
--   is_quiet    1 if these logs lack details, so that their last line is no sign
--   manager_log_ended
--               the last line of a manager's log that mentions it
WITH
  change AS MATERIALIZED (
    SELECT span_type, event_type.id AS type_id, work
    FROM event_kind JOIN event_type ON event_type.type = event_type AND named = 1
    WHERE work IN ('up', 'down')
  ),
  quiet AS MATERIALIZED (
    SELECT source_id
    FROM origin
    GROUP BY source_id
    HAVING count(level) > 0 AND sum(level = 'DEBUG') = 0
  ),
  manager_log AS MATERIALIZED (
    SELECT id
    FROM source
    WHERE EXISTS (SELECT 1 FROM span_kind
      WHERE role = 'manager' AND importer LIKE own_log)
  )
SELECT span.id, role, span.attributes, span.attributes ->> 'run' AS run,
  span.attributes ->> 'rundir' AS rundir, span.attributes ->> 'executor' AS executor,
  span.attributes ->> 'block' AS block, span.attributes ->> 'manager' AS manager,
  span.attributes ->> 'worker' AS worker, coalesce(span.attributes ->> 'hostname',
    substr(span.attributes ->> 'address', 1,
      instr(span.attributes ->> 'address', ':') - 1)) AS host,
  coalesce(span.attributes ->> 'worker_count', span.attributes ->> 'workers') AS slots,
  span.attributes ->> 'cores' AS cores, span.attributes ->> 'memory_mb' AS memory_mb,
  span.attributes ->> 'disk_mb' AS disk_mb, span.attributes ->> 'gpus' AS gpus,
  (SELECT min(time) FROM event_row WHERE span_id = span.id) AS first,
  (SELECT max(time) FROM event_row WHERE span_id = span.id) AS last,
  (SELECT json_group_array(json_array(time, work)) FROM (
    SELECT time, work
    FROM event_row CROSS JOIN change
    WHERE event_row.type_id = change.type_id AND span_id = span.id AND span_type = span.type AND time IS NOT NULL
    ORDER BY time, event_row.id
  )) AS changes,
  min(CASE WHEN importer LIKE own_log THEN began END) AS log_began,
  max(CASE WHEN importer LIKE own_log THEN ended END) AS log_ended,
  max(CASE WHEN importer LIKE own_log THEN source.id IN quiet END) AS is_quiet,
  max(CASE WHEN source.id IN (SELECT id FROM manager_log) THEN ended END)
    AS manager_log_ended
FROM span_kind CROSS JOIN span USING (type)
  LEFT JOIN (
    SELECT DISTINCT span_id, event_row.source_id AS source_id
    FROM span_kind CROSS JOIN span USING (type)
      CROSS JOIN event_row ON span_id = span.id
    WHERE role IN ('worker', 'manager', 'executor')
  ) AS mention ON mention.span_id = span.id
  LEFT JOIN source ON source.id = mention.source_id
WHERE role IN ('worker', 'manager', 'executor')
GROUP BY span.id
