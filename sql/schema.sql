-- The tables that every import writes. Your own tables can live beside them,
-- and nothing requires that a database has these.
--
-- The file uses only built-in features of SQLite, so that the sqlite3 shell,
-- Datasette and DuckDB can open it. Foreign keys are not declared: importers
-- write hundreds of thousands of rows a second, and checking each one costs
-- more than writing it.

-- Over 300 lines: most are comments, the source of docs/reference/schema.md.

-- Runs of a workflow. The view run_label has a short name for each.
--
-- Example: The runs and their durations; seconds is NULL if one never ended
--   SELECT label, workflow, host, ended - began AS seconds
--   FROM run JOIN run_label USING (id)
--   ORDER BY began
CREATE TABLE IF NOT EXISTS run (
  -- Referenced by run_label.
  id INTEGER PRIMARY KEY,
  -- The run directory, unique in the database: the attribute `rundir` of all
  -- spans below it. It is the path where the directory was found last, and
  -- 'PATH#RUN' while that path has another run, or for a run that has no
  -- directory of its own because its process logged it together with an earlier
  -- one. NULL for a run known from a monitoring database alone.
  rundir TEXT UNIQUE,
  -- The run directory when the run began, as monitoring recorded it: a path on
  -- the host of the workflow, which may have had other runs since. NULL without
  -- monitoring.
  directory TEXT,
  -- The id that Parsl gave the run: the attribute `run` of its spans. NULL if
  -- no source has it.
  run_id TEXT UNIQUE,
  -- The version of Parsl.
  parsl_version TEXT,
  -- The name of the workflow, usually of its script.
  workflow TEXT,
  -- The host and user of the workflow process.
  host TEXT,
  user TEXT,
  -- Unix seconds, UTC.
  began REAL,
  -- Unix seconds, UTC. NULL for a run that never ended.
  ended REAL
);

-- The label of each run: the shortest end of its path that no other run shares,
-- '000' or 'second/000'. The path is the run directory, or else the one that
-- monitoring recorded; a run without a path of its own has its id. It is computed
-- on reading, because the next import can make a longer one necessary.
CREATE VIEW IF NOT EXISTS run_label (id, label) AS
WITH RECURSIVE
  suffix (id, path, rest) AS (
    SELECT id, path, path || '/'
    FROM (
      SELECT id, rtrim(coalesce(rundir, directory), '/') AS path FROM run
    )
    WHERE path IS NOT NULL
    UNION ALL
    -- All characters but the slash: rtrim() cuts off one segment of the path.
    SELECT id, path, rtrim(rtrim(rest, '/'), replace(path, '/', ''))
    FROM suffix WHERE rest <> ''
  ),
  candidate (id, label) AS (
    SELECT min(id), substr(path, length(rest) + 1) AS label
    FROM suffix WHERE length(rest) <= length(path)
    GROUP BY label HAVING count(*) = 1
    UNION ALL
    SELECT id, coalesce(rundir, run_id) FROM run
  )
-- SQLite takes the label from the row that has the minimum.
SELECT id, label
FROM (SELECT id, label, min(length(label)) FROM candidate GROUP BY id);

-- Files that were read: one row per file, or per member of a tarball.
--
-- Example: The files with the most lines that no importer understands
--   SELECT path, lines, unmatched, malformed
--   FROM source
--   ORDER BY unmatched DESC
--   LIMIT 5
CREATE TABLE IF NOT EXISTS source (
  -- Referenced by the columns named source_id.
  id INTEGER PRIMARY KEY,
  -- The path of the file when it was imported last. No file has it any more if
  -- it is below the name of a run directory that another run has replaced.
  path TEXT NOT NULL,
  -- The name of the importer that read it.
  importer TEXT NOT NULL,
  -- The run directory that it belongs to, as in run.rundir. A copy of a run
  -- belongs to the same one. NULL for a database, and if the path names none.
  rundir TEXT,
  -- The rest of the path, below the run directory, without .gz.
  within TEXT,
  -- Identifies the content, whatever its path.
  fingerprint TEXT,
  -- Identifies the beginning of the content, to recognize a log that has grown.
  head TEXT,
  -- Bytes read so far.
  bytes INTEGER NOT NULL DEFAULT 0,
  -- Lines read so far, or rows of a database. The next five columns divide
  -- them.
  lines INTEGER NOT NULL DEFAULT 0,
  -- Lines that a rule of the importer matched.
  matched INTEGER NOT NULL DEFAULT 0,
  -- Well-formed lines that no rule matched.
  unmatched INTEGER NOT NULL DEFAULT 0,
  -- Broken lines.
  malformed INTEGER NOT NULL DEFAULT 0,
  -- Lines that continue the one above.
  continued INTEGER NOT NULL DEFAULT 0,
  -- Lines that repeat lines of another source.
  copies INTEGER NOT NULL DEFAULT 0,
  -- How its times without a zone were read; NULL if it has none.
  clock TEXT,
  -- Unix seconds, UTC, of the first line that has a time. NULL for a database.
  began REAL,
  -- Unix seconds, UTC, of the last such line, whether a rule matched it or not.
  ended REAL,
  -- Unix seconds, UTC.
  imported_at REAL,
  -- Fingerprint of the rules that last bound its spans; NULL before.
  bound TEXT,
  -- JSON object: the attributes that the user gave to each span that this
  -- source was the first to mention.
  attributes TEXT
);

