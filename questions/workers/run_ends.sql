-- The beginning and the end of each run, and the last time known of it.
--
-- Columns:
--   run_id, rundir
--               the run
--   label       its label
--   began       Unix seconds, or NULL
--   ended       Unix seconds, or NULL if it never ended
--   last        the last line of its logs, or NULL if it has none
SELECT run_id, run.rundir, label, run.began, run.ended,
  max(source.ended) AS last
FROM run JOIN run_label USING (id)
  LEFT JOIN source ON source.rundir = run.rundir
GROUP BY run.id
