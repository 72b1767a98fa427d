-- How long a typical task of each run was at each place.
--
-- Arguments:
--   :place_times  query of run, place, seconds and place_rank, as in
--                 place_times.sql
--
-- Columns:
--   run         id of the run, or its directory
--   place       the place
--   seconds     median over the tasks that were there
--   tasks       their number
--   place_rank  the order of places on the way of a task
SELECT run, place, median(seconds) AS seconds, count(*) AS tasks, place_rank
FROM (:place_times)
WHERE seconds IS NOT NULL
GROUP BY run, place
ORDER BY run, place_rank
