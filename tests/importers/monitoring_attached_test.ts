import { strict as assert } from "node:assert";
import { inFolder } from "../sql/engines.ts";
import { runScript } from "../sql/scripts.ts";
import { ask, makeDatabase, smallest, tz, wq } from "./databases.ts";

/** Imports files into `result`; prints the outcomes. */
const importAll = (files: readonly string[], result: string) => `
  import { openDatabase } from "dnpc/sql";
  import { importMonitoringDb } from "dnpc/importers";
  using db = await openDatabase(${JSON.stringify(result)});
  for (const path of ${JSON.stringify(files)}) {
    await importMonitoringDb(db, path, { timeZone: "America/New_York" }).then(
      ({ sources: [s] }) => console.log(s.lines, s.malformed, s.ambiguousTimes),
      ({ message }) => console.log(message));
  }`;

const unusual = smallest(`
  CREATE TABLE plain (a TEXT PRIMARY KEY, t DATETIME) WITHOUT ROWID;
  INSERT INTO plain VALUES ('y', '2026-11-01 01:30:00'), ('x', x'00');
  CREATE TABLE "a ""b'; --" (rowid TEXT, source_id DATETIME, y_unix, y DATETIME);
  INSERT INTO "a ""b'; --" VALUES ('r', 5, 'here', 'soon');
  INSERT INTO status (rowid, task_id, run_id, task_status_name, timestamp)
    VALUES (-7, 0, 'r', 'first', 1767243600.25), (0, NULL, 'r', 'last', NULL)`);

/** Appends empty pages, which take no space on the disk, up to 65 MiB. */
async function enlarge(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  const pages = 65 * 256;
  await file.truncate(pages * 4096);
  // SQLite takes the number of pages from the header.
  await file.seek(28, Deno.SeekMode.Start);
  await file.write(Uint8Array.of(0, 0, pages >> 8, pages & 255));
}

Deno.test("importMonitoringDb() copies the same inside SQLite, with --allow-all, as row by row", () =>
  inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    makeDatabase(`${folder}/unusual.db`, unusual);
    const damaged = await Deno.readFile(tz.path);
    damaged.copyWithin(15 * 4096, 16 * 4096, 17 * 4096);
    await Deno.writeFile(`${folder}/damaged.db`, damaged);
    await Deno.copyFile(tz.path, `${folder}/large?#.db`);
    await Deno.writeFile(`${folder}/broken.db`, damaged);
    for (const name of ["large?#", "broken"]) {
      await enlarge(`${folder}/${name}.db`);
    }
    const files = [
      ...[wq, tz].map(({ path }) => Deno.realPathSync(path)),
      ...["large?#", "broken", "damaged", "unusual"].map((name) =>
        `${folder}/${name}.db`
      ),
    ];
    const imported = async (name: string, ...permissions: string[]) => {
      const result = `${folder}/${name}.sqlite3`;
      const printed = await runScript(importAll(files, result), permissions);
      const tables = ask(
        result,
        `SELECT name FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
      );
      const rows = tables.map(([name]) => {
        const quoted = String(name).replaceAll('"', '""');
        const columns = ask(
          result,
          `SELECT '"' || replace(name, '"', '""') || '"'
           FROM pragma_table_info('${String(name).replaceAll("'", "''")}')
           WHERE name <> 'imported_at'`,
        );
        return [name, ask(result, `SELECT ${columns} FROM "${quoted}"`)];
      });
      return { printed, rows };
    };
    const inside = await imported("inside", "--allow-all");
    const rowByRow = await imported("rows", "--allow-read", "--allow-write");
    assert.deepEqual(inside, rowByRow);
    // Of 7 rows, three are malformed: two unreadable times, and no task_id.
    assert.match(inside.printed, /\n7 3 1$/);
    assert.match(inside.printed, /\ncannot read .*damaged\.db: /);
  }));

Deno.test("importMonitoringDb() reads a large file again that changes meanwhile, with --allow-all", () =>
  inFolder(async (folder) => {
    const path = `${folder}/large.db`;
    await Deno.copyFile(tz.path, path);
    await enlarge(path);
    const script = `
      import { openDatabase } from "dnpc/sql";
      import { importMonitoringDb } from "dnpc/importers";
      import { DatabaseSync } from "node:sqlite";
      using db = await openDatabase(undefined, { engine: "native" });
      const { define } = db;
      let calls = 0;
      db.define = (...args) => {
        define.apply(db, args);
        // The table of blocks is copied first.
        if (++calls !== 2) return;
        using other = new DatabaseSync("${path}");
        other.exec("UPDATE block SET status = 'CHANGED'");
      };
      const { sources: [source] } = await importMonitoringDb(db, "${path}");
      const rows = db.query("SELECT status FROM monitoring_block");
      console.log(source.changed, rows.map(({ status }) => status).join());`;
    assert.equal(
      await runScript(script, ["--allow-all"]),
      "undefined CHANGED,CHANGED,CHANGED",
    );
  }));

Deno.test("importMonitoringDb() works inside a user's transaction, with --allow-all", async () => {
  const script = `
    import { openDatabase } from "dnpc/sql";
    import { importMonitoringDb } from "dnpc/importers";
    using db = await openDatabase(undefined, { engine: "native" });
    db.exec("BEGIN");
    const { spans } = await importMonitoringDb(db, "${tz.path}");
    db.exec("COMMIT");
    const names = db.query("PRAGMA database_list").map(({ name }) => name);
    console.log(spans, names.join());`;
  // sqlite3 counts 62 tasks, 70 tries, 1 block, 1 manager and 1 run.
  assert.equal(await runScript(script, ["--allow-all"]), "135 main,temp");
});
