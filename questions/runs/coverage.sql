-- The share of the tries of each run that have each step.
--
-- Arguments:
--   :tries         query of the tries, in a column id
--   :events        query of their named events, as in events_of.sql
--   :types         query of the types of these spans, as in components.sql, with
--                  a column type_id
--   :components    query of the components of all span kinds
--
-- Columns:
--   run            id of the run, or NULL
--   rundir         run directory, or NULL
--   span_type, event_type, component
--                  the step
--   tries          tries of the run
--   having         tries that have the step
--   share          having / tries
--   launched_share the same share of the tries that were launched
WITH
  happened AS MATERIALIZED (
    SELECT DISTINCT root_id, type_id, event_type_id FROM (:events)
  ),
  attempt AS MATERIALIZED (
    SELECT id, attributes ->> 'run' AS run, attributes ->> 'rundir' AS rundir,
      coalesce(attributes ->> 'run', attributes ->> 'rundir') AS name,
      id IN (
        SELECT root_id
        FROM happened JOIN event_type ON event_type.id = event_type_id
        WHERE type = 'launched'
      ) AS launched
    FROM span
    WHERE id IN (:tries)
  ),
  known_run AS (
    SELECT name, max(run) AS run, max(rundir) AS rundir, count(*) AS tries,
      sum(launched) AS launched
    FROM attempt
    GROUP BY name
  ),
  found AS MATERIALIZED (
    SELECT name, described.type AS span_type, event_type.type AS event_type,
      component, tries, launched
    FROM (
      SELECT name, type_id, event_type_id, count(*) AS tries,
        sum(launched) AS launched
      FROM happened JOIN attempt ON id = root_id
      GROUP BY name, type_id, event_type_id
    )
      JOIN (:types) AS described USING (type_id)
      JOIN event_type ON event_type.id = event_type_id
  ),
  -- Formats whose logs were imported, or whose executor was used.
  present AS (
    SELECT DISTINCT format
    FROM span_kind AS kind
    WHERE role IS NOT NULL
        AND EXISTS (SELECT 1 FROM span WHERE span.type = kind.type)
      OR EXISTS (
        SELECT 1 FROM span
        WHERE span.type = 'parsl.executor'
          AND '.' || (attributes ->> 'executor_type')
            LIKE '%.' || executor_class
      )
  ),
  step AS (
    SELECT span_type, event_type, max(component) AS component,
      coalesce(min(place), 1000) AS place
    FROM (
      SELECT DISTINCT span_type, event_type, component, NULL AS place
      FROM found
      UNION ALL
      SELECT span_type, event_type, component, step
      FROM event_kind
        JOIN span_kind ON span_kind.type = span_type
        JOIN present USING (format)
        JOIN (:components) AS described ON described.type = span_type
      WHERE step IS NOT NULL
    )
    GROUP BY span_type, event_type
  )
SELECT known_run.run, known_run.rundir, step.span_type, step.event_type,
  step.component, known_run.tries, coalesce(found.tries, 0) AS "having",
  1.0 * coalesce(found.tries, 0) / known_run.tries AS share,
  1.0 * coalesce(found.launched, 0) / nullif(known_run.launched, 0)
    AS launched_share
FROM known_run CROSS JOIN step
  LEFT JOIN found ON found.name IS NOT DISTINCT FROM known_run.name
    AND found.span_type = step.span_type AND found.event_type = step.event_type
ORDER BY known_run.rundir, known_run.run, place, step.span_type,
  step.event_type
