-- Durations of about the same length, with their ranks among those that they are
-- compared with.
--
-- Arguments:
--   :durations   query of durations, in columns run, seconds and the attributes
--   :columns     list of run and the attributes
--   :stratum     a text that durations have in common if they are compared
--
-- Columns:
--   those of :columns
--   bin          hundreds of the logarithm of the seconds
--   n            number of durations with the same attributes and bin
--   version, workflow
--                of the run
--   all_score    mean rank among all durations: 0 for the fastest, 1 for the
--                slowest
--   score        the same in the stratum
--   own_score    the same in the stratum and the run
--   all_longer, longer, own_longer
--                the bin less that of the median of these durations
--   and those of counted, below
--
-- Durations that differ by less than 1% count as equal, and have the mean of the
-- ranks that they would have. So few rows have to be sorted, of any number of
-- durations.
WITH
  equal AS MATERIALIZED (
    SELECT :columns, CASE
        WHEN seconds > 1e-6 THEN CAST(floor(100 * ln(seconds)) AS INTEGER)
        ELSE -1382
      END AS bin, count(*) AS n
    FROM (:durations) AS durations
    WHERE seconds IS NOT NULL
    GROUP BY :columns, bin
  ),
  binned AS (
    SELECT equal.*, version, workflow, :stratum AS stratum
    FROM equal LEFT JOIN (
        SELECT label, parsl_version AS version, workflow
        FROM run JOIN run_label USING (id)
      ) AS run_of ON label = equal.run
  ),
  counted AS (
    SELECT *,
      sum(n) OVER (PARTITION BY 1 ORDER BY bin) AS all_upto,
      sum(n) OVER (PARTITION BY 1 ORDER BY bin
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS all_less,
      sum(n) OVER (PARTITION BY 1) AS all_n,
      sum(n) OVER (PARTITION BY stratum ORDER BY bin) AS upto,
      sum(n) OVER (PARTITION BY stratum ORDER BY bin
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS less,
      sum(n) OVER (PARTITION BY stratum) AS of_stratum,
      sum(n) OVER (PARTITION BY stratum, run ORDER BY bin) AS own_upto,
      sum(n) OVER (PARTITION BY stratum, run ORDER BY bin
        RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS own_less,
      sum(n) OVER (PARTITION BY stratum, run) AS own_n
    FROM binned
  )
SELECT *, (all_upto + coalesce(all_less, 0)) / (2e0 * all_n) AS all_score,
  (upto + coalesce(less, 0)) / (2e0 * of_stratum) AS score,
  (own_upto + coalesce(own_less, 0)) / (2e0 * own_n) AS own_score,
  bin - (min(CASE WHEN 2 * all_upto >= all_n THEN bin END) OVER (PARTITION BY 1)
    + min(CASE WHEN 2 * all_upto > all_n THEN bin END) OVER (PARTITION BY 1))
    / 2e0 AS all_longer,
  bin - (min(CASE WHEN 2 * upto >= of_stratum THEN bin END) OVER (PARTITION BY stratum)
    + min(CASE WHEN 2 * upto > of_stratum THEN bin END) OVER (PARTITION BY stratum))
    / 2e0 AS longer,
  bin - (min(CASE WHEN 2 * own_upto >= own_n THEN bin END) OVER (PARTITION BY stratum, run)
    + min(CASE WHEN 2 * own_upto > own_n THEN bin END) OVER (PARTITION BY stratum, run))
    / 2e0 AS own_longer
FROM counted
