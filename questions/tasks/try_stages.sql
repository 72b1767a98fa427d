-- When each try reached each stage on its way, a row per try.
--
-- Arguments:
--   :events     query of the named events of tries, as in events_of.sql
--   :is_wanted  condition on span
--
-- Columns:
--   run         id of the run, or the run directory
--   executor    label of the executor; NULL if the try was never launched
--   task, try   Parsl's numbers
--   submitted   Unix seconds, as all below; NULL if unknown. Here the try becomes
--               pending
--   launched    Parsl hands it to the executor
--   queued      it is in the executor's queue
--   held        it is sent to a manager
--   started     it is in a worker
--   finished    the worker is done with it
--   returned    it left the executor, in any way
--   ended       the task is done or failed
WITH
  entrance AS MATERIALIZED (
    SELECT span_type, event_type, place_rank
    FROM event_kind WHERE place_rank IS NOT NULL
  ),
  reached AS (
    SELECT root_id,
      min(CASE WHEN place_rank < 20 THEN time END) AS submitted,
      min(CASE WHEN place_rank BETWEEN 20 AND 29 THEN time END) AS launched,
      min(CASE WHEN place_rank BETWEEN 30 AND 39 THEN time END) AS queued,
      min(CASE WHEN place_rank BETWEEN 40 AND 49 THEN time END) AS held,
      min(CASE WHEN place_rank BETWEEN 50 AND 59 THEN time END) AS started,
      min(CASE WHEN place_rank BETWEEN 60 AND 69 THEN time END) AS finished,
      min(CASE WHEN place_rank >= 70 THEN time END) AS returned,
      min(CASE WHEN place_rank BETWEEN 80 AND 99 THEN time END) AS ended
    FROM (:events) JOIN entrance USING (span_type, event_type)
    WHERE time IS NOT NULL
    GROUP BY root_id
  )
SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
  attributes ->> 'executor' AS executor, attributes ->> 'task' AS task,
  attributes ->> 'try' AS try, submitted, launched, queued, held, started,
  finished, returned, ended
FROM reached JOIN span ON span.id = root_id
WHERE coalesce(attributes ->> 'run', attributes ->> 'rundir') IS NOT NULL
  AND :is_wanted
