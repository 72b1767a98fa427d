-- The label of each run, by all that identifies it.
--
-- Columns:
--   name        id of the run, or its directory; each once
--   label       the label of the run
SELECT name, min(label) AS label
FROM (
  SELECT run_id AS name, label FROM run JOIN run_label USING (id)
  UNION ALL
  SELECT rundir, label FROM run JOIN run_label USING (id)
)
WHERE name IS NOT NULL
GROUP BY name
