-- The run that a name means: its label, its id, its directory, or a part of
-- these.
--
-- Arguments:
--   :runs       query of the runs, as in runs.sql
--   :labels     query of their labels, as in run_labels.sql
--   :name       the name
--
-- Columns:
--   found       id of the run, or its directory; one row, or none
WITH
  newline (n) AS (SELECT char(10)),
  known AS (
    SELECT coalesce(run, rundir) AS found, label, n,
      n || ifnull(run, '') || n || ifnull(rundir, '') || n ||
        ifnull(directory, '') || n AS texts
    FROM (:runs) CROSS JOIN newline
      LEFT JOIN (:labels) AS labelled
        ON labelled.name = coalesce(run, rundir)
  )
SELECT found
FROM known
WHERE label = :name OR instr(texts, :name) > 0
ORDER BY label IS :name DESC, instr(texts, n || :name || n) > 0 DESC,
  instr(texts, '/' || :name || n) > 0 DESC
LIMIT 1
