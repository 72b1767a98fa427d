-- Blocks, as each account describes them, the preferred account first.
--
-- Columns:
--   run, rundir, executor, block, job
--               attributes
--   exit_code   of its submit script, or NULL
--   submitted   when its job was submitted, Unix seconds
--   started     when the job began to run, as the batch system says
--   up          the earliest report that it ran
--   ended       the earliest report that it ended
--   ended_by    that report: a state, or 'ended' for the batch system's own
--   state       the last state
--   job_state   the state of its job, as the batch system says, or NULL
WITH
  change AS MATERIALIZED (
    SELECT span_type, event_type.id AS type_id, event_type.type, rank, work, final
    FROM event_kind JOIN event_type ON event_type.type = event_type AND named = 1
    WHERE rank IS NOT NULL OR work IN ('up', 'down')
  ),
  job AS MATERIALIZED (
    SELECT DISTINCT block.id AS block_id, job.id AS job_id, job.type
    FROM span_kind CROSS JOIN span AS job USING (type)
      CROSS JOIN facet ON job.id IN (left_id, right_id)
      CROSS JOIN span AS block
        ON block.id = left_id + right_id - job.id
    WHERE role = 'job'
  ),
  account AS (
    SELECT id AS block_id, id AS span_id, type, 0 AS is_job FROM span
    WHERE type IN (SELECT type FROM span_kind WHERE role = 'block')
    UNION ALL
    SELECT block_id, job_id, type, 1 FROM job
  ),
  happened AS (
    SELECT block_id, change.type, is_job, rank, work, final, time
    FROM account CROSS JOIN event_row CROSS JOIN change
    WHERE event_row.span_id = account.span_id AND span_type = account.type
      AND change.type_id = +event_row.type_id AND time IS NOT NULL
  )
SELECT attributes ->> 'run' AS run, attributes ->> 'rundir' AS rundir,
  attributes ->> 'executor' AS executor, attributes ->> 'block' AS block,
  max(attributes ->> 'job') AS job, max(attributes ->> 'exit_code') AS exit_code,
  min(CASE WHEN rank IS NOT NULL THEN time END) AS submitted,
  min(CASE WHEN is_job AND work = 'up' THEN time END) AS started,
  min(CASE WHEN work = 'up' THEN time END) AS up,
  substr(min(CASE WHEN work = 'down'
    THEN printf('%020.6f ', time) || happened.type END), 22) AS ended_by,
  min(CASE WHEN work = 'down' THEN time END) AS ended,
  substr(max(CASE WHEN rank IS NOT NULL AND NOT is_job
    THEN printf('%020.6f ', time) || happened.type END), 22) AS state,
  (SELECT max(other.attributes ->> 'state')
    FROM job JOIN span AS other ON other.id = job_id
    WHERE job.block_id = span.id) AS job_state
FROM span_kind CROSS JOIN span USING (type)
  LEFT JOIN happened ON block_id = span.id
WHERE role = 'block'
GROUP BY span.id
ORDER BY preference, span.id
