-- Work that failed according to a span of its own: in executors without Parsl, or
-- attempts that a queue repeated.
--
-- Arguments:
--   :attempts   JSON array of the spans of attempts that failed or were lost
--
-- Columns:
--   span_id     the span
--   run, rundir, executor
--               attributes
--   name        what identifies it among its kind: '79'
--   kind        attribute that it is named by: 'executor_task'
--   app         name of its function, or NULL
--   exception, message, result, exit_code, limits
--               what it says about its failure, or NULL; limits as JSON
--   ended       its last event, Unix seconds
SELECT span.id AS span_id, attributes ->> 'run' AS run,
  attributes ->> 'rundir' AS rundir, attributes ->> 'executor' AS executor,
  attributes ->> (identity ->> '$[#-1]') AS name, identity ->> '$[#-1]' AS kind,
  coalesce(attributes ->> 'app', attributes ->> 'function',
    attributes ->> 'category') AS app,
  attributes ->> 'exception' AS exception,
  attributes ->> 'exception_message' AS message,
  attributes ->> 'result' AS result, attributes ->> 'exit_code' AS exit_code,
  attributes -> 'limits_exceeded' AS limits,
  (SELECT max(time) FROM event_row WHERE span_id = span.id) AS ended
FROM span JOIN span_kind USING (type)
WHERE span.id IN (SELECT value FROM json_each(:attempts))
  OR attributes ->> 'task' IS NULL AND (role = 'work' OR role IS NULL)
    AND (attributes ->> 'exception' IS NOT NULL
      OR attributes ->> 'exception_message' IS NOT NULL)
ORDER BY span.id
