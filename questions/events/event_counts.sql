-- The number of events of one type in each bin of time, including empty bins.
--
-- Arguments:
--   :span, :event   span type and event type
--   :is_wanted      condition on span
--   :since, :until  Unix seconds, or NULL for the first and last event
--   :attributes     list of attributes of span, to count events separately
--   :join_runs      JOIN of run_of to span, with a column run
--   :part           the run, if events are counted by it, otherwise NULL: bins
--                   reach from the first to the last event of each
--   :is_whole       1 without attributes but the run, otherwise 0
--   :columns        output columns of these, from the JSON array category
--   :order          names of these columns
--   :widths         candidates for the width of a bin: rows of a rank, seconds
--                   and bins per second; the last is NULL or a whole number
--   :bins           query of each bin of bounds: part, bin, last_bin
--   :max_bins       the first candidate with fewer bins is taken
--
-- Columns:
--   attributes      first, the attributes to count by
--   time            beginning of the bin in Unix seconds, a multiple of its
--                   width
--   seconds         width of the bin
--   count           number of events
--   rate            events per second
--
-- Parts of a second are counted per second if that is a whole number:
-- 0.3 / 0.1 is less than 3, but 0.3 * 10 is not. The bin of a time is
-- floor(time * factor / divisor), where one of the two is 1.
WITH RECURSIVE
  happened AS MATERIALIZED (
    SELECT json_array(:attributes) AS category, :part AS part,
      event.time AS time
    FROM event JOIN span ON span.id = event.span_id
      :join_runs
    WHERE event.type = :event AND span.type = :span AND :is_wanted
      AND event.time IS NOT NULL
      AND (:since IS NULL OR event.time >= :since)
      AND (:until IS NULL OR event.time < :until)
  ),
  extent AS MATERIALIZED (
    SELECT max(part) AS part, coalesce(:since, min(time)) AS first,
      coalesce(:until, max(time)) AS last
    FROM happened
    GROUP BY part
    UNION ALL
    SELECT NULL, :since, :until WHERE NOT EXISTS (SELECT 1 FROM happened)
  ),
  longest (range) AS (SELECT max(last - first) FROM extent),
  -- The last candidate always fits.
  candidate (nth, seconds, per_second) AS (
    VALUES :widths
    UNION ALL
    SELECT 1000, range * 2 / :max_bins, NULL FROM longest
  ),
  width AS MATERIALIZED (
    SELECT CAST(seconds AS DOUBLE) AS seconds,
      CAST(coalesce(per_second, 1) AS DOUBLE) AS factor,
      CAST(CASE WHEN per_second IS NULL THEN seconds ELSE 1 END AS DOUBLE)
        AS divisor
    FROM candidate CROSS JOIN longest
    WHERE range / CAST(seconds AS DOUBLE) < :max_bins
    ORDER BY nth
    LIMIT 1
  ),
  binned AS MATERIALIZED (
    SELECT category, count(*) AS count, floor(time * factor / divisor) AS bin
    FROM happened CROSS JOIN width
    GROUP BY category, bin
  ),
  -- Numbered, because adding up parts of a second would drift. A bin that
  -- begins at :until is left out.
  bounds AS (
    SELECT part, floor(first * factor / divisor) AS first_bin,
      floor(last * factor / divisor) - CASE
        WHEN last = :until
          AND last = floor(last * factor / divisor) * divisor / factor THEN 1
        ELSE 0
      END AS last_bin
    FROM extent CROSS JOIN width
    WHERE first <= last
  ),
  bins (part, bin, last_bin) AS (:bins),
  -- Without attributes, bins have a row even if nothing happened at all.
  categories AS MATERIALIZED (
    SELECT category, part FROM happened
    UNION
    SELECT json_array(NULL), NULL
    WHERE :is_whole = 1 AND NOT EXISTS (SELECT 1 FROM happened)
  )
SELECT :columns bin * divisor / factor AS time, seconds,
  coalesce(count, 0) AS count, coalesce(count, 0) / seconds AS rate
FROM bins CROSS JOIN width
  JOIN categories ON categories.part IS NOT DISTINCT FROM bins.part
  LEFT JOIN binned USING (bin, category)
ORDER BY :order bin
