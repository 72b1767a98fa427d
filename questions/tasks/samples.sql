-- Samples of a resource that a monitor took of each span, as one number.
--
-- Arguments:
--   :names     list of the metrics to add up
--   :number    how many they are
--
-- Columns:
--   span_id    the span, such as a try
--   time       Unix seconds
--   value      the sum, in the unit of the metrics
--
-- In the order of the spans and of time. A sample without one of the metrics is
-- left out.
SELECT span_id, time, sum(value) AS value
FROM metric_row
WHERE time IS NOT NULL AND value IS NOT NULL AND name_id IN (
    SELECT id FROM metric_name WHERE metric = 'resource' AND name IN (:names))
GROUP BY span_id, time
HAVING count(*) = :number
ORDER BY span_id, time
