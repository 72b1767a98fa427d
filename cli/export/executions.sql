-- When workers executed tasks: from each begin to the last end before the next
-- begin, because a lost task begins again.
--
-- Arguments:
--   :wanted     condition on span
--
-- Columns:
--   type, role  the type of the span and its role, 'work' or 'try'
--   attributes  of the span, as JSON
--   worker      the worker of this attempt, if its begin names one, or else that
--               of the span
--   begin, end  Unix seconds; end is NULL if it is in no log
--
-- Ordered by type, the preferred one first, then begin. Place 50 is "in a
-- worker". Monitoring may write that a try was launched after it began to run:
-- only later places end a try.
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_type, role, preference,
      place_rank = 50 AS is_begin
    FROM event_kind JOIN span_kind ON type = span_type
    WHERE role IN ('work', 'try')
      AND (place_rank >= 50 OR role = 'work' AND place_rank < 50)
  ),
  mark AS (
    SELECT span_id, span.type, span.attributes, role, preference, is_begin, time,
      iif(is_begin, event.attributes ->> 'worker', NULL) AS worker,
      sum(is_begin) OVER (PARTITION BY span_id ORDER BY time, event.id) AS round
    FROM span CROSS JOIN event CROSS JOIN kind
    WHERE span.type IN (SELECT span_type FROM kind WHERE is_begin)
      AND event.span_id = span.id AND time IS NOT NULL
      AND kind.span_type = span.type AND kind.event_type = +event.type
      AND :wanted
  )
SELECT type, role, attributes,
  coalesce(max(worker), attributes ->> 'worker') AS worker,
  min(time) AS "begin",
  max(iif(is_begin, NULL, time)) AS "end"
FROM mark
WHERE round > 0
GROUP BY span_id, round
ORDER BY role = 'try', preference, type, "begin", span_id
