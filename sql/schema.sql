-- The tables that every import writes. A user's own tables may live beside
-- them, and nothing requires that a database has these.
--
-- Only what SQLite itself has is used here, so that the sqlite3 shell,
-- Datasette and DuckDB open the file. Foreign keys are not declared: importers
-- write hundreds of thousands of rows a second, and checking each costs more
-- than writing it.

-- Where things were read from: one row for each file, or for each member of a
-- tarball.
--
-- Example: The files with most lines that no importer understands
--   SELECT path, lines, unmatched, malformed
--   FROM source
--   ORDER BY unmatched DESC
--   LIMIT 5
CREATE TABLE IF NOT EXISTS source (
  -- What the columns source_id call it by.
  id INTEGER PRIMARY KEY,
  -- Where it lay when it was imported.
  path TEXT NOT NULL,
  -- The name of the importer that read it.
  importer TEXT NOT NULL,
  -- Tells the same content again, wherever it lies.
  fingerprint TEXT,
  -- Tells content that begins alike: a log that has grown.
  head TEXT,
  -- How far it was read, in bytes.
  bytes INTEGER NOT NULL DEFAULT 0,
  -- How far it was read, in lines, or rows of a database. The five below say
  -- what became of them.
  lines INTEGER NOT NULL DEFAULT 0,
  -- Lines that a rule of the importer knows.
  matched INTEGER NOT NULL DEFAULT 0,
  -- Lines in the right form that no rule knows.
  unmatched INTEGER NOT NULL DEFAULT 0,
  -- Lines that are broken.
  malformed INTEGER NOT NULL DEFAULT 0,
  -- Lines that continue the one above.
  continued INTEGER NOT NULL DEFAULT 0,
  -- Lines that are copies of what another source says.
  copies INTEGER NOT NULL DEFAULT 0,
  -- How its clock times without a zone were read; NULL where it has none.
  clock TEXT,
  -- When, in Unix seconds.
  imported_at REAL,
  -- The rules that bound what it tells, as a fingerprint; NULL before.
  bound TEXT,
  -- JSON object: what the user gave to each span that it was first to tell of.
  attributes TEXT
);

CREATE INDEX IF NOT EXISTS source_fingerprint ON source (fingerprint);
CREATE INDEX IF NOT EXISTS source_head ON source (head);
CREATE INDEX IF NOT EXISTS source_path ON source (path);

-- Something that goes on for a while, as one component tells of it: a run, a
-- task, a try, a block, a worker.
--
-- Example: Tasks by their app, as parsl.log tells of them
--   SELECT attributes ->> 'app' AS app, count(*) AS tasks
--   FROM span
--   WHERE type = 'parsl.rundir.task'
--   GROUP BY app
--   ORDER BY tasks DESC
CREATE TABLE IF NOT EXISTS span (
  -- What the columns span_id, superspan_id and so on call it by. It says
  -- nothing in another database.
  id INTEGER PRIMARY KEY,
  -- What kind of thing, by who tells of it: 'parsl.rundir.task'.
  type TEXT NOT NULL,
  -- What identifies it among those of its type: canonical text, so that a
  -- later import finds the span again.
  key TEXT NOT NULL,
  -- JSON object: what the sources said of it and what rules implied.
  attributes TEXT NOT NULL DEFAULT '{}',
  -- JSON array: the names of the attributes that rules implied; NULL if none.
  -- It names all of them where a rule made the span itself: a context, such as
  -- a campaign. bind() may remove such a span again.
  implied TEXT,
  -- The source that told of it first; NULL where none did.
  source_id INTEGER,
  UNIQUE (type, key)
);

-- Something that happened to a span at one moment.
--
-- Example: When tries came to which state first, and how many did
--   SELECT event.type, min(time) AS first, count(*) AS tries
--   FROM event JOIN span ON span.id = span_id
--   WHERE span.type = 'parsl.rundir.try' AND named
--   GROUP BY event.type
--   ORDER BY first
--
-- Example: What the logs say that has no name, by how often they say it
--   SELECT type AS template, count(*) AS lines
--   FROM event
--   WHERE NOT named
--   GROUP BY type
--   ORDER BY lines DESC
--   LIMIT 10
CREATE TABLE IF NOT EXISTS event (
  -- Rises in the order in which events were imported, not in that of time.
  id INTEGER PRIMARY KEY,
  -- The span that it happened to.
  span_id INTEGER NOT NULL,
  -- Unix seconds, UTC. NULL where no time was given.
  time REAL,
  -- What happened: a name of the span type, or the template of a message.
  type TEXT NOT NULL,
  -- 1 where the type is a name, 0 where it is a template.
  named INTEGER NOT NULL DEFAULT 1,
  -- JSON object: what else was said. For a row of a database it names the
  -- table: '{"table":"status"}'. NULL if nothing.
  attributes TEXT,
  -- The source that says so.
  source_id INTEGER,
  -- The line there, from 1. In a database the rowid.
  line INTEGER,
  -- The byte at which that line starts, from 0. NULL for a database.
  offset INTEGER
);

