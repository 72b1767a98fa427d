import { strict as assert } from "node:assert";
import { createSchema, openDatabase, schemaVersion } from "dnpc/sql";
import { askOtherSqlite, inFolder, onDatabase, value } from "./engines.ts";

onDatabase("createSchema() creates the tables with their columns", (db) => {
  createSchema(db);
  const tables = db.query<{ name: string; columns: string }>(`
    SELECT t.name, group_concat(c.name, ' ') AS columns
    FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
    WHERE t.type = 'table' OR t.name IN ('event', 'metric')
    GROUP BY t.name ORDER BY t.name`);
  assert.deepEqual(
    Object.fromEntries(tables.map(({ name, columns }) => [name, columns])),
    {
      event: "id span_id time type named attributes origin_id source_id line " +
        "offset",
      event_row:
        "id span_id time type_id attributes origin_id source_id line offset",
      event_type: "id type named",
      event_kind:
        "span_type event_type rank final place place_rank work step doc",
      facet: "left_id right_id rule_id",
      log_kind: "importer format log facts",
      log_record: "id source_id line time entry",
      metric: "id span_id time metric name value source_id line",
      metric_name: "id metric name",
      metric_row: "id span_id time name_id value source_id line",
      origin: "id source_id process thread logger level",
      rule: "id text",
      run:
        "id rundir directory run_id parsl_version workflow host user began ended",
      source:
        "id path importer rundir within fingerprint head bytes lines matched " +
        "unmatched malformed continued copies clock began ended imported_at bound attributes",
      span: "id type key attributes implied source_id",
      span_kind:
        "type format role preference executor_class own_log identity doc",
      subspan: "superspan_id subspan_id key rule_id",
    },
  );
});

onDatabase(
  "createSchema() can be called again and keeps existing rows",
  (db) => {
    createSchema(db);
    db.run("INSERT INTO span (type, key) VALUES ('a', 'b')");
    createSchema(db);
    assert.equal(value(db, "SELECT count(*) FROM span"), 1);
    assert.equal(value(db, "PRAGMA user_version"), schemaVersion);
  },
);

onDatabase("createSchema() refuses a table of another program", (db) => {
  const cases: [definition: string, message: RegExp][] = [
    [
      "TABLE span (id INTEGER PRIMARY KEY, TYPE, name)",
      /table "span" that is not dnpc's: it has no column key, attributes, /,
    ],
    ["TABLE Event (time)", /ALTER TABLE "Event" RENAME TO/],
    ["TABLE log_record (id)", /it has no column source_id, line, time, entry/],
    ["VIEW source AS SELECT 1", /view "source" .* Import into a new file$/],
  ];
  for (const [definition, message] of cases) {
    db.exec(`CREATE ${definition}`);
    const before = value(db, "SELECT group_concat(sql) FROM sqlite_schema");
    assert.throws(() => createSchema(db), message);
    assert.equal(
      value(db, "SELECT group_concat(sql) FROM sqlite_schema"),
      before,
    );
    const [kind, name] = definition.split(" ");
    db.exec(`DROP ${kind} ${name}`);
  }
});

onDatabase(
  "createSchema() refuses a newer schema and changes nothing",
  (db) => {
    db.exec("PRAGMA user_version = 99");
    assert.throws(() => createSchema(db), {
      name: "DatabaseError",
      message:
        /has version 99 of the schema, and this version of dnpc knows 10: /,
    });
    assert.equal(value(db, "SELECT count(*) FROM sqlite_schema"), 0);
  },
);

onDatabase("createSchema() refuses the file of an older dnpc", (db) => {
  db.exec("CREATE TABLE subspan (superspan_id, subspan_id, key, rule_id)");
  for (const version of [2, 5]) {
    db.exec(`PRAGMA user_version = ${version}`);
    assert.throws(() => createSchema(db), {
      name: "DatabaseError",
      message: new RegExp(
        `has version ${version} of the schema, .* needs 10: ` +
          "import the logs again, into a new file$",
      ),
    });
    assert.equal(value(db, "SELECT count(*) FROM sqlite_schema"), 1);
  }
});

onDatabase(
  "run_label has the shortest unique end of the path",
  (db) => {
    createSchema(db);
    db.exec(`
    INSERT INTO run (rundir, run_id) VALUES ('a/000', 'x'), ('b/000', NULL),
      ('/q/c/001', NULL), (NULL, 'only-id'), ('9001', NULL), ('c/001', NULL)`);
    const rows = db.query<{ label: string }>(
      "SELECT label FROM run JOIN run_label USING (id) ORDER BY id",
    );
    assert.deepEqual(rows.map(({ label }) => label), [
      "a/000",
      "b/000",
      "q/c/001",
      "only-id",
      "9001",
      "c/001",
    ]);
  },
);

const twice: Record<string, string> = {
  span: "INSERT INTO span (type, key) VALUES ('a', 'b')",
  subspan: "INSERT INTO subspan VALUES (1, 2, '0', NULL)",
  facet: "INSERT INTO facet VALUES (1, 2, NULL)",
  event_type: "INSERT INTO event_type (type) VALUES ('a')",
  metric_name: "INSERT INTO metric_name (metric, name) VALUES ('a', 'b')",
  origin: "INSERT INTO origin (source_id, process) VALUES (1, '1234')",
  rule: "INSERT INTO rule (text) VALUES ('a rule')",
};

for (const [table, insert] of Object.entries(twice)) {
  onDatabase(`createSchema() rejects a duplicate ${table}`, (db) => {
    createSchema(db);
    db.run(insert);
    assert.throws(() => db.run(insert), {
      message: /^UNIQUE constraint failed/,
    });
  });
}

onDatabase("createSchema() creates the indexes that queries need", (db) => {
  createSchema(db);
  const plans: Record<string, string> = {
    "SELECT * FROM event WHERE span_id = 1 ORDER BY time": "event_span_time",
    "SELECT * FROM event WHERE type = 'a' ORDER BY time": "event_type_time",
    "SELECT * FROM subspan WHERE superspan_id = 1": "subspan_down",
    "SELECT * FROM subspan WHERE subspan_id = 1": "subspan_up",
    "SELECT * FROM facet WHERE left_id = 1": "facet_left",
    "SELECT * FROM facet WHERE right_id = 1": "facet_right",
    "SELECT * FROM span WHERE type = 'a'": "sqlite_autoindex_span_1",
    "SELECT * FROM metric WHERE span_id = 1 AND name = 'a' ORDER BY time":
      "metric_span_name_time",
  };
  for (const [sql, index] of Object.entries(plans)) {
    const steps = db.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    const details = steps.map(({ detail }) => detail).join("\n");
    assert.match(details, new RegExp(`USING (COVERING )?INDEX ${index}`));
    assert.doesNotMatch(details, /SCAN/);
  }
});

Deno.test("createSchema() creates a file that other programs can read and write", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.sqlite3`;
    {
      using db = await openDatabase(path);
      createSchema(db);
      db.run("INSERT INTO subspan VALUES (1, 2, '0', 7)");
    }
    const check = await askOtherSqlite(path, "PRAGMA integrity_check");
    assert.equal(check, "ok");
    const sql = "SELECT rule_id FROM subspan WHERE superspan_id = 1";
    assert.equal(await askOtherSqlite(path, sql), "7");
  }));
