-- Each root span and the spans that belong to it, with their types.
--
-- Arguments:
--   :own         query of the spans of each root, as in own_spans.sql
--   :components  query of the types of spans, as in components.sql, with a
--                column type_id
--
-- Columns:
--   root_id      the root span
--   span_id      the span that belongs to it; each pair is there once
--   type_id      its type
--   worker       the attribute of the root, if it is a worker; otherwise NULL
WITH
  pair AS MATERIALIZED (:own),
  described AS MATERIALIZED (:components),
  root_worker AS MATERIALIZED (
    SELECT id, CAST(attributes ->> 'worker' AS TEXT) AS worker
    FROM span JOIN span_kind ON span_kind.type = span.type
    WHERE role = 'worker'
  )
SELECT root_id, span_id, type_id, worker
FROM pair CROSS JOIN span CROSS JOIN described
  LEFT JOIN root_worker ON root_worker.id = root_id
WHERE NOT is_other AND span.id = span_id AND described.type = span.type
