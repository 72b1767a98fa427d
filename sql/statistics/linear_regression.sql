-- Coefficients of a linear regression by ordinary least squares, with their
-- standard errors, from a swept matrix.
--
-- Arguments:
--   :steps     list of tables of WITH: cross_products.sql, and sweep.sql for each
--              regressor
--   :swept     name of the last of them
--   :y         row of the dependent variable, the last one
--   :term      the names of the regressors by their row i, and "intercept" for y
--   :groups    list of the columns of the groups, each followed by a comma
--   :columns   the same list, with the names of the result
--
-- Columns:
--   the columns of the groups
--   term            "intercept", or the name of a regressor
--   coefficient     NULL for a regressor that the ones before determine
--   standard_error  NULL without more rows than terms
--   t               coefficient divided by its standard error
--   r_squared       share of the variance that all terms explain together; NULL
--                   for a constant y
--   n               number of rows
WITH
  :steps,
  -- With the means and the diagonals of the row and the column of each entry.
  entry AS (
    SELECT m.*,
      max(CASE WHEN j = 0 THEN value END) OVER (PARTITION BY grp, i) AS mean,
      max(CASE WHEN i = 0 THEN value END) OVER (PARTITION BY grp, j) AS mean_j,
      max(CASE WHEN i = j THEN value END) OVER (PARTITION BY grp, i) AS diagonal,
      max(CASE WHEN i = j THEN value END) OVER (PARTITION BY grp, j)
        AS diagonal_j
    FROM :swept AS m
  ),
  -- A regressor has a negative diagonal, unless others determine it.
  regressor AS (
    SELECT :groups grp, n, i, mean, diagonal, size,
      max(CASE WHEN j = :y THEN value END) AS slope,
      sum(CASE WHEN i < :y AND diagonal < 0 AND j BETWEEN 1 AND :y - 1
          AND diagonal_j < 0 THEN -value * mean * mean_j ELSE 0 END) AS reach
    FROM entry
    WHERE i > 0
    GROUP BY :groups grp, n, i, mean, diagonal, size
  ),
  -- The variance of the intercept grows with the distance of the means from 0.
  fit AS (
    SELECT regressor.*, i < :y AND diagonal < 0 AS is_slope,
      sum(CASE WHEN i < :y AND diagonal < 0 THEN slope * mean ELSE 0 END)
        OVER own AS explained,
      1.0 / n + sum(reach) OVER own AS inverse,
      max(CASE WHEN i = :y AND diagonal > 0 THEN diagonal ELSE 0 END) OVER own
        AS rss,
      max(CASE WHEN i = :y THEN size END) OVER own AS tss,
      n - 1 - sum(CASE WHEN i < :y AND diagonal < 0 THEN 1 ELSE 0 END) OVER own
        AS freedom
    FROM regressor
    WINDOW own AS (PARTITION BY grp)
  ),
  judged AS (
    SELECT :groups grp, n, i, CASE
        WHEN i = :y THEN mean - explained
        WHEN is_slope THEN slope
      END AS coefficient, CASE
        WHEN freedom <= 0 THEN NULL
        WHEN i = :y THEN sqrt(inverse * rss / freedom)
        WHEN is_slope THEN sqrt(-diagonal * rss / freedom)
      END AS standard_error, 1 - rss / nullif(tss, 0) AS r_squared
    FROM fit
  )
SELECT :columns :term AS term, coefficient, standard_error,
  coefficient / nullif(standard_error, 0) AS t, r_squared, n
FROM judged
ORDER BY grp, CASE WHEN i < :y THEN i ELSE 0 END
