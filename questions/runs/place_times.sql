-- How long each task was at each place, all of its tries together.
--
-- Arguments:
--   :places     query of root_id, time and state, as whereIsEveryTask() gives
--
-- Columns:
--   run         id of the run, or its directory
--   root_id     the task
--   place       the place
--   seconds     time spent there; NULL if the task never left it
--   place_rank  the order of places on the way of a task: from 80 on, the places
--               where a try ends
WITH
  ranked AS MATERIALIZED (
    SELECT place, min(place_rank) AS place_rank
    FROM event_kind
    WHERE place IS NOT NULL
    GROUP BY place
  ),
  stay AS (
    -- A task that arrives at two places at once goes on from the later one.
    SELECT root_id, place, place_rank,
      lead(time) OVER (PARTITION BY root_id ORDER BY time, place_rank) - time
        AS seconds
    FROM (:places) JOIN ranked ON place = state
  )
SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run, root_id,
  place, sum(seconds) AS seconds, place_rank
FROM stay JOIN span ON span.id = root_id
GROUP BY root_id, place
ORDER BY root_id
