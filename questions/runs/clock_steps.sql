-- Lines of text logs that are more than a second older than the line above: the
-- largest step of each file. Threads write lines a little out of order.
--
-- Columns:
--   rundir      run directory
--   path        the log
--   line        number of the line
--   seconds     by how much it is older
WITH
  step AS (
    SELECT source_id, line, lag(time) OVER times - time AS seconds
    FROM event_row
    WHERE line IS NOT NULL AND time IS NOT NULL AND source_id IN (
      SELECT id FROM source WHERE rundir IS NOT NULL AND importer GLOB '*log')
    WINDOW times AS (PARTITION BY source_id ORDER BY line)
  )
-- SQLite takes the line from the row that has the maximum.
SELECT rundir, path, line, max(seconds) AS seconds
FROM step JOIN source ON source.id = source_id
WHERE seconds > 1
GROUP BY source_id
ORDER BY seconds DESC
