-- Decisions of Parsl to ask for more blocks, or to end some.
--
-- Columns:
--   run, rundir, executor
--               attributes
--   state       the event: 'scaling out' or 'scaling in'
--   time        Unix seconds
--   blocks      number of blocks
SELECT span.attributes ->> 'run' AS run, span.attributes ->> 'rundir' AS rundir,
  span.attributes ->> 'executor' AS executor, event_type.type AS state, time,
  event_row.attributes ->> 'blocks' AS blocks
FROM event_kind
  JOIN event_type ON event_type.type = event_type AND named = 1
  CROSS JOIN span ON span.type = span_type
  CROSS JOIN event_row ON event_row.span_id = span.id
    AND event_row.type_id = event_type.id
WHERE work = 'scale' AND time IS NOT NULL
  AND event_row.attributes ->> 'blocks' > 0
ORDER BY time, event_row.id
