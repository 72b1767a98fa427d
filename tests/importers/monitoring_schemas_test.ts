import { strict as assert } from "node:assert";
import { importMonitoringDb } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder, onDatabase, value } from "../sql/engines.ts";
import { ask, makeDatabase, rows, tables } from "./databases.ts";

const schemas = "tests/fixtures/monitoring_schemas";
const run = "0c1bb6d4-0000-4000-8000-000000000000";

const withoutTries = ["0.7.2", "0.8.0", "0.9.0", "1.0.0"];
const withTries = ["1.1.0", "1.2.0", "2022.12.19", "2023.8.7", "2024.9.16"];

/** Creates a temporary database with the schema of a version of Parsl. */
const ofVersion = (version: string, work: (path: string) => Promise<void>) =>
  inFolder(async (folder) => {
    const script = await Deno.readTextFile(`${schemas}/${version}.sql`);
    await work(makeDatabase(`${folder}/monitoring.db`, script));
  });

/**
 * Events as "key event seconds": the key without the run, seconds after 10:00.
 */
const events = (db: Database) =>
  rows(
    db,
    `SELECT substr(span.key, 38) || ' ' || event.type,
       round(time - unixepoch('2020-07-15 10:00:00') - 0.123456, 4)
     FROM event JOIN span ON span.id = span_id
     ORDER BY time, span.key, event.type`,
  ).map((row) => row.join(" "));

const oldEvents = [
  " began 0",
  "0 invoked 1",
  "0/0 pending 1",
  "1 invoked 1.125",
  "1/0 pending 1.125",
  "0/0 launched 1.25",
  "node1/ active 1.75",
  "0/0 running 2",
  "0 returned 2.5",
  "0/0 done 2.5",
  "1/0 launched 3",
  "1/0 running 4",
  "1 returned 7",
  "1/0 done 7",
  " completed 9",
];

const newEvents = [
  " began 0",
  "htex/0 PENDING 0.5",
  "0 invoked 1",
  "0/0 pending 1",
  "1/0 pending 1.125",
  "0/0 launched 1.25",
  "htex/0 RUNNING 1.5",
  "node1/4c57a1f4c2bf active 1.75",
  "0/0 running 2",
  "0 returned 2.5",
  "0/0 exec_done 2.5",
  "1/0 launched 3",
  "1/0 running 4",
  "1/0 fail_retryable 5",
  "1 invoked 5.25",
  "1/1 pending 5.25",
  "1/1 launched 5.5",
  "1/1 running 6",
  "1 returned 7",
  "1/1 exec_done 7",
  "node1/4c57a1f4c2bf inactive 8",
  " completed 9",
];

for (const version of withoutTries) {
  onDatabase(
    `importMonitoringDb() reads the database of Parsl ${version}`,
    (db) =>
      ofVersion(version, async (path) => {
        await importMonitoringDb(db, path, { timeZone: "UTC" });
        const hasNodes = version >= "0.9.0";
        assert.deepEqual(
          events(db),
          oldEvents.filter((event) => hasNodes || !event.startsWith("node")),
        );
        const hostname = version === "0.7.2" ? {} : { hostname: "node1" };
        assert.deepEqual(attributes(db, "1/0"), {
          run,
          task: "1",
          try: "0",
          executor: "htex",
          ...hostname,
        });
        assert.deepEqual(attributes(db, "1").depends, ["0"]);
        assert.equal(
          value(db, "SELECT count(*) FROM subspan"),
          hasNodes ? 5 : 4,
        );
        assert.equal(value(db, "SELECT count(*) FROM metric"), 18);
      }),
  );
}

for (const version of withTries) {
  onDatabase(
    `importMonitoringDb() reads the database of Parsl ${version}`,
    (db) =>
      ofVersion(version, async (path) => {
        await importMonitoringDb(db, path, { timeZone: "UTC" });
        assert.deepEqual(events(db), newEvents);
        assert.deepEqual(attributes(db, "1/0"), {
          run,
          task: "1",
          try: "0",
          executor: "htex",
          block: "0",
          hostname: "node1",
          fail_history: "Exception: no",
          exception_message: "Exception: no",
        });
        assert.equal(value(db, "SELECT count(*) FROM subspan"), 10);
      }),
  );
}

for (const version of [...withoutTries, ...withTries]) {
  onDatabase(
    `importMonitoringDb() keeps every column of Parsl ${version}`,
    (db) =>
      ofVersion(version, async (path) => {
        const { sources: [source] } = await importMonitoringDb(db, path);
        assert.equal(source?.matched, source?.lines);
        for (const table of tables) {
          const columns = ask(
            path,
            `SELECT name FROM pragma_table_info('${table}')`,
          );
          if (columns.length === 0) continue;
          const values = columns.map(([name]) =>
            `"${name}", typeof("${name}")`
          );
          assert.deepEqual(
            rows(db, `SELECT rowid AS row, ${values} FROM monitoring_${table}`),
            ask(path, `SELECT rowid AS row, ${values} FROM ${table}`),
          );
        }
      }),
  );
}

Deno.test("importMonitoringDb() reads all versions into one database, in any order", async () => {
  const versions = [...withoutTries, ...withTries];
  for (const order of [versions, versions.toReversed()]) {
    using db = await openDatabase();
    for (const [i, version] of order.entries()) {
      await ofVersion(version, async (path) => {
        const other = run.replace("0c1bb6d4", `0000000${i}`);
        for (const table of tables) {
          if (
            !ask(path, `SELECT 1 FROM sqlite_schema WHERE name = '${table}'`)
              .length
          ) continue;
          makeDatabase(path, `UPDATE ${table} SET run_id = '${other}'`);
        }
        await importMonitoringDb(db, path, { timeZone: "UTC" });
      });
    }
    assert.equal(
      value(db, "SELECT count(*) FROM event"),
      2 * 14 + 2 * 15 + 5 * 22,
    );
    assert.equal(
      value(
        db,
        "SELECT count(*) FROM monitoring_task WHERE task_time_invoked_unix IS NULL AND task_time_submitted_unix IS NULL",
      ),
      0,
    );
  }
});

function attributes(db: Database, key: string): Record<string, unknown> {
  const sql = "SELECT attributes FROM span WHERE key = ?";
  return JSON.parse(String(value(db, sql, [`${run}/${key}`])));
}
