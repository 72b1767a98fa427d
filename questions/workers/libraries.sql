-- Library processes on workers.
--
-- Columns:
--   run, rundir, executor, worker
--               attributes
--   library     its number
--   begin       its first event, Unix seconds
--   until       when it failed or was over, or NULL
SELECT span.attributes ->> 'run' AS run, span.attributes ->> 'rundir' AS rundir,
  span.attributes ->> 'executor' AS executor,
  span.attributes ->> 'worker' AS worker,
  span.attributes ->> (identity ->> '$[#-1]') AS library,
  min(time) AS begin, min(CASE WHEN work = 'down' THEN time END) AS until
FROM span_kind JOIN span USING (type)
  JOIN event_row ON event_row.span_id = span.id
  JOIN event_type ON event_type.id = type_id AND named = 1
  LEFT JOIN event_kind ON event_kind.span_type = span.type
    AND event_kind.event_type = event_type.type
WHERE role = 'library' AND span.attributes ->> 'worker' IS NOT NULL
GROUP BY span.id
HAVING begin IS NOT NULL
ORDER BY begin, span.id
