-- The number of root spans between two events at each moment.
--
-- Arguments:
--   :pairs       query of the two events, as in event_pairs.sql
--   :attributes  list of attributes of span, to count roots separately
--   :columns     output columns of these, from the JSON array category
--   :order       names of these columns
--
-- Columns:
--   attributes   first, the attributes to count by
--   time         Unix seconds, each time at which the count changes
--   count        roots between the two events from then on
--   change       difference to the count before
--   unended      how many of them never reach the second event
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
      is_to = 0 AND (latest_to IS NULL OR latest_to < time) AS is_unended
    FROM ordered
    WHERE coalesce(is_to_before, 1) <> is_to
      AND NOT (is_alone AND is_to = 0 AND coalesce(latest_to < time, 0))
  ),
  separated AS (
    SELECT json_array(:attributes) AS category, time, is_to, is_unended
    FROM entered CROSS JOIN span
    WHERE span.id = root_id
  ),
  changes AS (
    SELECT category, time, sum(1 - 2 * is_to) AS change,
      sum(is_unended) AS unended
    FROM separated
    GROUP BY category, time
    HAVING sum(1 - 2 * is_to) <> 0 OR sum(is_unended) <> 0
  )
SELECT :columns time, sum(change) OVER so_far AS count, change,
  sum(unended) OVER so_far AS unended
FROM changes
WINDOW so_far AS (PARTITION BY category ORDER BY time ROWS UNBOUNDED PRECEDING)
ORDER BY :order time
