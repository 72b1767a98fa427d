import { strict as assert } from "node:assert";
import { importMonitoringDb } from "dnpc/importers";
import type { Database } from "dnpc/sql";
import { inFolder, onDatabase, value } from "../sql/engines.ts";
import {
  ask,
  makeDatabase,
  onOriginals,
  originals,
  rows,
  smallest,
  tables,
  tz,
  wq,
} from "./databases.ts";

onOriginals(
  "importMonitoringDb() keeps each row, value and type",
  (db, { path }) => {
    for (const table of tables) {
      const columns = ask(
        path,
        `SELECT name FROM pragma_table_info('${table}')`,
      );
      const values = columns.map(([name]) => `"${name}", typeof("${name}")`);
      const select = (table: string) =>
        `SELECT rowid AS row, ${values} FROM "${table}" ORDER BY rowid`;
      const expected = ask(path, select(table));
      assert.deepEqual(
        rows(db, select(`monitoring_${table}`)),
        expected,
        table,
      );
    }
  },
);

const counts: [typeof tz, Record<string, number>][] = [
  [tz, {
    workflow: 1,
    task: 62,
    try: 70,
    status: 338,
    resource: 99,
    node: 2,
    block: 3,
  }],
  [wq, {
    workflow: 1,
    task: 104,
    try: 116,
    status: 560,
    resource: 168,
    node: 0,
    block: 3,
  }],
];

const larger = originals.find(({ name }) => name === "mon-htex")!;
if (!larger.ignore) {
  counts.push([larger, {
    workflow: 2,
    task: 394,
    try: 442,
    status: 2140,
    resource: 656,
    node: 4,
    block: 6,
  }]);
}

for (const [{ name, path }, expected] of counts) {
  onDatabase(`importMonitoringDb() counts the rows of ${name}`, async (db) => {
    const report = await importMonitoringDb(db, path, { timeZone: "UTC" });
    for (const [table, count] of Object.entries(expected)) {
      const sql = `SELECT count(*) FROM monitoring_${table}`;
      assert.equal(value(db, sql), count, table);
    }
    const total = Object.values(expected).reduce((sum, n) => sum + n, 0);
    const [source] = report.sources;
    assert.equal(source?.lines, total);
    assert.equal(source?.matched, total);
    assert.deepEqual(
      rows(db, "SELECT lines, matched, malformed, importer FROM source"),
      [[total, total, 0, "monitoring.db"]],
    );
  });
}

/** Imports a database that the script creates. */
const importScript = (db: Database, script: string) =>
  inFolder(async (folder) => {
    const path = makeDatabase(`${folder}/monitoring.db`, script);
    await importMonitoringDb(db, path, { timeZone: "UTC" });
  });

onDatabase(
  "importMonitoringDb() keeps columns that no version of Parsl has",
  async (db) => {
    const names = [
      "5",
      "a \"b'; --",
      "__proto__",
      "line\nbreak",
      "größe",
      "row",
    ];
    const columns = names.map((name) => `"${name.replaceAll('"', '""')}"`);
    await importScript(
      db,
      smallest(
        columns.map((column) => `ALTER TABLE status ADD ${column} TEXT;`)
          .join("") +
          `INSERT INTO status (task_id, run_id, task_status_name, ${columns})
         VALUES (0, 'r', 'running', 'five', 'b', 'p', 'l', 'g', 'w')`,
      ),
    );
    const select = `SELECT ${columns} FROM monitoring_status`;
    const [row] = db.query(select);
    assert.deepEqual(
      names.map((name) =>
        Object.entries(row!).find(([key]) => key === name)?.[1]
      ),
      [
        "five",
        "b",
        "p",
        "l",
        "g",
        "w",
      ],
    );
    assert.equal(
      value(db, "SELECT type FROM event WHERE line = 1 AND type <> 'began'"),
      "running",
    );
  },
);

