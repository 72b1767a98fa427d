-- All tries, each once: from parsl.log, to which everything inside a try is
-- bound, or else from monitoring.
--
-- Columns:
--   id   the span of the try
SELECT id FROM span WHERE type = 'parsl.rundir.try'
UNION ALL
SELECT id FROM span
WHERE type = 'parsl.monitoring.try' AND NOT EXISTS (
  SELECT 1 FROM facet JOIN span AS other ON other.id = right_id
  WHERE left_id = span.id AND other.type = 'parsl.rundir.try'
)
