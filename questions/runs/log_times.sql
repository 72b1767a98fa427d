-- When the logs of each run have events: from where to where, in bins.
--
-- Arguments:
--   :width      width of a bin in seconds
--
-- Columns:
--   rundir      run directory
--   first       Unix seconds of the first event in the bin
--   last        Unix seconds of the last one
SELECT rundir, min(time) AS first, max(time) AS last
FROM event_row JOIN source ON source.id = source_id
WHERE rundir IS NOT NULL AND time IS NOT NULL
GROUP BY rundir, CAST(time / :width AS INTEGER)
ORDER BY rundir, first
