-- The beginning and the end of each run, and the last time known of it.
--
-- Columns:
--   run_id, rundir
--               the run
--   label       its label
--   began       Unix seconds, or NULL
--   ended       Unix seconds, or NULL if it never ended
--   last        the last line of its logs, or NULL if it has none
--   sampled     its last sample of resources if any run was cut off, or NULL
WITH
  sampled AS MATERIALIZED (
    SELECT attributes ->> 'run' AS run, max(time) AS last
    FROM (SELECT span_id, max(time) AS time FROM metric GROUP BY span_id)
      JOIN span ON span.id = span_id
    WHERE EXISTS (SELECT 1 FROM run WHERE ended IS NULL)
    GROUP BY 1
  )
SELECT run_id, run.rundir, label, run.began, run.ended,
  max(source.ended) AS last,
  (SELECT last FROM sampled WHERE run = run_id) AS sampled
FROM run JOIN run_label USING (id)
  LEFT JOIN source ON source.rundir = run.rundir
GROUP BY run.id
