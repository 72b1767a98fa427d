// Over 300 lines: a table of hostile schemas with their expected results.

import { strict as assert } from "node:assert";
import { importMonitoringDb, importRuninfo } from "dnpc/importers";
import { DatabaseError, openDatabase } from "dnpc/sql";
import { randomNumbers } from "../importers/damage.ts";
import { assertLinear } from "../importers/growth.ts";
import {
  makeDatabase,
  rows,
  smallest,
  tables,
  tz,
  wq,
} from "../importers/databases.ts";
import { askOtherSqlite, inFolder } from "../sql/engines.ts";
import { importAlone } from "./alone.ts";
import { figures, isWhole, times } from "./figures.ts";
import { assertReadable, assertReadableReason } from "./readable.ts";

const counted = figures("monitoring.db, its pages and its schema");

/** Imports a file; undefined if it is rejected with a readable error. */
async function imported(path: string) {
  counted.inputs++;
  using db = await openDatabase(undefined, { engine: "native" });
  let report;
  try {
    report = await importMonitoringDb(db, path, tz.options);
  } catch (error) {
    assert.ok(
      error instanceof DatabaseError || error instanceof TypeError,
      String(error),
    );
    assertReadable(error.message, path);
    const [[tables]] = rows(db, "SELECT count(*) FROM sqlite_schema") as [
      [number],
    ];
    assert.equal(tables, 0, "a part of it was kept");
  }
  counted.survived++;
  if (!report) return undefined;
  const [source] = report.sources;
  const { lines, matched, malformed, unmatched } = source!;
  assert.equal(lines, matched + malformed + unmatched);
  assertReadableReason(source!.error ?? "", path);
  const kept = Object.fromEntries(
    tables.map((table) => [
      table,
      rows(db, `SELECT * FROM monitoring_${table} ORDER BY rowid`)
        .map((row) => row.join("|")),
    ]),
  );
  return { source: source!, kept };
}

for (const { name, path } of [tz, wq]) {
  Deno.test(`importMonitoringDb() reads or rejects a file with changed bytes [${name}]`, () =>
    inFolder(async (temporary) => {
      const file = `${await Deno.realPath(temporary)}/monitoring.db`;
      const whole = await Deno.readFile(path);
      const random = randomNumbers(29);
      const anywhere = (end: number) => Math.floor(random() * end);
      for (let i = 0; i < times(25, 500); i++) {
        const bytes = whole.slice();
        const page = 4096 * anywhere(bytes.length / 4096);
        // The header, a page header, a page, random bytes, or a copied page.
        const kind = i % 5;
        if (kind === 0) bytes[anywhere(100)]! ^= 1 << anywhere(8);
        if (kind === 1) bytes[page + anywhere(12)] = anywhere(256);
        if (kind === 2) bytes.fill(anywhere(2) * 255, page, page + 4096);
        if (kind === 3) {
          for (let j = 0; j < 30; j++) bytes[anywhere(bytes.length)] = 255;
        }
        if (kind === 4) {
          bytes.copyWithin(page, 4096 * anywhere(bytes.length / 4096), 4096);
        }
        await Deno.writeFile(file, bytes);
        await imported(file);
      }
    }));

  Deno.test(`importMonitoringDb() imports all or nothing of a truncated file [${name}]`, () =>
    inFolder(async (temporary) => {
      const file = `${await Deno.realPath(temporary)}/monitoring.db`;
      const whole = await Deno.readFile(path);
      await Deno.writeFile(file, whole);
      const { kept } = (await imported(file))!;
      const random = randomNumbers(31);
      for (let i = 0; i < times(10, 100); i++) {
        const length = Math.floor(random() * whole.length);
        await Deno.writeFile(file, whole.subarray(0, length));
        const found = await imported(file);
        // The last page may contain no rows.
        if (found && length < whole.length - 4096) assert.fail(`${length}`);
        if (found) assert.deepEqual(found.kept, kept, `${length} bytes`);
      }
    }));
}

Deno.test("importRuninfo() reads the logs beside a damaged monitoring.db", () =>
  inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    const bytes = await Deno.readFile(tz.path);
    bytes.fill(0, 8 * 4096, 30 * 4096);
    await Deno.writeFile(`${folder}/monitoring.db`, bytes);
    await Deno.mkdir(`${folder}/000`);
    const log = tz.path.replace("monitoring.db", "000/parsl.log");
    await Deno.copyFile(log, `${folder}/000/parsl.log`);
    counted.inputs++;
    using db = await openDatabase();
    const { sources } = await importRuninfo(db, folder);
    assert.deepEqual(
      sources.map(({ importer, outcome }) => [importer, outcome]),
      [["monitoring.db", "failed"], ["parsl.log", "imported"]],
    );
    for (const { path, error } of sources) {
      assertReadableReason(error ?? "", path);
    }
    counted.rows += sources[1]!.matched;
    counted.survived++;
  }));

