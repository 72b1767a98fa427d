-- The lines and bytes of each log that are no events. A source without any
-- event counts as a log, one whose events have no lines as a database.
--
-- Reads the table sized, of the rows of line_sizes.sql.
--
-- Arguments:
--   :is_of_run    condition on the table source
--
-- Columns:
--   importer      the importer of the log
--   lines, bytes  the rest
SELECT importer, source.lines - coalesce(counted.lines, 0) AS lines,
  source.bytes - coalesce(counted.bytes, 0) AS bytes
FROM source LEFT JOIN (
  SELECT source_id, count(*) AS lines, sum(bytes) AS bytes
  FROM sized
  GROUP BY source_id
) AS counted ON counted.source_id = source.id
WHERE :is_of_run AND (counted.source_id IS NOT NULL OR NOT EXISTS (
  SELECT 1 FROM event WHERE event.source_id = source.id))
