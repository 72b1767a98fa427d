-- The share of the tries of each run that have each step.
--
-- Arguments:
--   :tries         query of the tries, in a column id
--   :events        query of their named events, as in events_of.sql
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
    SELECT DISTINCT root_id, span_type, event_type, component FROM (:events)
  ),
  -- A join: looking up each try would be quadratic.
  attempt AS MATERIALIZED (
    SELECT id, attributes ->> 'run' AS run, attributes ->> 'rundir' AS rundir,
      coalesce(attributes ->> 'run', attributes ->> 'rundir') AS name,
      launch.root_id IS NOT NULL AS launched
    FROM span LEFT JOIN (
      SELECT DISTINCT root_id FROM happened WHERE event_type = 'launched'
    ) AS launch ON launch.root_id = id
    WHERE id IN (:tries)
  ),
  known_run AS (
    SELECT name, max(run) AS run, max(rundir) AS rundir, count(*) AS tries,
      sum(launched) AS launched
    FROM attempt
    GROUP BY name
  ),
  found AS MATERIALIZED (
    SELECT name, span_type, event_type, count(*) AS tries,
      sum(launched) AS launched
    FROM happened JOIN attempt ON id = root_id
    GROUP BY name, span_type, event_type
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
      FROM happened
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