/** Column names for a table near SQLite's limit of 2000 columns. */
const wide = Array.from({ length: times(200, 1900) }, (_, i) => `c${i}`).join(
  ", ",
);

/**
 * Schemas that Parsl never wrote, and whether they still count as a
 * monitoring.db: then the run and the task of `smallest` must be read.
 */
const schemas: Record<string, [script: string, isRead: boolean]> = {
  "a view in place of a table": [
    `CREATE VIEW workflow AS SELECT 'r' AS run_id, 1 AS time_began;
     CREATE TABLE task (run_id, task_id)`,
    false,
  ],
  "an infinite recursive view": [
    smallest(`CREATE VIEW try AS
      WITH RECURSIVE n(run_id) AS (SELECT 1 UNION ALL SELECT run_id + 1 FROM n)
      SELECT run_id, run_id AS task_id, run_id AS try_id FROM n`),
    true,
  ],
  "triggers on everything": [
    smallest(`CREATE TRIGGER a AFTER INSERT ON task BEGIN
      INSERT INTO task VALUES (new.run_id, new.task_id + 1); END;
      CREATE TRIGGER b AFTER DELETE ON task BEGIN DELETE FROM workflow; END`),
    true,
  ],
  "a huge generated column": [
    smallest(`CREATE TABLE try (run_id TEXT, task_id INT, try_id INT,
        huge TEXT GENERATED ALWAYS AS (hex(zeroblob(400000000))) VIRTUAL);
      INSERT INTO try (run_id, task_id, try_id) VALUES ('r', 0, 0)`),
    true,
  ],
  "nested generated columns": [
    smallest(`CREATE TABLE try (run_id TEXT, task_id INT, try_id INT,
        a TEXT AS (replace(hex(zeroblob(try_id)), '0', run_id || 'abcdefgh')),
        b TEXT AS (replace(a, 'a', a)));
      INSERT INTO try (run_id, task_id, try_id) VALUES ('r', 0, 0);
      UPDATE try SET try_id = 300`),
    true,
  ],
  "an index on a function call": [
    smallest(`CREATE INDEX i ON task (abs(task_id))`),
    true,
  ],
  "a very wide table": [
    smallest(`CREATE TABLE try (run_id, task_id, try_id, ${wide});
      INSERT INTO try (run_id, task_id, try_id) VALUES ('r', 0, 0)`),
    true,
  ],
  "hundreds of other tables": [
    smallest(
      Array.from(
        { length: times(100, 500) },
        (_, i) => `CREATE TABLE t${i} (a);`,
      )
        .join(""),
    ),
    true,
  ],
  "tables without rowid": [
    `CREATE TABLE workflow (run_id TEXT PRIMARY KEY, time_began) WITHOUT ROWID;
     CREATE TABLE task (run_id, task_id, PRIMARY KEY (run_id, task_id))
       WITHOUT ROWID;
     INSERT INTO workflow VALUES ('r', NULL); INSERT INTO task VALUES ('r', 0)`,
    true,
  ],
  "a virtual table": [
    smallest("CREATE VIRTUAL TABLE words USING fts5 (a)"),
    true,
  ],
  "SQL as names": [
    smallest(
      `CREATE TABLE "a"");DROP TABLE span;--" ("b"");--" "c)--", "select");
      INSERT INTO "a"");DROP TABLE span;--" VALUES ('x''); --', 1);
      CREATE TABLE "‮" ("\u{1f980}" "int); DROP TABLE span", " ", "");
      INSERT INTO "‮" VALUES (1, 2, 3)`,
    ),
    true,
  ],
  "names of dnpc's own tables": [
    smallest(`CREATE TABLE source (id, source_id, rowid, oid, _rowid_);
      INSERT INTO source VALUES (1, 2, 3, 4, 5);
      CREATE TABLE span (time_unix, time DATETIME); INSERT INTO span VALUES (1, 2);
      CREATE TABLE monitoring_task (a)`),
    true,
  ],
  "values of other types": [
    smallest(
      `CREATE TABLE try (run_id, task_id, try_id, task_executor, block_id,
        hostname, task_joins, task_fail_history);
      INSERT INTO try VALUES ('r', 0, 9e999, x'00ff', -9e999, 1e18, '1,2", 3', x''),
        ('r', 0, 9223372036854775807, '', '', '', '{', '['),
        ('r', -9223372036854775808, 1.5, NULL, x'ff', 'a' || char(0) || 'b', ',', 1),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
      INSERT INTO status VALUES (1e300, 5, 'yesterday', 'r', 'x'),
        ('1', x'fffe', -1e308, 'r', -1), (0, '', '9999-99-99 99:99:99', 'r', 0),
        (0, 'a', '0000-00-00 00:00:00', 'r', 0), (0, 'b', 9e999, 'r', 0),
        (0, 'c', '2026-11-22 10:40:41' || char(0), 'r', 0)`,
    ),
    true,
  ],
};

