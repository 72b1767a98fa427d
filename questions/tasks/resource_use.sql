-- The resources that attempts requested, were allocated, and used.
--
-- Arguments:
--   :tries       query of all tries, each once, in a column id
--   :nested      query of the spans nested in each of these, in columns root_id
--                and span_id
--   :is_run      condition on run and rundir
--   :attributes  list of attributes of the spans task, try and work to group by
--   :columns     output columns of these, from the JSON array category
--   :order       names of these columns
--
-- Columns:
--   run          id of the run, or the run directory
--   attributes   the attributes to group by
--   resource     'cores', 'gpus', 'memory', 'disk', 'nodes' or 'cpu time'
--   unit         unit of the numbers
--   attempts     number of attempts, the same for each resource
--   requested_mean, requested_max
--                what the app asked for
--   allocated_mean, allocated_max
--                what the worker gave
--   measured_mean, measured_max
--                what a monitor measured
--   with_request, with_allocation, with_measurement
--                number of attempts of which each is known
--
-- An attempt begins with each event of a task's work that makes a worker busy.
-- A try whose executor logs no such event is one attempt, if it has samples or a
-- request.
WITH
  resource (position, resource, unit, requested, allocated, measured) AS (
    VALUES
      (1, 'cores', 'cores', 'cores_requested', 'cores', 'cores_measured'),
      (2, 'gpus', 'gpus', 'gpus_requested', 'gpus', 'gpus_measured'),
      (3, 'memory', 'MB', 'memory_requested_mb', 'memory_mb',
        'memory_measured_mb'),
      (4, 'disk', 'MB', 'disk_requested_mb', 'disk_mb', 'disk_measured_mb'),
      (5, 'nodes', 'nodes', NULL, 'nodes', NULL),
      (6, 'cpu time', 's', NULL, NULL, 'cpu_measured_seconds')
  ),
  known_name AS MATERIALIZED (
    SELECT requested AS name FROM resource WHERE requested IS NOT NULL
    UNION SELECT allocated FROM resource WHERE allocated IS NOT NULL
    UNION SELECT measured FROM resource WHERE measured IS NOT NULL
  ),
  -- Work with at least one of these attributes.
  described AS MATERIALIZED (
    SELECT id, type, attributes, type IN (
        SELECT span_type FROM event_kind WHERE work = 'busy') AS begins
    FROM span JOIN span_kind USING (type)
    WHERE role = 'work' AND EXISTS (
      SELECT 1 FROM json_each(attributes) AS attribute
      WHERE attribute.key IN (SELECT name FROM known_name))
  ),
  in_try AS MATERIALIZED (
    SELECT root_id AS try_id, span_id FROM (:nested)
  ),
  happened AS (
    SELECT described.id, event_row.attributes, coalesce(work, '') AS work,
      sum(CASE WHEN work = 'busy' THEN 1 ELSE 0 END) OVER (
        PARTITION BY described.id ORDER BY time, event_row.id
      ) AS begun
    FROM described
      JOIN event_row ON span_id = described.id
      JOIN event_type ON event_type.id = type_id AND named = 1
      LEFT JOIN event_kind
        ON span_type = described.type AND event_type = event_type.type
  ),
  -- A task that waits is waiting for its next attempt.
  noted AS (
    SELECT id AS work_id, begun + (work = 'queued') AS attempt, resource,
      max(work = 'busy') AS has_begun,
      max(attributes ->> ('$.' || requested)) AS requested,
      max(attributes ->> ('$.' || allocated)) AS allocated,
      max(attributes ->> ('$.' || measured)) AS measured
    FROM happened CROSS JOIN resource
    GROUP BY work_id, attempt, resource
  ),
  begun AS MATERIALIZED (
    SELECT noted.*, try_id,
      attempt = max(attempt) OVER (PARTITION BY try_id, resource) AS is_last
    FROM noted
      LEFT JOIN (
        SELECT span_id, min(try_id) AS try_id FROM in_try GROUP BY span_id
      ) AS of_try ON span_id = work_id
    WHERE has_begun = 1
  ),
  requests AS MATERIALIZED (
    SELECT try_id, resource, max(begins) AS begins,
      max(attributes ->> ('$.' || requested)) AS requested
    FROM in_try JOIN described ON described.id = span_id CROSS JOIN resource
    GROUP BY try_id, resource
  ),
  -- A worker's CPU times accumulate from task to task.
  samples AS (
    SELECT try_id, max(CASE WHEN name = 'psutil_process_memory_resident'
        THEN value END) / 1048576.0 AS memory,
      max(CASE WHEN name = 'psutil_process_time_user' THEN value END)
        - min(CASE WHEN name = 'psutil_process_time_user' THEN value END)
        + max(CASE WHEN name = 'psutil_process_time_system' THEN value END)
        - min(CASE WHEN name = 'psutil_process_time_system' THEN value END)
        AS cpu,
      count(DISTINCT time) AS times
    FROM in_try JOIN metric_row USING (span_id)
      JOIN metric_name ON metric_name.id = name_id
    WHERE metric = 'resource'
    GROUP BY try_id
  ),
  sampled AS MATERIALIZED (
    SELECT try_id, resource, CASE resource
        WHEN 'memory' THEN memory
        WHEN 'cpu time' THEN CASE WHEN times > 1 THEN cpu END
      END AS measured
    FROM samples CROSS JOIN resource
  ),
  attempt AS (
    SELECT work_id, try_id, resource, requested, allocated, measured, is_last
    FROM begun
    UNION ALL
    SELECT NULL, try_id, resource, NULL, NULL, NULL, 1
    FROM (
        SELECT try_id FROM sampled
        UNION
        SELECT try_id FROM requests WHERE begins = 0
      ) CROSS JOIN resource
    WHERE try_id NOT IN (SELECT try_id FROM begun WHERE try_id IS NOT NULL)
  ),
  task_of AS (
    SELECT subspan_id AS try_id, min(superspan_id) AS task_id
    FROM subspan
      JOIN span ON span.id = superspan_id
      JOIN span_kind ON span_kind.type = span.type
    WHERE role = 'task' AND subspan_id IN (:tries)
    GROUP BY subspan_id
  ),
  known AS (
    SELECT coalesce(try.attributes ->> 'run', work.attributes ->> 'run',
        try.attributes ->> 'rundir', work.attributes ->> 'rundir') AS run,
      coalesce(try.attributes ->> 'run', work.attributes ->> 'run') AS run_id,
      coalesce(try.attributes ->> 'rundir', work.attributes ->> 'rundir')
        AS rundir,
      json_array(:attributes) AS category, attempt.resource,
      coalesce(attempt.requested, requests.requested,
        work.attributes ->> ('$.' || resource.requested)) AS requested,
      -- MPIExecutor's tasks have a list of nodes.
      coalesce(attempt.allocated,
        CASE json_type(work.attributes, '$.' || resource.allocated)
          WHEN 'array'
          THEN json_array_length(work.attributes, '$.' || resource.allocated)
        END) AS allocated,
      -- Both monitors miss peaks between their samples.
      CASE
        WHEN sampled.measured > coalesce(attempt.measured, 0)
        THEN sampled.measured
        ELSE attempt.measured
      END AS measured
    FROM attempt
      JOIN resource ON resource.resource = attempt.resource
      LEFT JOIN requests ON requests.try_id = attempt.try_id
        AND requests.resource = attempt.resource
      LEFT JOIN sampled ON sampled.try_id = attempt.try_id
        AND sampled.resource = attempt.resource AND is_last
      LEFT JOIN span AS work ON work.id = work_id
      LEFT JOIN span AS try ON try.id = attempt.try_id
      LEFT JOIN task_of ON task_of.try_id = attempt.try_id
      LEFT JOIN span AS task ON task.id = task_id
  )
SELECT run, :columns resource, unit, count(*) AS attempts,
  avg(known.requested) AS requested_mean, max(known.requested) AS requested_max,
  avg(known.allocated) AS allocated_mean, max(known.allocated) AS allocated_max,
  avg(known.measured) AS measured_mean, max(known.measured) AS measured_max,
  count(known.requested) AS with_request,
  count(known.allocated) AS with_allocation,
  count(known.measured) AS with_measurement
FROM known JOIN resource USING (resource)
WHERE :is_run
GROUP BY run, category, resource
-- Most runs have no GPUs, and Work Queue reports 0 of them for each task.
HAVING max(coalesce(known.requested, known.allocated, known.measured)) > 0
  OR resource <> 'gpus' AND count(known.requested) + count(known.allocated)
    + count(known.measured) > 0
ORDER BY run, :order position
