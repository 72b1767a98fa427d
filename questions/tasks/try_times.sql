-- When each try was launched, in a worker, and done; with how it ended.
--
-- Arguments:
--   :events     query of named events of tries, in columns root_id, time,
--               span_type and event_type, and those of :places
--   :places     list of more aggregates, each with a comma before it
--
-- Columns:
--   root_id     the try
--   launched    Unix seconds, as all below; NULL if unknown. Parsl hands it to
--               the executor
--   started     it is in a worker
--   finished    the worker is done with it
--   ended       it is done, failed, or to be tried again
--   outcome     rank of the place where it ended: 80 for done, 90 for failed, 100
--               for to be tried again; NULL if it did not end
--   those of :places
WITH
  entrance AS MATERIALIZED (
    SELECT span_type, event_type, place_rank
    FROM event_kind WHERE place_rank IS NOT NULL
  )
SELECT root_id,
  min(CASE WHEN place_rank BETWEEN 20 AND 29 THEN time END) AS launched,
  min(CASE WHEN place_rank BETWEEN 50 AND 59 THEN time END) AS started,
  min(CASE WHEN place_rank BETWEEN 60 AND 79 THEN time END) AS finished,
  max(CASE WHEN place_rank >= 80 THEN time END) AS ended,
  max(CASE WHEN place_rank >= 80 THEN place_rank END) AS outcome:places
FROM (:events) AS happened JOIN entrance USING (span_type, event_type)
WHERE time IS NOT NULL
GROUP BY root_id
