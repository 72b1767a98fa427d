-- The events of each root span and of the spans that belong to it, in a campaign
-- whose table step has no steps of these roots.
--
-- Arguments:
--   :roots       query of the root spans, in a column id
--
-- Columns:
--   root_id, time, span_type, event_type, component, named, event_id, span_id
--                as in events_of.sql
--
-- As own_spans.sql and typed_events.sql do for a database: but DuckDB allows a
-- recursion to name itself only once, so here all edges are one relation.
WITH RECURSIVE
  root AS (
    SELECT span.id AS id, type, CASE
        WHEN type IN (SELECT type FROM span_kind WHERE role = 'worker')
        THEN attributes ->> '$.worker'
      END AS worker
    FROM span WHERE span.id IN (:roots)
  ),
  edge AS (
    SELECT superspan_id AS from_id, subspan_id AS to_id, 1 AS is_down
    FROM subspan
    UNION ALL
    SELECT left_id, right_id, 0 FROM facet
    UNION ALL
    SELECT right_id, left_id, 0 FROM facet
  ),
  own (root_id, root_type, span_id, is_other) AS (
    SELECT id, type, id, 0 FROM root
    UNION
    SELECT root_id, root_type, to_id, CASE
        WHEN is_down = 1 AND to_id <> root_id AND other.type = root_type THEN 1
        ELSE 0
      END
    FROM own JOIN edge ON from_id = span_id
      LEFT JOIN root AS other ON other.id = to_id
    WHERE is_other = 0
  )
SELECT own.root_id, event.time, span.type AS span_type,
  event.type AS event_type, CASE
    WHEN instr(substr(span.type, 2), '.') = 0 THEN span.type
    ELSE substr(span.type, 1,
      length(rtrim(span.type, replace(span.type, '.', ''))) - 1)
  END AS component, event.named, event.id AS event_id, own.span_id
FROM own
  JOIN root ON root.id = own.root_id
  JOIN span ON span.id = own.span_id
  JOIN event ON event.span_id = own.span_id
WHERE own.is_other = 0 AND (root.worker IS NULL
  OR coalesce(event.attributes ->> '$.worker', root.worker) = root.worker)
