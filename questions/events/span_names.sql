-- The attributes of each span that name its run, its app and its place.
--
-- Arguments:
--   :labels        query of the label of each run, in columns id and label
--   :hosts         query of the host of each manager, as in manager_hosts.sql
--
-- Columns:
--   span_id        the span
--   type           its type
--   run            label of its run; if it has none, the id or the directory
--   app, executor, block, manager, worker
--                  attributes, or NULL
--   host           attribute hostname, or else the host of its manager, or NULL
SELECT span.id AS span_id, type, coalesce(label, attributes ->> 'run',
    attributes ->> 'rundir') AS run, attributes ->> 'app' AS app,
  attributes ->> 'executor' AS executor, attributes ->> 'block' AS block,
  attributes ->> 'manager' AS manager, attributes ->> 'worker' AS worker,
  coalesce(attributes ->> 'hostname', hosts.host) AS host
FROM span
  LEFT JOIN run AS by_id ON by_id.run_id = attributes ->> 'run'
  LEFT JOIN run AS by_rundir ON by_rundir.rundir = attributes ->> 'rundir'
  LEFT JOIN (:labels) AS labels
    ON labels.id = coalesce(by_id.id, by_rundir.id)
  LEFT JOIN (:hosts) AS hosts
    ON hosts.manager = attributes ->> 'manager'
      AND hosts.executor = ifnull(attributes ->> 'executor', '')
      AND hosts.rundir = ifnull(attributes ->> 'rundir', '')
