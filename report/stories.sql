-- Tasks to tell the story of: one for each of the most frequent exceptions, of
-- those with the most tries, which have probably failed for good.
--
-- Arguments:
--   :ids       query of the spans that the page shows
--
-- Columns:
--   run, task  attributes; run is the directory if no log names the run
--   last_try   the number of the try. SQLite takes the task from its row
SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
  attributes ->> 'task' AS task,
  max(CAST(attributes ->> 'try' AS INTEGER)) AS last_try
FROM (
  SELECT attributes, attributes ->> 'exception' AS exception
  FROM span JOIN span_kind USING (type)
  WHERE role = 'try' AND exception IS NOT NULL AND span.id IN (:ids)
)
GROUP BY run, exception
ORDER BY count(*) DESC, run, exception
LIMIT 3
