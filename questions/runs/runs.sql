-- The runs that any span is part of.
--
-- Columns:
--   run         id of the run, or NULL
--   rundir      run directory, or NULL
--   directory   run directory when the run began, as monitoring recorded it, or
--               NULL
--
-- Tries and work are left out: there are many, and a run that has some has
-- other spans.
WITH
  named AS (
    SELECT DISTINCT attributes ->> 'run' AS run,
      attributes ->> 'rundir' AS rundir,
      CASE WHEN role = 'run' THEN attributes ->> 'directory' END AS directory
    FROM span JOIN span_kind USING (type)
    WHERE role NOT IN ('try', 'work')
  ),
  -- Without rules, only some spans of a run directory have the id.
  identified AS (
    SELECT coalesce(run, max(run) OVER (PARTITION BY rundir)) AS run, rundir,
      directory
    FROM named
    WHERE run IS NOT NULL OR rundir IS NOT NULL
  )
SELECT run, max(rundir) AS rundir, max(directory) AS directory
FROM identified
GROUP BY run, CASE WHEN run IS NULL THEN rundir END
ORDER BY rundir, run
