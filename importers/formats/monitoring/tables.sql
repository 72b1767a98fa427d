-- The tables of Parsl's monitoring.db, as Parsl writes them
-- (parsl/monitoring/db_manager.py), each with `monitoring_` before its name.
--
-- Columns that only some versions of Parsl have are NULL for the others;
-- columns that are not listed here are added when an import finds them. Each
-- table has two kinds of additional columns at its end: for each clock time x,
-- x_unix, the same moment in Unix seconds, UTC, NULL if x cannot be read; and
-- source_id. If a column of the source has the same name as one of these, an
-- underscore is appended to it. A row's rowid is its rowid in the source, plus
-- a number that is the same for all rows of a source: 0 for the first source.

-- A run: one start of Parsl.
--
-- Example: Duration of each run
--   SELECT rundir, time_completed_unix - time_began_unix AS seconds,
--     tasks_completed_count, tasks_failed_count
--   FROM monitoring_workflow
CREATE TABLE IF NOT EXISTS monitoring_workflow (
  -- A UUID, the run_id of all other tables.
  run_id TEXT,
  -- The name of the script, unless configured otherwise.
  workflow_name TEXT,
  -- The time of its start, as text, unless configured otherwise.
  workflow_version TEXT,
  -- When Parsl was loaded.
  time_began DATETIME,
  -- When it ended. NULL while it is running, and if it was killed.
  time_completed DATETIME,
  -- The submit host and the user.
  host TEXT,
  user TEXT,
  -- The path of the run directory on that host.
  rundir TEXT,
  -- Numbers of tasks that failed and that succeeded.
  tasks_failed_count INTEGER,
  tasks_completed_count INTEGER,
  -- The two moments in Unix seconds, UTC.
  time_began_unix REAL,
  time_completed_unix REAL,
  -- The source of the row.
  source_id INTEGER
);

-- A task: one call of an app.
--
-- Example: Duration of tasks, by app
--   SELECT task_func_name AS app, count(*) AS tasks,
--     median(task_time_returned_unix - task_time_invoked_unix) AS median,
--     percentile(task_time_returned_unix - task_time_invoked_unix, 95) AS p95
--   FROM monitoring_task
--   GROUP BY app
CREATE TABLE IF NOT EXISTS monitoring_task (
  -- Counted from 0 in each run.
  task_id INTEGER,
  -- The run that it belongs to.
  run_id TEXT,
  -- The tasks that it waits for: "1,2".
  task_depends TEXT,
  -- The name of the app.
  task_func_name TEXT,
  -- Whether the result of an equal call may be reused: '0' or '1'.
  task_memoize TEXT,
  -- Equal for equal calls of a memoized app, otherwise NULL.
  task_hashsum TEXT,
  -- Its input and output files, as Python prints them.
  task_inputs TEXT,
  task_outputs TEXT,
  -- The files of its standard streams. Parsl of 2023 writes an error message
  -- here if there is no such file.
  task_stdin TEXT,
  task_stdout TEXT,
  task_stderr TEXT,
  -- When the app was called, and when its future was done.
  task_time_invoked DATETIME,
  task_time_returned DATETIME,
  -- Number of its failed tries.
  task_fail_count INTEGER,
  -- Their cost according to the retry handler; 1 each without one.
  task_fail_cost FLOAT,
  -- The two moments in Unix seconds, UTC.
  task_time_invoked_unix REAL,
  task_time_returned_unix REAL,
  -- The source of the row.
  source_id INTEGER
);

-- A try: one attempt to run a task. Not in Parsl before 1.1.
--
-- Example: Waiting time for a worker, by executor
--   SELECT task_executor, count(*) AS tries, median(
--       task_try_time_running_unix - task_try_time_launched_unix) AS median
--   FROM monitoring_try
--   GROUP BY task_executor
CREATE TABLE IF NOT EXISTS monitoring_try (
  -- Counted from 0 for each task.
  try_id INTEGER,
  -- The task and the run that it belongs to.
  task_id INTEGER,
  run_id TEXT,
  -- The block that it ran in, once known.
  block_id TEXT,
  -- The machine that it ran on, once known.
  hostname TEXT,
  -- The label of the executor.
  task_executor TEXT,
  -- When Parsl handed it to the executor, when a worker began it, and when it
  -- ended.
  task_try_time_launched DATETIME,
  task_try_time_running DATETIME,
  task_try_time_returned DATETIME,
  -- The errors of this try and of those before it, joined by commas.
  task_fail_history TEXT,
  -- The tasks that a join app waits for: "7,8".
  task_joins TEXT,
  -- The three moments in Unix seconds, UTC.
  task_try_time_launched_unix REAL,
  task_try_time_running_unix REAL,
  task_try_time_returned_unix REAL,
  -- The source of the row.
  source_id INTEGER
);

