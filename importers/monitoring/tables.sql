-- The tables of Parsl's monitoring.db, as Parsl writes them
-- (parsl/monitoring/db_manager.py), each with `monitoring_` before its name.
--
-- Columns that only some versions of Parsl have are NULL for the others;
-- columns that are not here are added as they are met. Behind a table's own
-- columns stand, for each clock time x, x_unix: the same moment in Unix
-- seconds, UTC, NULL if x cannot be read; and source_id. A column of the source
-- that has the name of one of these has an underscore behind it. A row's rowid
-- is its rowid in the source, plus a number that is the same for all rows of a
-- source: 0 for the first source.

-- A run: one start of Parsl.
CREATE TABLE IF NOT EXISTS monitoring_workflow (
  -- A UUID. What all other tables call a run by.
  run_id TEXT,
  -- The name of the script, or what the configuration says.
  workflow_name TEXT,
  workflow_version TEXT,
  time_began DATETIME,
  -- NULL while the run goes on, and for ever if it was killed.
  time_completed DATETIME,
  -- Where it was submitted, and by whom.
  host TEXT,
  user TEXT,
  -- The run directory, as it was called there.
  rundir TEXT,
  tasks_failed_count INTEGER,
  tasks_completed_count INTEGER,
  time_began_unix REAL,
  time_completed_unix REAL,
  source_id INTEGER
);

-- A task: one call of an app.
CREATE TABLE IF NOT EXISTS monitoring_task (
  -- Counted from 0 in each run.
  task_id INTEGER,
  run_id TEXT,
  -- The tasks that it waits for: "1,2".
  task_depends TEXT,
  -- The name of the app.
  task_func_name TEXT,
  task_memoize TEXT,
  task_hashsum TEXT,
  task_inputs TEXT,
  task_outputs TEXT,
  task_stdin TEXT,
  task_stdout TEXT,
  task_stderr TEXT,
  -- When the app was called, and when its future was done.
  task_time_invoked DATETIME,
  task_time_returned DATETIME,
  task_fail_count INTEGER,
  task_fail_cost FLOAT,
  task_time_invoked_unix REAL,
  task_time_returned_unix REAL,
  source_id INTEGER
);

-- A try: one attempt to run a task. Not in Parsl before 1.1.
CREATE TABLE IF NOT EXISTS monitoring_try (
  -- Counted from 0 for each task.
  try_id INTEGER,
  task_id INTEGER,
  run_id TEXT,
  -- The block that it ran in, once that is known.
  block_id TEXT,
  -- The machine that it ran on, once that is known.
  hostname TEXT,
  -- The label of the executor.
  task_executor TEXT,
  task_try_time_launched DATETIME,
  task_try_time_running DATETIME,
  task_try_time_returned DATETIME,
  task_fail_history TEXT,
  -- The tasks that a join app waits for: "7,8".
  task_joins TEXT,
  task_try_time_launched_unix REAL,
  task_try_time_running_unix REAL,
  task_try_time_returned_unix REAL,
  source_id INTEGER
);

-- A report of a manager of the high throughput executor on itself.
CREATE TABLE IF NOT EXISTS monitoring_node (
  id INTEGER,
  run_id TEXT,
  hostname TEXT,
  -- The manager's own id.
  uid TEXT,
  block_id TEXT,
  cpu_count INTEGER,
  -- In bytes.
  total_memory BIGINT,
  -- 1 while the manager is registered.
  active BOOLEAN,
  worker_count INTEGER,
  -- The version of Python.
  python_v TEXT,
  timestamp DATETIME,
  last_heartbeat DATETIME,
  timestamp_unix REAL,
  last_heartbeat_unix REAL,
  source_id INTEGER
);

-- A change of status of a block: a job of the batch system.
CREATE TABLE IF NOT EXISTS monitoring_block (
  run_id TEXT,
  executor_label TEXT,
  block_id TEXT,
  -- The batch system's own id.
  job_id TEXT,
  timestamp DATETIME,
  -- PENDING, RUNNING, CANCELLED, COMPLETED, FAILED, ...
  status TEXT,
  timestamp_unix REAL,
  source_id INTEGER
);

-- A change of state of a try.
CREATE TABLE IF NOT EXISTS monitoring_status (
  task_id INTEGER,
  -- pending, launched, running, running_ended, exec_done, ...
  task_status_name TEXT,
  timestamp DATETIME,
  run_id TEXT,
  -- NULL in Parsl before 1.1.
  try_id INTEGER,
  timestamp_unix REAL,
  source_id INTEGER
);

-- What a try's process used, sampled while it ran.
CREATE TABLE IF NOT EXISTS monitoring_resource (
  try_id INTEGER,
  task_id INTEGER,
  run_id TEXT,
  timestamp DATETIME,
  -- Seconds between samples, as configured.
  resource_monitoring_interval FLOAT,
  psutil_process_pid INTEGER,
  psutil_process_memory_percent FLOAT,
  psutil_process_children_count FLOAT,
  -- Seconds of processor time, of the process and its children.
  psutil_process_time_user FLOAT,
  psutil_process_time_system FLOAT,
  -- In bytes.
  psutil_process_memory_virtual FLOAT,
  psutil_process_memory_resident FLOAT,
  psutil_process_disk_read FLOAT,
  psutil_process_disk_write FLOAT,
  psutil_process_status TEXT,
  timestamp_unix REAL,
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
