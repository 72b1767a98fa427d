-- How long a typical task of each run was at each place.
--
-- Arguments:
--   :places     query of root_id, time and state, as whereIsEveryTask() gives
--
-- Columns:
--   run         id of the run, or its directory
--   place       the place
--   seconds     median over the tasks that were there
--   tasks       their number
--   place_rank  the order of places on the way of a task
WITH
  stay AS (
    SELECT root_id, state AS place, time,
      lead(time) OVER (PARTITION BY root_id ORDER BY time) - time AS seconds
    FROM (:places)
  ),
  whole AS (
    SELECT root_id, place, sum(seconds) AS seconds
    FROM stay
    WHERE seconds IS NOT NULL
    GROUP BY root_id, place
  )
SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run, place,
  median(seconds) AS seconds, count(*) AS tasks, (
    SELECT min(place_rank) FROM event_kind WHERE event_kind.place = whole.place
  ) AS place_rank
FROM whole JOIN span ON span.id = root_id
GROUP BY 1, 2
ORDER BY run, place_rank
