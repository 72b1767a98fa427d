-- Each root span and every span nested in it or equal to it, with their types.
--
-- Arguments:
--   :nested      query of nested spans, as in nested_spans.sql
--   :components  query of the types of spans, as in components.sql, with a
--                column type_id
--
-- Columns:
--   root_id      the root span
--   span_id      the nested span; each pair is there once
--   type_id      the type of the nested span
--   worker       the attribute of the root, if it is a worker; otherwise NULL
WITH
  nested AS MATERIALIZED (:nested),
  described AS MATERIALIZED (:components),
  root_worker AS MATERIALIZED (
    SELECT id, CAST(attributes ->> 'worker' AS TEXT) AS worker
    FROM span JOIN span_kind ON span_kind.type = span.type
    WHERE role = 'worker'
  )
SELECT root_id, span_id, type_id, worker
FROM nested CROSS JOIN span CROSS JOIN described
  LEFT JOIN root_worker ON root_worker.id = root_id
WHERE span.id = span_id AND described.type = span.type