CREATE INDEX IF NOT EXISTS source_fingerprint ON source (fingerprint);
CREATE INDEX IF NOT EXISTS source_head ON source (head, bytes);
CREATE INDEX IF NOT EXISTS source_path ON source (path);
CREATE INDEX IF NOT EXISTS source_rundir ON source (rundir, within);

-- Something that lasts, as one component describes it: a run, a task, a try, a
-- block, a worker.
--
-- Example: Tasks per app, according to parsl.log
--   SELECT attributes ->> 'app' AS app, count(*) AS tasks
--   FROM span
--   WHERE type = 'parsl.rundir.task'
--   GROUP BY app
--   ORDER BY tasks DESC
CREATE TABLE IF NOT EXISTS span (
  -- Referenced by span_id, superspan_id and so on. It differs from database to
  -- database.
  id INTEGER PRIMARY KEY,
  -- The entity and the component that describes it: 'parsl.rundir.task'. A type
  -- of span_kind.
  type TEXT NOT NULL,
  -- Identifies it among the spans of its type: canonical text, by which a
  -- later import finds the span again. It has a hash of the run directory.
  key TEXT NOT NULL,
  -- JSON object: attributes from the sources and from rules.
  attributes TEXT NOT NULL DEFAULT '{}',
  -- JSON array: the names of the attributes that rules implied; NULL if none.
  -- It names all of them if a rule made the span itself: a context, such as a
  -- campaign. bind() may remove such a span again.
  implied TEXT,
  -- The first source that mentions it; NULL if none does.
  source_id INTEGER,
  UNIQUE (type, key)
);

-- Types of events: names, and templates of messages. The view event shows them.
-- Removing events leaves their types here.
--
-- Example: Templates of messages about tasks
--   SELECT type AS template
--   FROM event_type
--   WHERE NOT named AND type LIKE '%task%'
--   ORDER BY template
CREATE TABLE IF NOT EXISTS event_type (
  -- Referenced by event_row.type_id.
  id INTEGER PRIMARY KEY,
  -- As in the view event.
  type TEXT NOT NULL,
  named INTEGER NOT NULL DEFAULT 1,
  UNIQUE (type, named)
);

-- Events with the ids of their types, which are much shorter. Query the view
-- event instead; SQLite allows changes only here.
--
-- Example: How many spans of each type have no events
--   SELECT type, count(*) AS spans
--   FROM span LEFT JOIN event_row ON span_id = span.id
--   WHERE event_row.id IS NULL
--   GROUP BY type
CREATE TABLE IF NOT EXISTS event_row (
  -- As in the view event.
  id INTEGER PRIMARY KEY,
  span_id INTEGER NOT NULL,
  time REAL,
  -- A row of event_type.
  type_id INTEGER NOT NULL,
  -- As in the view event.
  attributes TEXT,
  origin_id INTEGER,
  source_id INTEGER,
  line INTEGER,
  offset INTEGER
);

-- With the type, so that questions need not read the rows.
CREATE INDEX IF NOT EXISTS event_span_time
  ON event_row (span_id, time, type_id);
CREATE INDEX IF NOT EXISTS event_type_time ON event_row (type_id, time);

