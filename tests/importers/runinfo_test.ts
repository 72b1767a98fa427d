import { strict as assert } from "node:assert";
import { type ImportReport, importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { inFolder, onDatabase, value } from "../sql/engines.ts";
import { copyOf, makeDatabase, tz, wq } from "./databases.ts";

/** A runinfo with two run directories, beside another folder. */
async function makeFolders(folder: string): Promise<void> {
  for (const name of ["a/runinfo/000", "a/runinfo/001", "b/runinfo/000"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}/parsl.log`, "one line\n");
  }
  await Deno.writeTextFile(`${folder}/a/runinfo/001/empty.log`, "");
  await copyOf(tz, `${folder}/a/runinfo/monitoring.db`);
  await copyOf(wq, `${folder}/b/runinfo/any name`);
}

const outcomes = ({ sources }: ImportReport, folder: string) =>
  sources.map(({ path, outcome }) => [path.slice(folder.length + 1), outcome]);

const notRead = (report: ImportReport, folder: string) =>
  report.notRead.map(({ path }) => path.slice(folder.length + 1));

onDatabase(
  "importRuninfo() finds the files below a directory",
  (db) =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      await makeFolders(folder);
      const report = await importRuninfo(db, folder, { timeZone: "UTC" });
      assert.deepEqual(outcomes(report, folder), [
        ["a/runinfo/monitoring.db", "imported"],
        ["b/runinfo/any name", "imported"],
      ]);
      assert.deepEqual(notRead(report, folder), [
        "a/runinfo/000/parsl.log",
        "a/runinfo/001/parsl.log",
        "b/runinfo/000/parsl.log",
      ]);
      assert.equal(value(db, "SELECT count(*) FROM monitoring_task"), 62 + 104);
    }),
);

onDatabase(
  "importRuninfo() accepts a runinfo, a run directory, a file or a URL",
  (db) =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      await makeFolders(folder);
      const cases: [string | URL, [string, string][], number][] = [
        [`${folder}/a/runinfo/000/`, [], 1],
        [`${folder}/a/runinfo/000/parsl.log`, [], 1],
        [`${folder}/a/runinfo`, [["a/runinfo/monitoring.db", "imported"]], 2],
        [
          pathToFileURL(`${folder}/b/runinfo/any name`),
          [["b/runinfo/any name", "imported"]],
          0,
        ],
        [folder, [
          ["a/runinfo/monitoring.db", "unchanged"],
          ["b/runinfo/any name", "unchanged"],
        ], 3],
      ];
      for (const [path, expected, others] of cases) {
        const report = await importRuninfo(db, path);
        assert.deepEqual(outcomes(report, folder), expected, String(path));
        assert.equal(report.notRead.length, others, String(path));
      }
    }),
);

onDatabase(
  "importRuninfo() imports nothing from an empty directory",
  (db) =>
    inFolder(async (folder) => {
      const report = await importRuninfo(db, folder);
      assert.deepEqual([report.sources, report.notRead], [[], []]);
      assert.match(
        String(report),
        /^Nothing was imported: there are no files\./,
      );
      assert.equal(value(db, "SELECT count(*) FROM sqlite_schema"), 0);
    }),
);

onDatabase("importRuninfo() names a missing directory", async (db) => {
  await assert.rejects(importRuninfo(db, "no/where"), {
    name: "NotFound",
    message: `there is no no/where (looked from ${Deno.cwd()})`,
  });
  const timeZone = "Mars/Olympus";
  await assert.rejects(importRuninfo(db, "no/where", { timeZone }), RangeError);
});

onDatabase(
  "importRuninfo() reads the other files if one is damaged",
  (db) =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      await Deno.truncate(await copyOf(tz, `${folder}/1.db`), 80_000);
      await Deno.writeTextFile(`${folder}/2.db`, "SQLite format 3\0broken");
      makeDatabase(`${folder}/3.db`, "CREATE TABLE task (id, name)");
      await copyOf(tz, `${folder}/4.db`);
      const report = await importRuninfo(db, folder, tz.options);
      assert.deepEqual(outcomes(report, folder), [
        ["1.db", "failed"],
        ["2.db", "failed"],
        ["4.db", "imported"],
      ]);
      assert.match(report.sources[0]!.error!, /malformed/);
      // An error may span lines.
      assert.match(report.details(), /1\.db.* failed [^]*malformed[^]*2\.db/);
      assert.match(String(report), /1 file read, 2 could not be read\.\n/);
      assert.equal(report.notRead[0]?.reason, "a database of another program");
      assert.match(String(report), /a database of another program/);
      assert.equal(report.events, 469);
      assert.equal(value(db, "SELECT count(*) FROM source"), 1);
    }),
);

Deno.test("importRuninfo() refuses a sparse database of another program without reading it", () =>
  inFolder(async (folder) => {
    makeDatabase(`${folder}/1.db`, "CREATE TABLE task (id, name)");
    await Deno.truncate(`${folder}/1.db`, 2 ** 40);
    await Deno.truncate(await copyOf(tz, `${folder}/2.db`), 1e8);
    using db = await openDatabase();
    const { notRead, sources } = await importRuninfo(db, folder, tz.options);
    assert.equal(notRead[0]?.reason, "a database of another program");
    assert.deepEqual(sources.map(({ lines }) => lines), [575]);
  }));

Deno.test("importRuninfo() treats SQLite's -wal and -shm files as part of a database", () =>
  inFolder(async (folder) => {
    const path = await copyOf(tz, `${folder}/monitoring.db`);
    await Deno.writeTextFile(`${folder}/other-wal`, "x");
    const writer = new DatabaseSync(path);
    try {
      writer.exec("PRAGMA journal_mode = WAL; DELETE FROM resource");
      using db = await openDatabase();
      const { sources, notRead } = await importRuninfo(db, folder, tz.options);
      assert.deepEqual(sources.map(({ outcome }) => outcome), ["imported"]);
      assert.deepEqual(notRead.map(({ bytes }) => bytes), [1]);
    } finally {
      writer.close();
    }
  }));

Deno.test("importRuninfo() ignores an invalid journal", () =>
  inFolder(async (folder) => {
    await copyOf(tz, `${folder}/monitoring.db`);
    await Deno.writeTextFile(`${folder}/monitoring.db-journal`, "x");
    using db = await openDatabase();
    const { sources, notRead } = await importRuninfo(db, folder, tz.options);
    assert.deepEqual(sources.map(({ lines }) => lines), [575]);
    assert.deepEqual(notRead, []);
  }));

Deno.test("importRuninfo() reports links and does not follow them", () =>
  inFolder(async (folder) => {
    await copyOf(tz, `${folder}/monitoring.db`);
    await Deno.symlink(folder, `${folder}/loop`);
    await Deno.symlink(`${folder}/nowhere`, `${folder}/broken`);
    using db = await openDatabase();
    const { sources, notRead } = await importRuninfo(db, folder, tz.options);
    assert.equal(sources.length, 1);
    assert.deepEqual(
      notRead.map(({ reason }) => reason),
      ["a link, not followed", "a link, not followed"],
    );
  }));

Deno.test({
  name:
    "importRuninfo() continues after files and folders without read permission",
  ignore: Deno.uid() === 0,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.mkdir(`${folder}/closed`, { mode: 0o000 });
      await Deno.writeTextFile(`${folder}/closed.log`, "x", { mode: 0o000 });
      await copyOf(tz, `${folder}/monitoring.db`);
      using db = await openDatabase();
      const { sources, notRead } = await importRuninfo(db, folder, tz.options);
      assert.equal(sources.length, 1);
      assert.equal(notRead.length, 2);
      for (const { reason } of notRead) assert.match(reason!, /denied/);
      await Deno.chmod(`${folder}/closed`, 0o700);
    }),
});

Deno.test("importRuninfo() names a table of another program and imports nothing", async () => {
  using db = await openDatabase();
  db.exec("CREATE TABLE span (id INTEGER PRIMARY KEY, bridge TEXT)");
  const runinfo = new URL("../fixtures/tz/runinfo", import.meta.url);
  await assert.rejects(importRuninfo(db, runinfo), (error: Error) => {
    assert.match(error.message, /^the database has a table "span" that is not/);
    assert.match(error.message, /no column type, key, attributes/);
    return error.name === "DatabaseError";
  });
  const tables = db.query("SELECT name FROM sqlite_schema");
  assert.deepEqual([...tables], [{ name: "span" }]);
});
