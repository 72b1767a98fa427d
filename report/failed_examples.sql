-- Examples of failed tries: one for each of the most frequent exceptions, of
-- those with the highest number, which have probably failed for good.
--
-- Arguments:
--   :ids       query of the spans that the page shows
--
-- Columns:
--   id         the span of the try. SQLite takes it from the row of the maximum
--   exception  its type
--   last_try   the number of the try
SELECT id, exception, max(CAST(attributes ->> 'try' AS INTEGER)) AS last_try
FROM (
  SELECT span.id, attributes, attributes ->> 'exception' AS exception
  FROM span JOIN span_kind USING (type)
  WHERE role = 'try' AND exception IS NOT NULL AND span.id IN (:ids)
)
GROUP BY exception
ORDER BY count(*) DESC, exception
LIMIT 3
