-- The times from one event to another within each root span, in no order.
--
-- Arguments:
--   :pairs     query of the two events, as in event_pairs.sql
--
-- Columns:
--   start      time of the last first event before, Unix seconds
--   end        time of the second event, Unix seconds; NULL if none follows the
--              last first event
--   root_id    the root span
--
-- A root with exactly one event of each has a row in either order; any other
-- second event needs a first event before it. The default frame of a window
-- includes rows of equal time, so equal times count as before.
WITH
  happened AS (:pairs),
  paired AS (
    SELECT root_id, time, is_to,
      max(CASE WHEN is_to = 0 THEN time END)
        OVER (PARTITION BY root_id ORDER BY time) AS before,
      max(CASE WHEN is_to = 0 THEN time END) OVER whole AS latest,
      max(CASE WHEN is_to = 1 THEN time END) OVER whole AS latest_to,
      count(*) OVER whole = 2 AND sum(is_to) OVER whole = 1 AS is_alone
    FROM happened
    WINDOW whole AS (PARTITION BY root_id)
  )
SELECT CASE WHEN is_alone THEN latest ELSE before END AS start,
  time AS "end", root_id
FROM paired
WHERE is_to = 1 AND (is_alone OR before IS NOT NULL)
UNION ALL
SELECT latest, NULL, root_id
FROM paired
WHERE is_to = 0 AND NOT is_alone AND (latest_to IS NULL OR latest > latest_to)
GROUP BY root_id, latest