-- Something that happens to a span at one moment. SQLite reads the whole view
-- for a LEFT JOIN of it: use JOIN, or LEFT JOIN event_row.
--
-- Example: When tries first entered each state, and their number
--   SELECT event.type, min(time) AS first, count(*) AS tries
--   FROM event JOIN span ON span.id = span_id
--   WHERE span.type = 'parsl.rundir.try' AND named
--   GROUP BY event.type
--   ORDER BY first
--
-- Example: The most frequent messages without a name
--   SELECT type AS template, count(*) AS lines
--   FROM event
--   WHERE NOT named
--   GROUP BY type
--   ORDER BY lines DESC
--   LIMIT 10
CREATE VIEW IF NOT EXISTS event (
  -- Rises in the order of import, which is not that of time.
  id,
  -- The span of the event.
  span_id,
  -- Unix seconds, UTC. NULL if the source gives no time.
  time,
  -- An event type of event_kind, or the template of a message.
  type,
  -- 1 if the type is a name, 0 if it is a template.
  named,
  -- JSON object: further details; NULL if there are none. `values` are those
  -- of a template. `more` holds the lines that continue this one, such as a
  -- traceback: the first 64 Ki characters, and the last 16 Ki if there are more
  -- than 80 Ki; `more_cut` counts the lines that are cut or left out between.
  -- If the lines are a traceback, `exception`, `exception_message` and
  -- `exception_causes` describe the exception at its end and the ones that led
  -- to it. For an event from a database, `table` is the table.
  attributes,
  -- The process, thread and logger that wrote the line, and its level; NULL if
  -- the source names none.
  origin_id,
  -- The source of the event.
  source_id,
  -- The line there, counted from 1. In a database the rowid.
  line,
  -- The byte at which that line starts, counted from 0. NULL for a database.
  "offset"
) AS
SELECT event_row.id, span_id, time, type, named, attributes, origin_id,
  source_id, line, "offset"
FROM event_row JOIN event_type ON event_type.id = type_id;

-- Writers of log lines: one row for each process, thread, logger and level of a
-- source, shared by all events of such lines.
--
-- Example: All errors, with the lines that continue them
--   SELECT time, span.type AS span, event.type,
--     event.attributes ->> 'more' AS more, path, line
--   FROM event
--     JOIN origin ON origin.id = origin_id
--     JOIN span ON span.id = span_id
--     JOIN source ON source.id = event.source_id
--   WHERE level = 'ERROR'
--   ORDER BY time
--
-- Example: Threads that wrote the most lines
--   SELECT process, thread, count(DISTINCT line) AS lines
--   FROM origin JOIN event ON origin_id = origin.id
--   GROUP BY origin.source_id, process, thread
--   ORDER BY lines DESC
--   LIMIT 5
CREATE TABLE IF NOT EXISTS origin (
  -- Referenced by event.origin_id.
  id INTEGER PRIMARY KEY,
  -- The source with the lines.
  source_id INTEGER,
  -- The process, as the log names it: 'MainProcess-8690', or its number alone.
  -- NULL, as the following ones, if the line does not name it.
  process TEXT,
  -- The thread, as the log names it: 'MainThread-140343396315200'.
  thread TEXT,
  -- The name of the logger, 'parsl.dataflow.dflow'.
  logger TEXT,
  -- The level of the line, 'WARNING'.
  level TEXT
);

CREATE UNIQUE INDEX IF NOT EXISTS origin_of_source ON origin (
  source_id, ifnull(process, ''), ifnull(thread, ''), ifnull(logger, ''),
  ifnull(level, '')
);

-- Nesting of spans. It is not a tree: a span can have several parents.
--
-- Example: The tries of one task
--   SELECT try.attributes ->> 'try' AS try,
--     try.attributes ->> 'executor' AS executor
--   FROM span AS task
--   JOIN subspan ON superspan_id = task.id
--   JOIN span AS try ON try.id = subspan_id
--   WHERE task.type = 'parsl.rundir.task'
--     AND task.attributes ->> 'task' = '0'
--     AND try.type = 'parsl.rundir.try'
CREATE TABLE IF NOT EXISTS subspan (
  -- The outer span.
  superspan_id INTEGER NOT NULL,
  -- The inner span.
  subspan_id INTEGER NOT NULL,
  -- Identifies the inner span within the outer one, such as the number of the
  -- try.
  key TEXT,
  -- The rule that found it; NULL if a source recorded it.
  rule_id INTEGER
);

CREATE UNIQUE INDEX IF NOT EXISTS subspan_down
  ON subspan (superspan_id, subspan_id, ifnull(rule_id, 0));
CREATE INDEX IF NOT EXISTS subspan_up ON subspan (subspan_id, superspan_id);