CREATE INDEX IF NOT EXISTS event_span_time ON event (span_id, time);
CREATE INDEX IF NOT EXISTS event_type_time ON event (type, time);

-- What is nested in what: no tree, for a span may have several parents.
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
  -- The one around.
  superspan_id INTEGER NOT NULL,
  -- The one inside.
  subspan_id INTEGER NOT NULL,
  -- What the outer one calls the inner one, such as the number of the try.
  key TEXT,
  -- The rule that found it; NULL where a source said it.
  rule TEXT
);

CREATE UNIQUE INDEX IF NOT EXISTS subspan_down
  ON subspan (superspan_id, subspan_id, ifnull(rule, ''));
CREATE INDEX IF NOT EXISTS subspan_up ON subspan (subspan_id, superspan_id);

-- Two accounts of the same thing, neither of which is the parent. Each pair is
-- there once: look for a span on either side.
--
-- Example: By how much two accounts of a launch differ, at most
--   SELECT max(abs(logged.time - noted.time)) AS seconds
--   FROM facet
--   JOIN span ON span.id = left_id AND span.type = 'parsl.monitoring.try'
--   JOIN event AS noted ON noted.span_id = left_id AND noted.type = 'launched'
--   JOIN event AS logged
--     ON logged.span_id = right_id AND logged.type = noted.type
CREATE TABLE IF NOT EXISTS facet (
  -- The two, as the rule names them.
  left_id INTEGER NOT NULL,
  right_id INTEGER NOT NULL,
  -- The rule that found it; NULL where a source said it.
  rule TEXT
);

CREATE UNIQUE INDEX IF NOT EXISTS facet_left
  ON facet (left_id, right_id, ifnull(rule, ''));
CREATE INDEX IF NOT EXISTS facet_right ON facet (right_id, left_id);

-- A number that a component reported about a span: a sample of resources, what
-- a log counts in words ("ready workers: 3, pending tasks: 2"), what a METRIC
-- line or a JSON record names itself. The names are the same for every version
-- and form of a log.
--
-- Example: What there is, and how often
--   SELECT metric, name, count(*) AS samples, max(value) AS most
--   FROM metric
--   GROUP BY metric, name
CREATE TABLE IF NOT EXISTS metric (
  -- The span that it is about.
  span_id INTEGER NOT NULL,
  -- Unix seconds, UTC.
  time REAL,
  -- The family of the number: 'resource' for samples of resources; 'manager',
  -- 'heartbeat', 'managers_count', 'strategy' and others for logs; of a METRIC
  -- line the type of its span.
  metric TEXT,
  -- The number's own name, such as 'psutil_process_memory_resident' or
  -- 'pending_tasks'. Those that end in '_gap' are seconds since the line before
  -- of the same kind.
  name TEXT NOT NULL,
  -- The number, as it was reported: bytes, seconds, a count.
  value REAL,
  -- The source that says so.
  source_id INTEGER,
  -- The line there, from 1. In a database the rowid.
  line INTEGER
);

CREATE INDEX IF NOT EXISTS metric_span_name_time
  ON metric (span_id, name, time);

-- A record kept whole, to be read with SQLite's JSON operators:
-- entry ->> '$.msg'.
--
-- Example: Records by the logger that made them
--   SELECT entry ->> '$.name' AS logger, count(*) AS records
--   FROM log_record
--   GROUP BY logger
--   ORDER BY records DESC
CREATE TABLE IF NOT EXISTS log_record (
  -- Rises in the order in which records were imported.
  id INTEGER PRIMARY KEY,
  -- The source that it is in.
  source_id INTEGER,
  -- The line there, from 1.
  line INTEGER,
  -- Unix seconds, UTC.
  time REAL,
  -- JSON: the record.
  entry TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS log_record_source
  ON log_record (source_id, line);
