-- The host of each manager.
--
-- Columns:
--   manager        id of the manager
--   executor       label of its executor; an empty text if there is none
--   rundir         run directory; an empty text if there is none
--   host           name of the host
SELECT attributes ->> 'manager' AS manager,
  ifnull(attributes ->> 'executor', '') AS executor,
  ifnull(attributes ->> 'rundir', '') AS rundir,
  max(attributes ->> 'hostname') AS host
FROM span JOIN span_kind ON span_kind.type = span.type
WHERE role = 'manager' AND attributes ->> 'manager' IS NOT NULL
  AND attributes ->> 'hostname' IS NOT NULL
GROUP BY 1, 2, 3
