-- How much of the spread of durations is between the values of attributes, with
-- the slowest and the fastest value of each.
--
-- Arguments:
--   :scored      query of durations and their ranks, as in duration_ranks.sql
--   :attributes  VALUES of the names of the attributes
--   :value       the value of the attribute name, a text
--   :of_run, :of_executor, :of_block, :of_manager
--                of a value that means something else in another run, what it
--                belongs to
--   :within      list of attributes that durations have in common if they are
--                compared
--   :min_count   number of durations that a slowest or fastest value has at least
--   :in_worker   1 if durations are times in a worker, 0 if they are of tries
--
-- Columns, for an attribute and its slowest, and its fastest value:
--   attribute
--   is_own       1 if durations of one run are compared with each other, because
--                half of them are of runs in which the attribute has several values
--   n            number of durations with a value
--   k            number of values
--   runs         number of runs with a value
--   is_local     1 if a value means something else in another run
--   strata       number of parts of the durations that are compared
--   total        sum of the squares of the ranks' deviations from their mean
--   between_values, between_runs
--                the same of the mean rank of each value, and of each run
--   is_slowest   1 or 0; NULL if no value has enough durations
--   value, of_run, of_executor, of_block, of_manager
--                the value; if it is local, where it is
--   value_n      number of its durations
--   value_runs   number of its runs
--   mean         their mean rank
--   median       their median, in seconds
--   times        the median of how many times as long as usual they are
--   durations    number of all durations
--   all_runs     number of their runs
--   usual        their median, in seconds
--   in_worker    as given
WITH
  scored AS MATERIALIZED (:scored),
  attribute (name) AS (:attributes),
  -- A row for each attribute.
  listed AS (
    SELECT name, :value AS value, run, :of_run AS of_run,
      :of_executor AS of_executor, :of_block AS of_block,
      :of_manager AS of_manager, bin, n,
      CASE WHEN name IN (:within) THEN all_score ELSE score END AS score,
      CASE WHEN name IN (:within) THEN all_score ELSE own_score END AS own_score,
      CASE WHEN name IN (:within) THEN all_longer ELSE longer END AS longer,
      CASE WHEN name IN (:within) THEN all_longer ELSE own_longer END
        AS own_longer
    FROM scored CROSS JOIN attribute
  ),
  cell AS MATERIALIZED (
    SELECT name, value, run, of_run, of_executor, of_block, of_manager,
      sum(n) AS n, sum(n * score) AS score, sum(n * score * score) AS square,
      sum(n * own_score) AS own_score, sum(n * own_score * own_score)
        AS own_square, count(*) OVER (PARTITION BY name, run) AS k
    FROM listed
    WHERE value IS NOT NULL
    GROUP BY name, value, run, of_run, of_executor, of_block, of_manager
  ),
  of_run AS (
    SELECT name, run, sum(n) AS n, sum(score) AS score, max(k) AS k
    FROM cell
    GROUP BY name, run
  ),
  kind AS MATERIALIZED (
    SELECT name, count(*) AS runs, CASE
        WHEN 2 * sum(CASE WHEN k > 1 THEN n ELSE 0 END) >= sum(n)
        THEN 1 ELSE 0
      END AS is_own,
      sum(score * score / n) - sum(score) * sum(score) / sum(n) AS between_runs
    FROM of_run
    GROUP BY name
  ),
  level AS MATERIALIZED (
    SELECT cell.name, is_own, runs, between_runs, value, of_run, of_executor,
      of_block, of_manager, sum(n) AS n, count(*) AS value_runs,
      sum(CASE WHEN is_own = 1 THEN own_score ELSE score END) AS score,
      sum(CASE WHEN is_own = 1 THEN own_square ELSE square END) AS square
    FROM cell JOIN kind ON kind.name = cell.name
    GROUP BY cell.name, is_own, runs, between_runs, value, of_run, of_executor,
      of_block, of_manager
  ),
  placed AS (
    SELECT *, count(*) OVER own AS k, sum(n) OVER own AS whole,
      max(CASE WHEN of_run IS NULL THEN 0 ELSE 1 END) OVER own AS is_local,
      sum(square) OVER own - sum(score) OVER own * sum(score) OVER own
        / sum(n) OVER own AS total,
      sum(score * score / n) OVER own - sum(score) OVER own
        * sum(score) OVER own / sum(n) OVER own AS between_values,
      row_number() OVER (PARTITION BY name ORDER BY is_rare, mean DESC, n DESC,
        value, of_run, of_executor, of_block, of_manager) AS slowness,
      row_number() OVER (PARTITION BY name ORDER BY is_rare, mean, n DESC, value,
        of_run, of_executor, of_block, of_manager) AS fastness
    FROM (
      -- Sums in another order differ in their last digits.
      SELECT *, round(score / n, 9) AS mean,
        CASE WHEN n < :min_count THEN 1 ELSE 0 END AS is_rare
      FROM level
    ) AS counted
    WINDOW own AS (PARTITION BY name)
  ),
  extreme AS MATERIALIZED (
    SELECT *, CASE WHEN is_rare = 1 THEN NULL WHEN slowness = 1 THEN 1 ELSE 0 END
      AS is_slowest
    FROM placed
    WHERE slowness = 1 OR fastness = 1
  ),
  half AS (
    SELECT name, is_slowest,
      (min(CASE WHEN 2 * upto >= whole THEN bin END)
        + min(CASE WHEN 2 * upto > whole THEN bin END)) / 2e0 AS bin,
      (min(CASE WHEN 2 * upto_longer >= whole THEN longer END)
        + min(CASE WHEN 2 * upto_longer > whole THEN longer END)) / 2e0
        AS longer
    FROM (
      SELECT name, is_slowest, bin, longer,
        sum(n) OVER (PARTITION BY name, is_slowest ORDER BY bin) AS upto,
        sum(n) OVER (PARTITION BY name, is_slowest ORDER BY longer)
          AS upto_longer,
        sum(n) OVER (PARTITION BY name, is_slowest) AS whole
      FROM (
        SELECT listed.name, is_slowest, bin, listed.n, CASE
            WHEN is_own = 1 THEN own_longer ELSE longer
          END AS longer
        FROM listed JOIN extreme ON extreme.name = listed.name
          AND extreme.value = listed.value
          AND coalesce(extreme.of_run, '') = coalesce(listed.of_run, '')
          AND coalesce(extreme.of_executor, '')
            = coalesce(listed.of_executor, '')
          AND coalesce(extreme.of_block, '') = coalesce(listed.of_block, '')
          AND coalesce(extreme.of_manager, '')
            = coalesce(listed.of_manager, '')
      ) AS found
    ) AS summed
    GROUP BY name, is_slowest
  ),
  -- Bins are from one hundredth of a logarithm to the next.
  every AS (
    SELECT sum(n) AS durations, count(DISTINCT run) AS all_runs,
      count(DISTINCT stratum) AS strata,
      exp((min(bin - all_longer) + 0.5e0) / 100) AS usual,
      max(:in_worker) AS in_worker
    FROM scored
  ),
  parts AS (
    SELECT count(*) AS own_strata
    FROM (SELECT DISTINCT stratum, run FROM scored) AS part
  )
SELECT extreme.name AS attribute, is_own, whole AS n, k, runs, is_local,
  CASE WHEN is_own = 1 THEN own_strata ELSE strata END AS strata, total,
  between_values, between_runs, extreme.is_slowest, value, of_run, of_executor,
  of_block, of_manager, n AS value_n, value_runs, mean,
  exp((half.bin + 0.5e0) / 100) AS median, exp(half.longer / 100e0) AS times,
  durations, all_runs, usual, in_worker
FROM extreme CROSS JOIN every CROSS JOIN parts
  LEFT JOIN half ON half.name = extreme.name
    AND half.is_slowest = extreme.is_slowest
ORDER BY attribute, extreme.is_slowest DESC
