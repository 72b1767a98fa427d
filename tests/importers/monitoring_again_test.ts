// Over 300 lines: a table of changes between two imports of a monitoring.db.

import { strict as assert } from "node:assert";
import { importMonitoringDb } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { DatabaseSync } from "node:sqlite";
import { inFolder, onDatabase, value, withEngines } from "../sql/engines.ts";
import {
  ask,
  copyOf,
  makeDatabase,
  rows,
  smallest,
  tz,
  wq,
} from "./databases.ts";

/** The content of all tables, without ids and the import time. */
function content(db: Database): Record<string, unknown[][]> {
  const tables = db.query<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE name LIKE 'monitoring_%' AND type = 'table'",
  );
  const selects: Record<string, string> = {
    source: "SELECT path, lines, matched, bytes, fingerprint FROM source",
    span: "SELECT type, key, attributes, source_id FROM span",
    subspan: `SELECT o.key, i.key AS inner_key, subspan.key AS name FROM subspan
      JOIN span AS o ON o.id = superspan_id
      JOIN span AS i ON i.id = subspan_id`,
    event: `SELECT key, time, event.type, event.attributes, line
      FROM event JOIN span ON span.id = span_id`,
    metric: `SELECT key, time, name, value, line
      FROM metric JOIN span ON span.id = span_id`,
    ...Object.fromEntries(
      tables.map(({ name }) => [name, `SELECT *, rowid AS row FROM ${name}`]),
    ),
  };
  return Object.fromEntries(
    Object.entries(selects).map(([name, sql]) => [
      name,
      rows(db, sql).sort((a, b) =>
        JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
      ),
    ]),
  );
}

onDatabase(
  "importMonitoringDb() of the same content adds nothing",
  (db) =>
    inFolder(async (folder) => {
      await importMonitoringDb(db, tz.path, tz.options);
      const before = content(db);
      for (const path of [tz.path, await copyOf(tz, `${folder}/copy.db`)]) {
        const { sources, spans, events } = await importMonitoringDb(
          db,
          path,
          tz.options,
        );
        assert.deepEqual([spans, events], [0, 0]);
        assert.equal(sources[0]?.outcome, "unchanged");
      }
      assert.deepEqual(content(db), before);
    }),
);

// Changes by a running Parsl, and worse ones.
const changes: Record<string, string> = {
  "with more rows": `
    INSERT INTO task SELECT 900, run_id, '1', task_func_name, '0', '', '', '', '', '', '',
      task_time_invoked, NULL, 0, 0 FROM task LIMIT 1;
    INSERT INTO status SELECT 900, 'pending', timestamp, run_id, 0 FROM status LIMIT 1;
    UPDATE workflow SET tasks_completed_count = 99, time_completed = NULL`,
  "with fewer rows": `
    DELETE FROM status WHERE task_id > 5; DELETE FROM task WHERE task_id > 5;
    DELETE FROM try WHERE task_id > 5; DELETE FROM resource WHERE task_id > 5`,
};

for (const [how, change] of Object.entries(changes)) {
  onDatabase(
    `importMonitoringDb() replaces a file ${how}`,
    (db) =>
      inFolder(async (folder) => {
        const path = await copyOf(tz, `${folder}/monitoring.db`);
        await importMonitoringDb(db, path, tz.options);
        makeDatabase(path, change);
        const report = await importMonitoringDb(db, path, tz.options);
        assert.equal(report.sources[0]?.outcome, "replaced");
        assert.ok(report.spans >= 0);
        using fresh = await openDatabase();
        const anew = await importMonitoringDb(fresh, path, tz.options);
        assert.deepEqual(content(db), content(fresh));
        assert.equal(report.events, anew.events);
        assert.equal(report.metrics, anew.metrics);
      }),
  );
}

onDatabase(
  "importMonitoringDb() keeps what it read from a file that has another run now",
  (db) =>
    inFolder(async (folder) => {
      const path = await copyOf(tz, `${folder}/monitoring.db`);
      await importMonitoringDb(db, path, tz.options);
      const before = content(db);
      for (const table of ["workflow", "task", "status", "try", "resource"]) {
        makeDatabase(path, `UPDATE ${table} SET run_id = 'other'`);
      }
      makeDatabase(path, "DELETE FROM node; DELETE FROM block");
      const report = await importMonitoringDb(db, path, tz.options);
      assert.equal(report.sources[0]?.outcome, "imported");
      using fresh = await openDatabase();
      await importMonitoringDb(fresh, path, tz.options);
      for (const part of ["span", "subspan", "event", "metric"]) {
        assert.equal(
          content(db)[part]!.length,
          before[part]!.length + content(fresh)[part]!.length,
          part,
        );
      }
    }),
);