-- Pairs of spans that describe the same entity, neither of them the parent.
-- Each pair is stored once: look for a span on either side.
--
-- Example: The largest difference between two reports of a launch
--   SELECT max(abs(logged.time - noted.time)) AS seconds
--   FROM facet
--   JOIN span ON span.id = left_id AND span.type = 'parsl.monitoring.try'
--   JOIN event AS noted ON noted.span_id = left_id AND noted.type = 'launched'
--   JOIN event AS logged
--     ON logged.span_id = right_id AND logged.type = noted.type
CREATE TABLE IF NOT EXISTS facet (
  -- The two spans, in the order of the rule's types.
  left_id INTEGER NOT NULL,
  right_id INTEGER NOT NULL,
  -- The rule that found it; NULL if a source recorded it.
  rule_id INTEGER
);

CREATE UNIQUE INDEX IF NOT EXISTS facet_left
  ON facet (left_id, right_id, ifnull(rule_id, 0));
CREATE INDEX IF NOT EXISTS facet_right ON facet (right_id, left_id);

-- The rules that related spans. bind() writes it.
--
-- Example: How many pairs each rule found
--   SELECT text, count(*) AS pairs
--   FROM rule JOIN (
--     SELECT rule_id FROM subspan UNION ALL SELECT rule_id FROM facet
--   ) ON rule_id = rule.id
--   GROUP BY text
CREATE TABLE IF NOT EXISTS rule (
  -- Referenced by the columns named rule_id. Never 0.
  id INTEGER PRIMARY KEY,
  -- The rule as text: 'subspan: ship > cabin on ship'.
  text TEXT NOT NULL UNIQUE
);

-- Span types that log formats define. Importing a format writes its rows.
--
-- Example: The types in this database, with their meaning
--   SELECT type, count(*) AS spans, doc
--   FROM span LEFT JOIN span_kind USING (type)
--   GROUP BY type
CREATE TABLE IF NOT EXISTS span_kind (
  -- The type, as in span.type.
  type TEXT PRIMARY KEY,
  -- The name of the format that defines it.
  format TEXT NOT NULL,
  -- Role of the span in a workflow, whichever component describes it: 'run',
  -- 'task', 'try', 'executor', 'block', 'job', 'manager', 'worker', 'library' or
  -- 'work'. A block runs in a job of the batch system, a library is a process on
  -- a worker. A span of role 'work' is a try as an executor, a manager or a worker
  -- sees it. NULL if it is none of them.
  role TEXT,
  -- Rank among the types of a role that describe the same entity: questions
  -- take the lowest. The process that ran the workflow comes before monitoring.
  preference INTEGER,
  -- The class of Parsl's executor whose tasks the format describes,
  -- 'HighThroughputExecutor'. NULL if it does not depend on the executor.
  executor_class TEXT,
  -- LIKE pattern for source.importer of the logs that the component itself
  -- writes, if others mention its spans later; otherwise NULL.
  own_log TEXT,
  -- JSON array: the names of the attributes that identify a span of this type.
  identity TEXT NOT NULL DEFAULT '[]',
  -- Its meaning, as one sentence.
  doc TEXT
);

-- Named events that log formats define, with the facts that questions need.
-- Importing a format writes its rows.
--
-- Example: The places that a task passes through, in order
--   SELECT DISTINCT place
--   FROM event_kind
--   WHERE place IS NOT NULL
--   ORDER BY place_rank
CREATE TABLE IF NOT EXISTS event_kind (
  -- The type of the span, as in span.type.
  span_type TEXT NOT NULL,
  -- The type of the event, as in event.type.
  event_type TEXT NOT NULL,
  -- Position among the states of the span type, from 1 in the usual order. The
  -- span stays in this state until its next event that has a rank. NULL if the
  -- event begins no state.
  rank INTEGER,
  -- 1 if the span ends in this state or starts again after it; otherwise 0.
  final INTEGER NOT NULL DEFAULT 0,
  -- The place of the task from this event on: 'in the interchange'. NULL if the
  -- event does not move it.
  place TEXT,
  -- The order of places on the way of a task. All formats share the scale: 10
  -- waiting for dependencies, 20 in Parsl, 30 to 39 queued in an executor, 40
  -- with a manager, 50 in a worker, 60 on the way back, 70 joining, 80 done,
  -- 90 failed, 100 to be tried again. Events of one place have equal ranks.
  place_rank INTEGER,
  -- Effect of the event on the workers of an executor. On a task, a try or its
  -- work: 'queued' if it waits in the executor from here on, 'held' if a
  -- manager has it and no worker yet, 'busy' if a worker begins it, 'idle' if
  -- the worker is done with it, 'lost' if it ended with its worker or manager.
  -- On a worker, manager, block or job: 'up' and 'down' if its life begins and
  -- ends. On a worker or its task: 'transfer' if it sent or received a file for
  -- the `seconds` before. On an executor: 'scale' if Parsl asks for more `blocks`,
  -- or ends some. NULL if nothing changes.
  work TEXT,
  -- Position among the steps that each launched try leaves in complete logs, on
  -- one scale for all formats. NULL if tries can be without it.
  step INTEGER,
  -- Its meaning, as one sentence.
  doc TEXT,
  PRIMARY KEY (span_type, event_type)
);

