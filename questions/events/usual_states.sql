-- The usual order of the states of tasks and tries, from the kinds of events.
--
-- Columns:
--   span_type, event_type
--   rank     position among the states of the span type, from 1
--   is_last  1 for the last state, after which the first can begin anew
--
-- Executors can take work back, so its states have no order.
SELECT span_type, event_type, rank,
  CASE WHEN rank = max(rank) OVER (PARTITION BY span_type) THEN 1 ELSE 0 END
    AS is_last
FROM event_kind JOIN span_kind ON span_kind.type = span_type
WHERE rank IS NOT NULL AND role IN ('task', 'try')
