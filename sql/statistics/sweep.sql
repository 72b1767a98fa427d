-- The sweep operator: one step of Gauss-Jordan elimination on a symmetric matrix.
-- After a step for each regressor, the matrix of sums of products holds the
-- coefficients, the residual sum of squares, and minus the inverse.
--
-- Arguments:
--   :matrix    name of a table as in cross_products.sql
--   :pivot     the row and column to sweep, from 1
--   :groups    list of the columns of the groups, each followed by a comma
--
-- Columns:
--   as in the matrix
--
-- A regressor that the ones before determine has a pivot of almost zero. Its row
-- and column become zero, so that it has no effect; other entries on the diagonal
-- become negative. Windows read the
-- matrix once: SQLite copies the text of a table of WITH for each place that names
-- it, and steps of several would multiply.
SELECT :groups grp, n, i, j, CASE
    WHEN i = 0 OR j = 0 THEN value
    WHEN divisor <= 1e-10 * divisor_size
      THEN CASE WHEN i = :pivot OR j = :pivot THEN 0.0 ELSE value END
    WHEN i = :pivot AND j = :pivot THEN -1.0 / divisor
    WHEN i = :pivot OR j = :pivot THEN value / divisor
    ELSE value - above * beside / divisor
  END AS value, size
FROM (
  SELECT m.*,
    max(CASE WHEN i = :pivot AND j = :pivot THEN value END)
      OVER (PARTITION BY grp) AS divisor,
    max(CASE WHEN i = :pivot THEN size END) OVER (PARTITION BY grp)
      AS divisor_size,
    max(CASE WHEN i = :pivot THEN value END) OVER (PARTITION BY grp, j)
      AS above,
    max(CASE WHEN j = :pivot THEN value END) OVER (PARTITION BY grp, i)
      AS beside
  FROM :matrix AS m
)