-- Logs that are missed where they are not there. Importing a format writes its
-- rows.
--
-- Example: What each log is good for
--   SELECT log, facts FROM log_kind
CREATE TABLE IF NOT EXISTS log_kind (
  -- As in source.importer.
  importer TEXT PRIMARY KEY,
  -- The format, as in span_kind.format.
  format TEXT NOT NULL,
  -- What people call such a log: 'worker_N.log'.
  log TEXT NOT NULL,
  -- What it tells that no other log does.
  facts TEXT NOT NULL
);

-- Names of metrics. The view metric shows them. Removing metrics leaves their
-- names here.
--
-- Example: The families of metrics
--   SELECT DISTINCT metric
--   FROM metric_name
CREATE TABLE IF NOT EXISTS metric_name (
  -- Referenced by metric_row.name_id.
  id INTEGER PRIMARY KEY,
  -- As in the view metric.
  metric TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (name, metric)
);

-- Metrics with the ids of their names, which are much shorter. Query the view
-- metric instead; SQLite allows changes only here.
--
-- Example: How many numbers each source reported
--   SELECT path, count(*) AS numbers
--   FROM metric_row JOIN source ON source.id = source_id
--   GROUP BY path
CREATE TABLE IF NOT EXISTS metric_row (
  -- As in the view metric.
  id INTEGER PRIMARY KEY,
  span_id INTEGER NOT NULL,
  time REAL,
  -- A row of metric_name.
  name_id INTEGER NOT NULL,
  -- As in the view metric.
  value REAL,
  source_id INTEGER,
  line INTEGER
);

CREATE INDEX IF NOT EXISTS metric_span_name_time
  ON metric_row (span_id, name_id, time);

-- Numbers that components report about spans: samples of resources, counts in a
-- log line ("ready workers: 3, pending tasks: 2"), METRIC lines, JSON records.
-- The names are the same for all versions and forms of a log.
--
-- Example: The names of metrics, and their counts
--   SELECT metric, name, count(*) AS samples, max(value) AS maximum
--   FROM metric
--   GROUP BY metric, name
CREATE VIEW IF NOT EXISTS metric (
  -- Rises in the order of import, which is not that of time.
  id,
  -- The span that it describes.
  span_id,
  -- Unix seconds, UTC.
  time,
  -- The family of the number: 'resource' for samples of resources; 'manager',
  -- 'heartbeat', 'managers_count', 'strategy' and others for logs; for a METRIC
  -- line the type of its span.
  metric,
  -- The name of the number, such as 'psutil_process_memory_resident' or
  -- 'pending_tasks'. A name that ends in '_gap' is in seconds since the
  -- previous line of the same kind.
  name,
  -- The number as reported: bytes, seconds, a count.
  value,
  -- The source of the number.
  source_id,
  -- The line there, counted from 1. In a database the rowid.
  line
) AS
SELECT metric_row.id, span_id, time, metric, name, value, source_id, line
FROM metric_row JOIN metric_name ON metric_name.id = name_id;

-- Records kept whole, to be read with SQLite's JSON operators:
-- entry ->> '$.msg'.
--
-- Example: Records per logger
--   SELECT entry ->> '$.name' AS logger, count(*) AS records
--   FROM log_record
--   GROUP BY logger
--   ORDER BY records DESC
CREATE TABLE IF NOT EXISTS log_record (
  -- Rises in the order of import.
  id INTEGER PRIMARY KEY,
  -- The source of the record.
  source_id INTEGER,
  -- The line there, counted from 1.
  line INTEGER,
  -- Unix seconds, UTC.
  time REAL,
  -- JSON: the record.
  entry TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS log_record_source
  ON log_record (source_id, line);
