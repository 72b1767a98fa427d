-- The means and the sums of products of columns v1, v2, ..., by group: all that a
-- regression needs of its rows.
--
-- Arguments:
--   :known     query of the columns of the groups, grp (their number) and v1, v2,
--              ..., none of them NULL
--   :groups    list of the columns of the groups, each followed by a comma
--   :centred   list of d1, d2, ..., the deviations from the means of the group, and
--              of these means, a1, a2, ...
--   :sums      list of a1, a2, ... and of s1_1, s1_2, ..., the sums of products of
--              deviations
--   :cells     VALUES of the rows and columns of a matrix, from 0
--   :value     the means in row 0 and column 0, elsewhere the sums
--   :size      the sums on the diagonal, by row
--
-- Columns:
--   the columns of the groups
--   grp     number of the group
--   n       number of its rows
--   i, j    place in the matrix
--   value   the entry there
--   size    the entry on the diagonal of this row
--
-- Deviations have few digits, however many the values have: sums of squares of
-- Unix seconds would lose all of their meaning. The sums of the deviations, zero
-- but for rounding, correct for the rounding of the means.
WITH
  centred AS (
    SELECT :groups grp, :centred
    FROM (:known)
    WINDOW own AS (PARTITION BY grp)
  ),
  summed AS (
    SELECT :groups grp, count(*) AS n, :sums
    FROM centred
    GROUP BY :groups grp
  ),
  cell (i, j) AS (:cells)
SELECT :groups grp, n, i, j, :value AS value, :size AS size
FROM summed CROSS JOIN cell
