-- The values of some names and attributes of each root span, to group roots by.
--
-- Arguments:
--   :nested   query of the spans nested in each, in columns root_id and span_id
--   :names    query of the names of all spans, as in span_names.sql
--   :values   list of values, of nested, inner_span, place and task
--
-- Columns:
--   root_id   the root span; each is there once
--   category  JSON array of the values
--
-- The names are in a temporary table, whose columns have no type: SQLite compares
-- its key only with an expression, such as +id, without a scan for each span.
WITH
  task AS MATERIALIZED (
    SELECT coalesce(attributes ->> 'run', attributes ->> 'rundir') AS run,
      attributes ->> 'task' AS task, attributes
    FROM span JOIN span_kind ON span_kind.type = span.type
    WHERE role = 'task'
  )
SELECT nested.root_id, json_array(:values) AS category
FROM (:nested) AS nested
  JOIN span AS inner_span ON inner_span.id = nested.span_id
  JOIN span AS root ON root.id = nested.root_id
  LEFT JOIN (:names) AS place ON place.span_id = +nested.span_id
  LEFT JOIN task
    ON task.run = coalesce(root.attributes ->> 'run',
        root.attributes ->> 'rundir')
      AND task.task = root.attributes ->> 'task'
GROUP BY nested.root_id