onDatabase(
  "importMonitoringDb() keeps tables that no version of Parsl has",
  async (db) => {
    await importScript(
      db,
      smallest(`
      CREATE TABLE "a ""b'; --" (x, rowid TEXT, source_id TEXT, y DATETIME, y_unix TEXT);
      INSERT INTO "a ""b'; --" VALUES (1.5, 'own', 'its', '2026-01-01 00:00:01', 'here');
      CREATE TABLE plain (a TEXT PRIMARY KEY, b INTEGER AS (length(a)) STORED,
        c TEXT AS (a || a)) WITHOUT ROWID;
      INSERT INTO plain VALUES ('y'), ('xx');
    `),
    );
    assert.deepEqual(
      rows(db, `SELECT *, _rowid_ FROM "monitoring_a ""b'; --"`),
      [[1.5, "own", "its", "2026-01-01 00:00:01", "here", 1767225601, 1, 1]],
    );
    assert.deepEqual(rows(db, "SELECT * FROM monitoring_plain"), [
      ["xx", 2, 1],
      ["y", 1, 1],
    ]);
    assert.deepEqual(rows(db, "SELECT matched, unmatched FROM source"), [[
      2,
      3,
    ]]);
  },
);

const declared: [string, string, string, unknown][] = [
  ["TEXT); DROP TABLE span; --", "5", "text", "5"],
  ["TEXT PRIMARY KEY", "NULL", "null", null],
  ["INTEGER NOT NULL", "NULL", "null", null],
  ["VARCHAR(20)", "5", "text", "5"],
  ["BLOB", "x'00ff'", "blob", new Uint8Array([0, 255])],
  ["DECIMAL(10, 2)", "'1.5'", "real", 1.5],
  ["", "'5'", "text", "5"],
  ["BIGINT", "9007199254740993", "integer", 9007199254740993n],
];

for (const [type, literal, expectedType, expected] of declared) {
  onDatabase(
    `importMonitoringDb() keeps a value declared ${type || "without a type"}`,
    async (db) => {
      await importScript(
        db,
        smallest(`CREATE TABLE more (x ${type && `"${type}"`});
        INSERT INTO more VALUES (${literal}), (${literal})`),
      );
      const sql = "SELECT typeof(x), x FROM monitoring_more LIMIT 1";
      assert.deepEqual(rows(db, sql), [[expectedType, expected]]);
      assert.equal(value(db, "SELECT count(*) > 0 FROM span"), 1);
    },
  );
}

onDatabase(
  "importMonitoringDb() keeps unusual values and creates spans from them",
  async (db) => {
    const app = "Ünïcödé 🙂 '\"; DROP TABLE span; --\n<b>";
    await importScript(
      db,
      smallest(`
      ALTER TABLE task ADD task_func_name TEXT;
      ALTER TABLE task ADD task_depends TEXT;
      ALTER TABLE task ADD task_hashsum TEXT;
      INSERT INTO task VALUES ('a/b%', 7, '${
        app.replaceAll("'", "''")
      }', '1, 2,"', x'ff00');
      INSERT INTO status VALUES (7, x'6f6b', 'a' || char(0) || 'b', 'a/b%', 0)`),
    );
    const task = "SELECT attributes ->> ? FROM span WHERE key = 'a%2Fb%25/7'";
    assert.equal(value(db, task, ["app"]), app);
    assert.equal(value(db, task, ["depends"]), '["1","2","\\""]');
    assert.equal(
      value(db, "SELECT task_func_name FROM monitoring_task WHERE task_id = 7"),
      app,
    );
    assert.deepEqual(
      rows(
        db,
        "SELECT e.type, e.time FROM event AS e JOIN span AS s ON s.id = span_id WHERE s.type LIKE '%try'",
      ),
      [["ok", null]],
    );
  },
);

onDatabase(
  "importMonitoringDb() counts rows that identify no span",
  async (db) => {
    await importScript(
      db,
      smallest(`
      INSERT INTO workflow VALUES (NULL, '2026-01-01 00:00:00');
      INSERT INTO task VALUES (NULL, 1), ('r', NULL);
      INSERT INTO status VALUES (NULL, 'running', NULL, 'r', 0)`),
    );
    assert.deepEqual(rows(db, "SELECT lines, matched, malformed FROM source"), [
      [6, 2, 4],
    ]);
    assert.equal(value(db, "SELECT count(*) FROM monitoring_task"), 3);
    assert.deepEqual(rows(db, "SELECT type, key FROM span ORDER BY type"), [
      ["parsl.monitoring.task", "r/0"],
      ["parsl.monitoring.workflow", "r"],
    ]);
  },
);
