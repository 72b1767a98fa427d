-- How a column changes with another one, such as durations with time: a line by
-- least squares, a row per group.
--
-- Arguments:
--   :known      query of the columns of the groups, grp (their number), v1 (x) and
--               v2 (y), neither of them NULL
--   :groups     list of the columns of the groups, each followed by a comma
--   :columns    the same list, with the names of the result
--
-- Columns:
--   the columns of the groups
--   n               number of rows
--   first, last     minimum and maximum of x
--   at_first        the line's y at the first x
--   at_last         the line's y at the last x
--   change          their difference
--   slope           change of y per unit of x; NULL if x is constant
--   standard_error  of the slope; NULL for fewer than three rows
--   t               slope divided by its standard error
--   r_squared       share of the variance of y that the line explains
WITH
  centred AS (
    SELECT :groups grp, v1, v2, v1 - avg(v1) OVER own AS x,
      v2 - avg(v2) OVER own AS y
    FROM (:known)
    WINDOW own AS (PARTITION BY grp)
  ),
  summed AS (
    SELECT :groups grp, count(*) AS n, min(v1) AS first, max(v1) AS last,
      min(x) AS x_first, max(x) AS x_last, avg(v2) AS mean,
      nullif(sum(x * x), 0) AS xx, sum(x * y) AS xy, sum(y * y) AS yy
    FROM centred
    GROUP BY :groups grp
  ),
  line AS (
    SELECT summed.*, xy / xx AS slope,
      CASE WHEN yy > xy * xy / xx THEN yy - xy * xy / xx ELSE 0 END AS rss
    FROM summed
  ),
  judged AS (
    SELECT line.*,
      CASE WHEN n > 2 THEN sqrt(rss / (n - 2) / xx) END AS standard_error
    FROM line
  )
SELECT :columns n, first, last, mean + slope * x_first AS at_first,
  mean + slope * x_last AS at_last, slope * (x_last - x_first) AS change, slope,
  standard_error, slope / nullif(standard_error, 0) AS t,
  CASE WHEN xx > 0 THEN 1 - rss / nullif(yy, 0) END AS r_squared
FROM judged
ORDER BY grp
