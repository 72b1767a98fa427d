-- Numbers that a queue's resource monitor measured of each execution.
--
-- Arguments:
--   :path      JSON path of the number
--
-- Columns:
--   span_id    the work
--   time       Unix seconds of the event that has the number
--   value      the number
SELECT span_id, time, event_row.attributes ->> :path AS value
FROM span CROSS JOIN event_row ON span_id = span.id
WHERE span.type IN (SELECT type FROM span_kind WHERE role = 'work')
  AND time IS NOT NULL AND event_row.attributes ->> :path IS NOT NULL
ORDER BY span_id, time
