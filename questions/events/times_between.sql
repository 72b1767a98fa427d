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
-- includes rows of equal time, so equal times count as before. Few roots need
-- the window, which takes longer than groups.
WITH
  happened AS (:pairs),
  root AS (
    SELECT root_id, max(CASE WHEN is_to = 0 THEN time END) AS latest,
      max(CASE WHEN is_to = 1 THEN time END) AS latest_to,
      count(*) = 2 AND sum(is_to) = 1 AS is_alone
    FROM happened
    GROUP BY root_id
  ),
  paired AS (
    SELECT root_id, time, is_to, max(CASE WHEN is_to = 0 THEN time END)
      OVER (PARTITION BY root_id ORDER BY time) AS before
    FROM happened
    WHERE root_id IN (
      SELECT root_id FROM root
      WHERE NOT is_alone AND latest IS NOT NULL AND latest_to IS NOT NULL)
  )
SELECT latest AS start, latest_to AS "end", root_id
FROM root WHERE is_alone
UNION ALL
SELECT before, time, root_id
FROM paired WHERE is_to = 1 AND before IS NOT NULL
UNION ALL
SELECT latest, NULL, root_id
FROM root
WHERE latest IS NOT NULL AND NOT is_alone
  AND (latest_to IS NULL OR latest > latest_to)
