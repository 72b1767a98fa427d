-- When work was executed, as each account tells: from each start to an end
-- before the next start, because a lost task starts again.
--
-- Arguments:
--   :place      50 for executions in workers; 40 for work that a manager holds,
--               which may wait there before a worker begins
--
-- Columns:
--   span_id     the span of the work or the try
--   role        'work', or 'try' as monitoring sees it
--   is_traced   1 if another log of the same work is a better account
--   run, rundir, executor, block, manager, worker, host
--               attributes that name the place
--   executor_task, task, try
--               numbers of the task
--   category    a queue's name for tasks of its kind, or NULL
--   cores, memory_mb, disk_mb, gpus
--               resources allocated to it, or NULL
--   is_failed   1 if the account itself names a failure
--   start       Unix seconds
--   end         Unix seconds, or NULL if no log has it
--   is_lost     1 if it ended with its worker or manager
--
-- Place 50 is "in a worker", 40 "in a manager". Monitoring may write that a try
-- was launched after it began to run: only later places end a try. A try that
-- failed and never returned was lost, and the time of its failure is not its end.
-- A task of a queue ends with its next state, a task in a worker's log with the
-- last line.
WITH
  kind AS MATERIALIZED (
    SELECT span_type, event_kind.event_type AS name, role, preference, work,
      place_rank,
      max(CASE WHEN place_rank IN (40, 50) THEN place_rank END)
        OVER same AS start_rank,
      max(work = 'queued') OVER same AS has_queue,
      max(ifnull(place_rank, 0)) OVER same AS last_rank
    FROM event_kind JOIN span_kind ON span_kind.type = span_type
    WHERE role IN ('work', 'try') AND (place_rank IS NOT NULL OR work = 'lost')
    WINDOW same AS (PARTITION BY span_type)
  ),
  relevant AS MATERIALIZED (
    SELECT span_type, event_type.id AS type_id, role, preference, has_queue,
      start_rank,
      ifnull(place_rank = start_rank, 0) AS is_start,
      ifnull(work, '') = 'lost' OR start_rank = 50 AND place_rank < 50
        OR role = 'try' AND max(place_rank = 60) OVER same
          AND place_rank >= 90 AS is_lost
    FROM kind JOIN event_type ON event_type.type = name AND named = 1
    WHERE start_rank = :place AND last_rank > start_rank
      AND (place_rank >= start_rank OR work = 'lost'
        OR role = 'work' AND start_rank = 50)
    WINDOW same AS (PARTITION BY span_type)
  ),
  happened AS (
    SELECT span_id, role, preference, has_queue, is_start, is_lost, time,
      -- Reading the rows of events takes longer than all else.
      CASE WHEN has_queue AND role = 'work' THEN event_row.attributes END
        AS details,
      -- One log has all states of a queue's task: its clock may step back.
      sum(is_start) OVER (
        PARTITION BY span_id
        ORDER BY iif(has_queue AND role = 'work', 0, time), event_row.id
      ) AS nth
    FROM span CROSS JOIN event_row CROSS JOIN relevant
    WHERE span.type IN (SELECT span_type FROM relevant)
      AND event_row.span_id = span.id AND time IS NOT NULL
      AND relevant.span_type = span.type AND relevant.type_id = +event_row.type_id
  ),
  execution AS (
    SELECT span_id, role, preference,
      max(CASE WHEN is_start THEN details END) AS details,
      max(CASE WHEN NOT is_start THEN details ->> 'lost' END) AS was_lost,
      -- A queue that sends it again had no result.
      role = 'work' AND has_queue AND max(details ->> 'result') IS NULL
        AS has_none,
      max(CASE WHEN NOT is_start THEN ifnull(details ->> 'result', 'SUCCESS')
          <> 'SUCCESS' OR ifnull(details ->> 'exit_code', '0') <> '0' END)
        AS has_failed,
      min(CASE WHEN is_start THEN time END) AS start,
      CASE
        WHEN role = 'try'
        THEN min(CASE WHEN NOT is_start AND NOT is_lost THEN time END)
        WHEN has_queue THEN max(min(CASE WHEN is_start THEN time END),
          min(CASE WHEN NOT is_start THEN time END))
        ELSE max(CASE WHEN NOT is_start THEN time END)
      END AS "end",
      min(CASE WHEN is_lost THEN time END) AS lost
    FROM happened
    WHERE nth > 0
    GROUP BY span_id, nth
  )
SELECT span_id, execution.role,
  execution.role = 'work' AND ifnull(execution.preference, 1) > 1 AS is_traced,
  attributes ->> 'run' AS run, attributes ->> 'rundir' AS rundir,
  attributes ->> 'executor' AS executor, attributes ->> 'block' AS block,
  attributes ->> 'manager' AS manager,
  coalesce(details ->> 'worker', attributes ->> 'worker') AS worker,
  attributes ->> 'hostname' AS host,
  -- A queue that runs alone has its own number.
  coalesce(attributes ->> 'executor_task', CASE WHEN execution.role = 'work'
    THEN attributes ->> (identity ->> '$[#-1]') END) AS executor_task,
  attributes ->> 'task' AS task, attributes ->> 'try' AS try,
  attributes ->> 'category' AS category,
  coalesce(details ->> 'cores', attributes ->> 'cores') AS cores,
  coalesce(details ->> 'memory_mb', attributes ->> 'memory_mb') AS memory_mb,
  coalesce(details ->> 'disk_mb', attributes ->> 'disk_mb') AS disk_mb,
  coalesce(details ->> 'gpus', attributes ->> 'gpus') AS gpus,
  attributes ->> 'exception_message' IS NOT NULL
    OR ifnull(has_failed, 0) AS is_failed,
  start, "end",
  was_lost IS NOT NULL OR lost IS NOT NULL AND (lost = "end" OR has_none)
    AS is_lost
FROM execution CROSS JOIN span ON span.id = span_id
  CROSS JOIN span_kind ON span_kind.type = span.type
ORDER BY execution.role = 'try', is_traced, start, span_id
