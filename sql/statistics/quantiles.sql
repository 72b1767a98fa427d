-- Quantiles of a column, by group, a row each.
--
-- Arguments:
--   :known      query of the columns of the groups, grp (their number) and v1,
--               which is not NULL
--   :percents   VALUES of the quantiles in percent, from 0 to 100
--   :groups     list of the columns of the groups, each followed by a comma
--   :columns    the same list, with the names of the result
--
-- Columns:
--   the columns of the groups
--   percent     the quantile, in percent
--   value       interpolated linearly between two values
--   n           number of values that are not NULL
WITH
  ranked AS (
    SELECT :groups grp, v1 AS value, count(*) OVER (PARTITION BY grp) AS n,
      row_number() OVER (PARTITION BY grp ORDER BY v1) - 1 AS place
    FROM (:known)
  ),
  wanted (percent) AS (:percents),
  placed AS (
    SELECT ranked.*, percent, (n - 1) * percent / 100.0 - place AS distance
    FROM ranked CROSS JOIN wanted
  )
-- The two values around a quantile have weights that add up to 1.
SELECT :columns percent, sum(value * (1 - abs(distance))) AS value, n
FROM placed
WHERE abs(distance) < 1
GROUP BY :groups grp, percent, n
ORDER BY grp, percent
