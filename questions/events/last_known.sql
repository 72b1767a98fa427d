-- Until when each root span is known not to have ended.
--
-- Arguments:
--   :events    query of the events of each root, in columns root_id, time,
--              span_type and event_type
--
-- Columns:
--   root_id    the root span
--   last       Unix seconds: its final state if no work of it began afterwards,
--              or else the last moment that any log of its run knows
WITH
  own AS (
    SELECT root_id, max(CASE WHEN final = 1 THEN time END) AS final,
      max(CASE WHEN final = 0 AND place_rank < 60 THEN time END) AS begun
    FROM (:events) AS happened
      LEFT JOIN event_kind ON event_kind.span_type = happened.span_type
        AND event_kind.event_type = happened.event_type
    WHERE time IS NOT NULL
    GROUP BY root_id
  ),
  span_end AS (
    SELECT span_id, max(time) AS last FROM event_row GROUP BY span_id
    UNION ALL
    SELECT span_id, max(time) FROM metric_row GROUP BY span_id
  ),
  run_end AS MATERIALIZED (
    SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir', '') AS run,
      max(last) AS last
    FROM span_end JOIN span ON span.id = span_id
    GROUP BY 1
  )
SELECT root_id, CASE
    WHEN final >= coalesce(begun, final) THEN final
    ELSE last
  END AS last
FROM own JOIN span ON span.id = root_id
  LEFT JOIN run_end
    ON run_end.run = coalesce(attributes ->> 'run', attributes ->> 'rundir', '')
