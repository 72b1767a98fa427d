-- The times of all tries of a campaign, each once, with what people call them.
--
-- Arguments:
--   :times      query of the times of the table try_step, as in try_times.sql
--   :others     query of the ids of all tries, as in tries.sql
--   :in_run     condition on run
--
-- Columns:
--   those of :times
--   run         label of the run, or NULL
--   task, try   Parsl's numbers
--   app         name of the app
--
-- Nearly all tries are from parsl.log: conditions on their types read little, where
-- looking up millions of ids would take long.
WITH
  try_step AS (
    SELECT * FROM step
    WHERE root_type = 'parsl.rundir.try' AND named = 1 AND :in_run
    UNION ALL
    SELECT * FROM step
    WHERE root_type = 'parsl.monitoring.try' AND named = 1 AND :in_run
      AND root_id IN (
        SELECT other.id FROM (:others) AS other JOIN span USING (id)
        WHERE span.type = 'parsl.monitoring.try')
  ),
  time_of AS (:times),
  named AS (
    SELECT id, run, task, "try", app
    FROM span
    WHERE type IN ('parsl.rundir.try', 'parsl.monitoring.try') AND :in_run
  )
SELECT time_of.*, label AS run, named.task, named."try", named.app
FROM time_of JOIN named ON named.id = root_id
  LEFT JOIN run_label ON run_label.run = named.run
