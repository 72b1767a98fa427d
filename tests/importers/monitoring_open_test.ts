import { strict as assert } from "node:assert";
import { importMonitoringDb, importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder, value } from "../sql/engines.ts";
import { folderState, withWriter, type Writer } from "../sql/writers.ts";
import { readMonitoringDb } from "../../importers/formats/monitoring/read_database.ts";
import { openSource } from "../../importers/container/open_source.ts";
import { copyOf, tz } from "./databases.ts";

interface Running {
  db: Database;
  path: string;
  folder: string;
  writer: Writer;
}

/** Registers a test that runs while another program has a copy of tz open. */
function besideWriter(
  claim: string,
  script: string,
  work: (running: Running) => Promise<void>,
): void {
  Deno.test(`importMonitoringDb() ${claim}`, () =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      const path = await copyOf(tz, `${folder}/monitoring.db`);
      using db = await openDatabase();
      await withWriter(
        path,
        script,
        (writer) => work({ db, path, folder, writer }),
      );
    }));
}

/**
 * Imports, asserts that no file changed, and returns the report of the source.
 */
async function importUnseen({ db, path, folder }: Running) {
  const before = folderState(folder);
  const { sources: [source] } = await importMonitoringDb(db, path, tz.options);
  assert.deepEqual(folderState(folder), before);
  return source!;
}

const resources = "SELECT count(*) FROM monitoring_resource";
// The sqlite3 shell counts 99 rows of resource in tz.
const deletes = `
run("BEGIN IMMEDIATE; DELETE FROM resource WHERE rowid <= 70")
step("open")
run("COMMIT")
step("committed")
db.close()
step("closed")`;

for (const mode of ["DELETE", "TRUNCATE", "PERSIST", "WAL"]) {
  besideWriter(
    `reads the committed rows of a running workflow without changing a file [${mode}]`,
    `run("PRAGMA journal_mode = ${mode}")${deletes}`,
    async (running) => {
      const { db, path, writer } = running;
      const first = await importUnseen(running);
      assert.deepEqual([first.outcome, first.lines], ["imported", 575]);
      assert.equal(value(db, resources), 99);
      assert.equal(await writer.next(), "committed");
      const second = await importUnseen(running);
      assert.deepEqual([second.outcome, second.lines], ["replaced", 505]);
      assert.equal(value(db, resources), 29);
      assert.equal(await writer.next(), "closed");
      // After the checkpoint, the content is the same.
      const third = await importUnseen(running);
      assert.equal(third.outcome, "unchanged");
      const { sources } = await importRuninfo(db, path, tz.options);
      assert.equal(sources[0]?.outcome, "unchanged");
    },
  );
}

for (const mode of ["DELETE", "WAL"]) {
  besideWriter(
    `ignores the transaction of a killed program [${mode}]`,
    `run("PRAGMA journal_mode = ${mode}; PRAGMA cache_size = 1")
run("BEGIN; UPDATE status SET task_status_name = 'x'; DELETE FROM resource")
run("UPDATE task SET task_func_name = 'y'")
step("half done")`,
    async (running) => {
      await running.writer.kill();
      const { lines, malformed } = await importUnseen(running);
      assert.deepEqual([lines, malformed], [575, 0]);
      const rows = running.db.query(
        "SELECT DISTINCT app FROM (SELECT task_func_name AS app " +
          "FROM monitoring_task) WHERE app = 'y'",
      );
      assert.equal(rows.length, 0);
      assert.equal(value(running.db, resources), 99);
    },
  );
}

besideWriter(
  "names a locked file and reads the others",
  `run("BEGIN EXCLUSIVE")
step("exclusive")
run("COMMIT")
step("committed")`,
  async ({ db, path, folder, writer }) => {
    await copyOf(tz, `${folder}/other.db`);
    const { sources } = await importRuninfo(db, folder, tz.options);
    assert.deepEqual(
      sources.map(({ outcome, lines }) => [outcome, lines]),
      [["failed", 0], ["imported", 575]],
    );
    assert.match(sources[0]!.error!, /^cannot open .*monitoring\.db: another /);
    assert.match(sources[0]!.error!, /Try again when it has written, or copy/);
    assert.ok(sources[0]!.error!.includes(path));
    assert.equal(await writer.next(), "committed");
  },
);

const plain = {
  attributes: "{}",
  timeZone: "America/New_York",
  relabelled: new Set<number>(),
  clocks: new Map(),
};

besideWriter(
  "reads a large file in place while another program writes",
  deletes,
  async ({ db, path, folder, writer }) => {
    const read = () => readMonitoringDb(db, () => openSource(path, 0), plain);
    const before = folderState(folder);
    const first = await read();
    assert.deepEqual([first?.outcome, first?.lines], ["imported", 575]);
    assert.deepEqual(folderState(folder), before);
    assert.equal(await writer.next(), "committed");
    const second = await read();
    assert.deepEqual([second?.outcome, second?.lines], ["replaced", 505]);
    assert.equal((await read())?.outcome, "unchanged");
    // A copy in memory has the same content.
    const { sources } = await importMonitoringDb(db, path, tz.options);
    assert.equal(sources[0]?.outcome, "unchanged");
  },
);

besideWriter(
  "reports a large file that changed during the import and replaces it next time",
  `import threading
print("begun", flush=True)
going = True
def listen():
    global going
    sys.stdin.readline()
    going = False
threading.Thread(target=listen).start()
run("PRAGMA synchronous = OFF")
n = 0
while going:
    n += 1
    run("INSERT INTO status (task_id, task_status_name, timestamp, run_id, try_id) VALUES (%d, 'x', '2026-01-01 00:00:00', 'r', 0)" % n)
print(n, flush=True)
sys.stdin.readline()`,
  async ({ db, path, writer }) => {
    const read = () => readMonitoringDb(db, () => openSource(path, 0), plain);
    const first = await read();
    assert.equal(first?.changed, true);
    assert.equal(value(db, "SELECT count(*) FROM source"), 1);
    const written = Number(await writer.next());
    assert.ok(written > 0);
    const second = await read();
    assert.equal(second?.outcome, "replaced");
    assert.equal(second?.changed, undefined);
    assert.equal(
      value(db, "SELECT count(*) FROM monitoring_status WHERE run_id = 'r'"),
      written,
    );
    assert.equal((await read())?.outcome, "unchanged");
  },
);