const databases = (db: Database) =>
  rows(
    db,
    `SELECT replace(path, rtrim(path, replace(path, '/', '')), ''), run_id,
       (SELECT count(*) FROM monitoring_task WHERE source_id = source.id)
     FROM monitoring_workflow JOIN source ON source.id = source_id
     ORDER BY run_id, path`,
  );

const renamed = (run: string) =>
  `UPDATE workflow SET run_id = '${run}'; UPDATE task SET run_id = '${run}'`;

onDatabase(
  "importMonitoringDb() keeps the runs of a database that a new one replaced",
  (db) =>
    inFolder(async (folder) => {
      const path = `${folder}/monitoring.db`;
      const read = (path: string) => importMonitoringDb(db, path);
      makeDatabase(path, smallest());
      await read(path);
      await Deno.rename(path, `${folder}/old.db`);
      makeDatabase(path, smallest(renamed("s")));
      await read(path);
      assert.deepEqual(databases(db), [
        ["monitoring.db#r", "r", 1],
        ["monitoring.db", "s", 1],
      ]);
      // Found again, with one more task.
      makeDatabase(`${folder}/old.db`, "INSERT INTO task VALUES ('r', 1)");
      await read(`${folder}/old.db`);
      assert.deepEqual(databases(db), [
        ["old.db", "r", 2],
        ["monitoring.db", "s", 1],
      ]);
      // A database with a known run and a new one has grown.
      makeDatabase(path, "INSERT INTO workflow VALUES ('t', '2026-01-02')");
      await read(path);
      assert.deepEqual(databases(db).map(([name, run]) => [name, run]), [
        ["old.db", "r"],
        ["monitoring.db", "s"],
        ["monitoring.db", "t"],
      ]);
    }),
);

onDatabase(
  "importMonitoringDb() keeps the ids of spans that a changed file still contains",
  (db) =>
    inFolder(async (folder) => {
      const path = await copyOf(tz, `${folder}/monitoring.db`);
      await importMonitoringDb(db, path, tz.options);
      const before = rows(db, "SELECT id, type, key FROM span ORDER BY id");
      makeDatabase(path, changes["with more rows"]!);
      await importMonitoringDb(db, path, tz.options);
      const after = rows(db, "SELECT id, type, key FROM span ORDER BY id");
      assert.deepEqual(after.slice(0, before.length), before);
      assert.equal(after.length, before.length + 2);
    }),
);

onDatabase(
  "importMonitoringDb() keeps the spans of the same run that come from another file",
  (db) =>
    inFolder(async (folder) => {
      const path = makeDatabase(`${folder}/a`, smallest());
      const other = makeDatabase(
        `${folder}/b`,
        smallest("INSERT INTO status VALUES (0, 's', NULL, 'r', 0)"),
      );
      await importMonitoringDb(db, path);
      await importMonitoringDb(db, other);
      makeDatabase(
        path,
        "UPDATE workflow SET run_id = 'q'; UPDATE task SET run_id = 'q'",
      );
      await importMonitoringDb(db, path);
      assert.deepEqual(
        rows(db, "SELECT key FROM span ORDER BY key").flat(),
        ["q", "q/0", "r", "r/0", "r/0/0"],
      );
      assert.equal(
        value(db, "SELECT count(*) FROM span WHERE source_id < 1"),
        0,
      );
    }),
);

onDatabase("importMonitoringDb() keeps two databases apart", async (db) => {
  await importMonitoringDb(db, wq.path, wq.options);
  await importMonitoringDb(db, tz.path, tz.options);
  for (const [i, { path }] of [wq, tz].entries()) {
    const rowids = ask(
      path,
      "SELECT rowid, timestamp FROM status ORDER BY rowid",
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT line, timestamp FROM event JOIN monitoring_status AS s
           ON s.source_id = event.source_id
           AND s.rowid = line + ${i * 560} AND time = timestamp_unix
         WHERE event.source_id = ${i + 1}
           AND event.attributes ->> 'table' = 'status' ORDER BY line`,
      ),
      rowids,
    );
    const samples = ask(
      path,
      "SELECT rowid, psutil_process_time_user FROM resource ORDER BY rowid",
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT line, value FROM metric WHERE source_id = ${i + 1}
         AND name = 'psutil_process_time_user' ORDER BY line`,
      ),
      samples,
    );
  }
});