for (const [claim, [script, isRead]] of Object.entries(schemas)) {
  Deno.test(`importMonitoringDb() reads or rejects a schema with ${claim} in bounded memory`, () =>
    inFolder(async (temporary) => {
      const path = `${await Deno.realPath(temporary)}/monitoring.db`;
      makeDatabase(path, script);
      counted.inputs++;
      const result = await importAlone("importMonitoringDb", path, {
        megabytes: 500,
      });
      counted.survived++;
      assert.equal(!result.error, isRead, result.error?.message);
      if (isRead) {
        counted.rows += 2;
        const found = await imported(path);
        assert.equal(found!.kept.workflow?.length, 1);
        assert.equal(found!.kept.task?.length, 1);
      }
    }));
}

const growing: Record<string, (size: number) => string> = {
  tables: (size) =>
    `BEGIN; ${
      Array.from({ length: size / 50 }, (_, i) => `CREATE TABLE t${i} (a);`)
        .join("")
    } COMMIT`,
  tries: (size) =>
    `CREATE TABLE try (run_id, task_id, try_id);
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)
      INSERT INTO try SELECT 'r', i, 0 FROM n LIMIT ${size}`,
};

for (const [claim, script] of Object.entries(growing)) {
  Deno.test(`importMonitoringDb() takes linear time for a file with many ${claim}`, () =>
    assertLinear((size) =>
      inFolder(async (folder) => {
        const path = `${folder}/monitoring.db`;
        makeDatabase(path, smallest(script(size)));
        using db = await openDatabase(undefined, { engine: "native" });
        await importMonitoringDb(db, path, tz.options);
      }), 5_000));
}

// Not possible in plain SQL: edits sqlite_schema directly.
for (
  const [claim, change] of [
    ["tables that share one page", "UPDATE sqlite_schema SET rootpage = 2"],
    [
      "a table on a page that does not exist",
      "UPDATE sqlite_schema SET rootpage = 1000000",
    ],
    [
      "tables on the page of the schema",
      "UPDATE sqlite_schema SET rootpage = 1",
    ],
    [
      "an unknown collation",
      "UPDATE sqlite_schema SET sql = replace(sql, 'TEXT', 'TEXT COLLATE mine')",
    ],
    ["no SQL text", "UPDATE sqlite_schema SET sql = NULL"],
    [
      "invalid SQL text",
      "UPDATE sqlite_schema SET sql = 'CREATE TABLE ' || sql",
    ],
    [
      "table names of 2 MB",
      "UPDATE sqlite_schema SET name = hex(zeroblob(1000000))",
    ],
  ] as const
) {
  Deno.test(`importMonitoringDb() reads or rejects a schema with ${claim}`, () =>
    inFolder(async (temporary) => {
      const path = `${await Deno.realPath(temporary)}/monitoring.db`;
      makeDatabase(path, smallest());
      const script = `PRAGMA writable_schema = 1; ${change}`;
      await askOtherSqlite(path, script);
      await imported(path);
    }));
}

Deno.test({
  name: "importMonitoringDb() rejects a file that another program has locked",
  // Waits several seconds for the lock.
  ignore: !isWhole,
  fn: () =>
    inFolder(async (temporary) => {
      const path = `${await Deno.realPath(temporary)}/monitoring.db`;
      await Deno.copyFile(tz.path, path);
      const lock = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]);" +
        "db.execute('BEGIN EXCLUSIVE'); print('locked', flush=True);" +
        "sys.stdin.read()";
      const other = new Deno.Command("python3", {
        args: ["-c", lock, path],
        ...{ stdin: "piped", stdout: "piped" } as const,
      }).spawn();
      const reader = other.stdout.getReader();
      await reader.read();
      const found = await imported(path);
      await other.stdin.close();
      await reader.cancel();
      await other.status;
      assert.equal(found, undefined);
      assert.equal((await imported(path))!.source.lines, 575);
      counted.rows += 575;
    }),
});

Deno.test({
  name:
    "importMonitoringDb() leaves out a row that SQLite cannot copy here, and names it",
  // It writes and reads half a gigabyte.
  ignore: !isWhole,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/monitoring.db`;
      // 2^29 - 23 bytes.
      await makeDatabase(
        path,
        smallest(`ALTER TABLE task ADD task_func_name TEXT;
        INSERT INTO task VALUES ('r', 7, zeroblob(536870889)), ('r', 8, 'app')`),
      );
      using db = await openDatabase();
      const { sources: [source] } = await importMonitoringDb(db, path);
      assert.equal(
        source!.error,
        "row 2 of task, of more than 512 MiB, could not be read",
      );
      assert.deepEqual([source!.lines, source!.malformed], [4, 1]);
      assert.deepEqual(
        rows(db, "SELECT rowid, task_id FROM monitoring_task"),
        [[1, 0], [3, 8]],
      );
    }),
});
