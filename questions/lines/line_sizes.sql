-- The lines of logs that are events, each once, with their length.
--
-- Arguments:
--   :is_of_run  condition on the table source
--
-- Columns:
--   source_id, offset, line
--              where the line is
--   event_id   its first event
--   importer   the importer of the log
--   bytes      the bytes up to the next such line, shared by the lines between
SELECT line.*, importer,
  1.0 * (lead(offset, 1, source.bytes) OVER ordered - offset) /
    max(1, lead(line, 1, source.lines + 1) OVER ordered - line) AS bytes
FROM (
  SELECT source_id, offset, line, min(id) AS event_id
  FROM event
  WHERE offset IS NOT NULL
  GROUP BY source_id, offset
) AS line JOIN source ON source.id = source_id AND :is_of_run
WINDOW ordered AS (PARTITION BY source_id ORDER BY offset)