onDatabase(
  "importMonitoringDb() waits for earlier imports",
  async (db) => {
    const reports = await Promise.allSettled([
      importMonitoringDb(db, tz.path, tz.options),
      importMonitoringDb(db, "nowhere"),
      importMonitoringDb(db, wq.path, wq.options),
      importMonitoringDb(db, tz.path, tz.options),
    ]);
    assert.deepEqual(
      reports.map((report) =>
        report.status === "fulfilled"
          ? report.value.sources[0]?.outcome
          : report.reason.name
      ),
      ["imported", "NotFound", "imported", "unchanged"],
    );
    assert.equal(value(db, "SELECT count(*) FROM monitoring_task"), 62 + 104);
  },
);

const state = (folder: string) =>
  [...Deno.readDirSync(folder)]
    .map(({ name }) => name)
    // The readers' shared memory is not part of the database.
    .filter((name) => !name.endsWith("-shm"))
    .sort()
    .map((name) => [name, Deno.readFileSync(`${folder}/${name}`)]);

withEngines(
  "importMonitoringDb() reads the write-ahead log",
  ({ engine }) =>
    inFolder(async (folder) => {
      const path = await copyOf(tz, `${folder}/monitoring.db`);
      const writer = new DatabaseSync(path);
      try {
        writer.exec("PRAGMA journal_mode = WAL; DELETE FROM resource");
        const before = state(folder);
        using db = await openDatabase(undefined, { engine });
        const first = await importMonitoringDb(db, path, tz.options);
        assert.equal(first.metrics, 0);
        assert.deepEqual(state(folder), before);
        writer.exec("DELETE FROM block");
        const second = await importMonitoringDb(db, path, tz.options);
        assert.equal(second.sources[0]?.outcome, "replaced");
        assert.equal(value(db, "SELECT count(*) FROM monitoring_block"), 0);
      } finally {
        writer.close();
      }
    }),
);

onDatabase(
  "importMonitoringDb() does not change the original",
  (db) =>
    inFolder(async (folder) => {
      const path = await copyOf(tz, `${folder}/monitoring.db`);
      await Deno.utime(path, 1000, 2000);
      const before = state(folder);
      await importMonitoringDb(db, path, tz.options);
      assert.deepEqual(state(folder), before);
      assert.equal((await Deno.stat(path)).mtime?.getTime(), 2_000_000);
    }),
);

for (const mode of ["DELETE", "WAL"]) {
  Deno.test({
    name: `importMonitoringDb() needs no write permission [${mode}]`,
    ignore: Deno.uid() === 0,
    fn: () =>
      inFolder(async (folder) => {
        const path = await copyOf(tz, `${folder}/monitoring.db`);
        makeDatabase(path, `PRAGMA journal_mode = ${mode}`);
        await Deno.chmod(path, 0o444);
        await Deno.chmod(folder, 0o555);
        try {
          using db = await openDatabase();
          const report = await importMonitoringDb(db, path, tz.options);
          assert.equal(report.sources[0]?.lines, 575);
        } finally {
          await Deno.chmod(folder, 0o755);
        }
      }),
  });
}

Deno.test("importMonitoringDb() needs read permission only for the file and its -wal", async () => {
  const path = await Deno.realPath(tz.path);
  const script = `
    import { openDatabase } from "dnpc/sql";
    import { importMonitoringDb } from "dnpc/importers";
    const db = await openDatabase();
    const { events } = await importMonitoringDb(db, "${path}");
    console.log(events);`;
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/script.ts`, script);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--config=deno.json",
        `--allow-read=${path},${path}-wal`,
        `${folder}/script.ts`,
      ],
      env: { NO_COLOR: "1" },
    }).output();
    assert.equal(
      new TextDecoder().decode(stdout),
      "469\n",
      new TextDecoder().decode(stderr),
    );
  });
});

onDatabase(
  "importMonitoringDb() keeps rowids apart that are less than 1",
  (db) =>
    inFolder(async (folder) => {
      for (const name of ["a", "b"]) {
        const path = makeDatabase(
          `${folder}/${name}`,
          smallest(
            `INSERT INTO status (rowid, task_id, run_id, task_status_name)
          VALUES (-7, 0, 'r', 'first'), (0, 0, 'r', 'last${name}')`,
          ),
        );
        await importMonitoringDb(db, path);
      }
      assert.deepEqual(
        rows(
          db,
          "SELECT type, line FROM event WHERE type <> 'began' ORDER BY id",
        ),
        [["first", -7], ["lasta", 0], ["first", -7], ["lastb", 0]],
      );
    }),
);