-- A manager of the high throughput executor, as it reports on itself.
--
-- Example: Managers with their numbers of workers
--   SELECT DISTINCT uid, hostname, block_id, worker_count
--   FROM monitoring_node
CREATE TABLE IF NOT EXISTS monitoring_node (
  -- Counted from 1 in a monitoring.db.
  id INTEGER,
  -- The run that it belongs to.
  run_id TEXT,
  -- The machine that it is on.
  hostname TEXT,
  -- The manager's own id.
  uid TEXT,
  -- The block that it is in.
  block_id TEXT,
  -- Processors of the machine.
  cpu_count INTEGER,
  -- Memory of the machine, in bytes.
  total_memory BIGINT,
  -- 1 while the manager is registered.
  active BOOLEAN,
  -- Number of its workers.
  worker_count INTEGER,
  -- The version of Python.
  python_v TEXT,
  -- When this was reported, and the time of the manager's last heartbeat.
  timestamp DATETIME,
  last_heartbeat DATETIME,
  -- The two moments in Unix seconds, UTC.
  timestamp_unix REAL,
  last_heartbeat_unix REAL,
  -- The source of the row.
  source_id INTEGER
);

-- A change of status of a block: a job of the batch system.
--
-- Example: When each block entered each status
--   SELECT executor_label, block_id, status, min(timestamp_unix) AS time
--   FROM monitoring_block
--   GROUP BY executor_label, block_id, status
--   ORDER BY time
CREATE TABLE IF NOT EXISTS monitoring_block (
  -- The run that it belongs to.
  run_id TEXT,
  -- The executor that it belongs to.
  executor_label TEXT,
  -- Counted from 0 for each executor.
  block_id TEXT,
  -- The batch system's own id.
  job_id TEXT,
  -- When the status was reported.
  timestamp DATETIME,
  -- PENDING, RUNNING, CANCELLED, COMPLETED, FAILED, ...
  status TEXT,
  -- The moment in Unix seconds, UTC.
  timestamp_unix REAL,
  -- The source of the row.
  source_id INTEGER
);

-- A change of state of a try.
--
-- Example: Number of tries that entered each state
--   SELECT task_status_name AS state, count(*) AS tries
--   FROM monitoring_status
--   GROUP BY state
CREATE TABLE IF NOT EXISTS monitoring_status (
  -- The task of the try.
  task_id INTEGER,
  -- pending, launched, running, running_ended, exec_done, ...
  task_status_name TEXT,
  -- When it entered the state.
  timestamp DATETIME,
  -- The run of the task.
  run_id TEXT,
  -- The number of the try. NULL in Parsl before 1.1.
  try_id INTEGER,
  -- The moment in Unix seconds, UTC.
  timestamp_unix REAL,
  -- The source of the row.
  source_id INTEGER
);

-- Resources of a try's process, sampled while it ran.
--
-- Example: The tasks with the highest peak memory
--   SELECT task_id, max(psutil_process_memory_resident) AS bytes
--   FROM monitoring_resource
--   GROUP BY run_id, task_id
--   ORDER BY bytes DESC
--   LIMIT 5
CREATE TABLE IF NOT EXISTS monitoring_resource (
  -- The try, its task and its run.
  try_id INTEGER,
  task_id INTEGER,
  run_id TEXT,
  -- When the sample was taken.
  timestamp DATETIME,
  -- Seconds between samples, as configured.
  resource_monitoring_interval FLOAT,
  -- The process that the try runs in.
  psutil_process_pid INTEGER,
  -- Share of the machine's memory, its children included.
  psutil_process_memory_percent FLOAT,
  -- Number of its child processes.
  psutil_process_children_count FLOAT,
  -- Seconds of processor time, of the process and its children.
  psutil_process_time_user FLOAT,
  psutil_process_time_system FLOAT,
  -- Memory in bytes, of the process and its children.
  psutil_process_memory_virtual FLOAT,
  psutil_process_memory_resident FLOAT,
  -- Bytes read and written by system calls since the process began, of the
  -- process and its children.
  psutil_process_disk_read FLOAT,
  psutil_process_disk_write FLOAT,
  -- State of the process in the operating system: running, sleeping, ...
  psutil_process_status TEXT,
  -- The moment in Unix seconds, UTC.
  timestamp_unix REAL,
  -- The source of the row.
  source_id INTEGER
);

CREATE INDEX IF NOT EXISTS monitoring_task_key
  ON monitoring_task (run_id, task_id);
CREATE INDEX IF NOT EXISTS monitoring_try_key
  ON monitoring_try (run_id, task_id, try_id);
CREATE INDEX IF NOT EXISTS monitoring_status_key
  ON monitoring_status (run_id, task_id, try_id);
CREATE INDEX IF NOT EXISTS monitoring_resource_key
  ON monitoring_resource (run_id, task_id, try_id);
