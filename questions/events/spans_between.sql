-- The number of root spans between two events at each moment.
--
-- Arguments:
--   :pairs       query of the two events, as in event_pairs.sql
--   :attributes  list of attributes of span, to count roots separately
--   :columns     output columns of these, from the JSON array category
--   :order       names of these columns
--   :join_runs   JOIN of run_of to span, with a column run
--   :weights     query of the weights of roots, in columns root_id and weight
--   :numbers     output columns from the numbers below
--
-- Columns:
--   attributes   first, the attributes to count by
--   time         Unix seconds, each time at which the count changes
--   weight       sum of the weights of the roots that are counted
--   count        roots between the two events from then on
--   change       difference to the count before
--   unended      how many of them never reach the second event
--   unweighted   how many of them have no weight
WITH
  happened AS (:pairs),
  -- At equal times a root enters before it leaves.
  ordered AS (
    SELECT root_id, time, is_to, lag(is_to) OVER in_time AS is_to_before,
      max(CASE WHEN is_to = 1 THEN time END) OVER whole AS latest_to,
      count(*) OVER whole = 2 AND sum(is_to) OVER whole = 1 AS is_alone
    FROM happened
    WINDOW whole AS (PARTITION BY root_id),
      in_time AS (PARTITION BY root_id ORDER BY time, is_to)
  ),
  entered AS (
    SELECT root_id, time, is_to,
      CASE WHEN is_to = 0 AND (latest_to IS NULL OR latest_to < time) THEN 1
        ELSE 0 END AS is_unended
    FROM ordered
    WHERE coalesce(is_to_before, 1) <> is_to
      AND NOT (is_alone AND is_to = 0 AND coalesce(latest_to < time, FALSE))
  ),
  separated AS (
    SELECT json_array(:attributes) AS category, time, 1 - 2 * is_to AS change,
      is_unended, weight
    FROM entered CROSS JOIN span
      :join_runs
      LEFT JOIN (:weights) AS weights ON weights.root_id = entered.root_id
    WHERE span.id = entered.root_id
  ),
  changes AS (
    SELECT category, time, sum(change) AS change, sum(is_unended) AS unended,
      coalesce(round(sum(change * weight), 6), 0) AS weight,
      sum(CASE WHEN weight IS NULL THEN change ELSE 0 END) AS unweighted
    FROM separated
    GROUP BY category, time
    HAVING sum(change) <> 0 OR sum(is_unended) <> 0
      OR round(sum(change * weight), 6) <> 0
  ),
  -- Fractions that are added and subtracted again rarely cancel exactly.
  so_far AS (
    SELECT category, time, change, sum(change) OVER so_far AS count,
      sum(unended) OVER so_far AS unended,
      round(sum(weight) OVER so_far, 6) AS weight,
      sum(unweighted) OVER so_far AS unweighted
    FROM changes
    WINDOW so_far AS (
      PARTITION BY category ORDER BY time ROWS UNBOUNDED PRECEDING)
  )
SELECT :columns time, :numbers
FROM so_far
ORDER BY :order time
