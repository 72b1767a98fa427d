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
  root AS (
    SELECT root_id, min(CASE WHEN is_to = 0 THEN time END) AS first,
      max(CASE WHEN is_to = 1 THEN time END) AS latest_to,
      count(*) - sum(is_to) AS begins, sum(is_to) AS ends
    FROM happened
    GROUP BY root_id
  ),
  -- Few roots need a window, which takes longer than groups. At equal times a
  -- root enters before it leaves.
  ordered AS (
    SELECT root_id, time, is_to, latest_to, lag(is_to) OVER (
        PARTITION BY root_id ORDER BY time, is_to) AS is_to_before
    FROM happened JOIN root USING (root_id)
    WHERE begins > 1 OR begins = 1 AND ends > 1
  ),
  entered AS (
    SELECT root_id, first AS time, 0 AS is_to,
      CASE WHEN latest_to IS NULL THEN 1 ELSE 0 END AS is_unended
    FROM root
    WHERE begins = 1 AND (ends = 0 OR ends = 1 AND latest_to >= first)
    UNION ALL
    SELECT root_id, latest_to, 1, 0
    FROM root
    WHERE begins = 1 AND ends = 1 AND latest_to >= first
    UNION ALL
    SELECT root_id, time, is_to,
      CASE WHEN is_to = 0 AND (latest_to IS NULL OR latest_to < time) THEN 1
        ELSE 0 END
    FROM ordered
    WHERE coalesce(is_to_before, 1) <> is_to
  ),
  separated AS (
    SELECT json_array(:attributes) AS category, time, 1 - 2 * is_to AS change,
      is_unended, weight
    FROM entered CROSS JOIN span
      :join_runs
      LEFT JOIN (:weights) AS weights ON weights.root_id = entered.root_id
    WHERE span.id = entered.root_id
  ),
  -- DuckDB's sums have 128 bits, which its windows add up slowly.
  changes AS (
    SELECT category, time, CAST(sum(change) AS BIGINT) AS change,
      CAST(sum(is_unended) AS BIGINT) AS unended,
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
