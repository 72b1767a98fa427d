import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { importMonitoringDb, importRuninfo } from "dnpc/importers";
import { type Database, DatabaseError, openDatabase } from "dnpc/sql";
import { contents } from "../importers/contents.ts";
import { rows, tz } from "../importers/databases.ts";
import { keptImport } from "../importers/kept_imports.ts";
import { tzLogs, wqLogs } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { importing, run } from "./alone.ts";
import { figures, times } from "./figures.ts";
import { assertReadable } from "./readable.ts";
import { isSetpriv, onSmallDisk, unprivileged } from "./limits.ts";

const counted = figures("files that cannot be written to");

/** The content of an import, which is made once for all tests. */
const expected = async (path: string): Promise<string[]> => {
  const kept = await keptImport(path, (db) => importRuninfo(db, path));
  using db = await openDatabase(kept.path, { readOnly: true });
  return contents(db, path);
};

/** Checks that the file is intact, and is completed once there is space. */
async function assertCompletes(file: string, path: string): Promise<void> {
  counted.inputs++;
  using db = await openDatabase(file);
  assert.deepEqual(rows(db, "PRAGMA integrity_check"), [["ok"]]);
  await importRuninfo(db, path);
  const all = await expected(path);
  counted.rows += all.length;
  assert.deepEqual(contents(db, path), all);
  counted.survived++;
}

/** Checks that the error names the file and says what to do. */
async function assertRejected(
  work: Promise<unknown>,
  file: string,
  says: RegExp,
): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof DatabaseError, String(error));
    assertReadable(error.message, file);
    assert.match(error.message, says);
    assert.doesNotMatch(error.message, /\nin: /);
    counted.survived++;
    return true;
  });
}

const full = /: database or disk is full\. Make room on its disk/;

Deno.test("importRuninfo() stops at SQLite's page limit, and completes once it is raised", () =>
  inFolder(async (folder) => {
    using whole = await openDatabase(`${folder}/whole.sqlite3`);
    await importRuninfo(whole, tzLogs.path);
    const [[most]] = rows(whole, "PRAGMA page_count") as [[number]];
    const count = times(2, 30);
    for (let i = 0; i < count; i++) {
      const pages = 10 + Math.floor(i / count * (most - 15));
      const file = `${folder}/${pages}.sqlite3`;
      counted.inputs++;
      {
        using db = await openDatabase(file);
        db.exec(`PRAGMA max_page_count = ${pages}`);
        await assertRejected(importRuninfo(db, tzLogs.path), file, full);
      }
      await assertCompletes(file, tzLogs.path);
    }
  }));

Deno.test("importMonitoringDb() stops at SQLite's page limit", () =>
  inFolder(async (folder) => {
    const file = `${folder}/a.sqlite3`;
    counted.inputs++;
    using db = await openDatabase(file);
    db.exec("PRAGMA max_page_count = 40");
    await assertRejected(importMonitoringDb(db, tz.path), file, full);
    assert.deepEqual(rows(db, "PRAGMA integrity_check"), [["ok"]]);
  }));

Deno.test("importRuninfo() stops at the file size limit, and completes without it", () =>
  inFolder(async (folder) => {
    const file = `${folder}/a.sqlite3`;
    const command = importing("importRuninfo", tzLogs.path, file)
      .map((word) => `'${word}'`).join(" ");
    for (const blocks of [60, 300, 700].slice(0, times(1, 3))) {
      counted.inputs++;
      // SIGXFSZ would kill the process before SQLite reports an error.
      const limited = `trap '' XFSZ; ulimit -f ${blocks}; exec ${command}`;
      const { error } = await run(["bash", "-c", limited]);
      assertReadable(error?.message ?? "", file);
      assert.match(
        error!.message,
        /disk I\/O error\. Its disk is full or fails/,
      );
      counted.survived++;
    }
    await assertCompletes(file, tzLogs.path);
  }));

Deno.test("importRuninfo() stops on a full disk, and completes once there is space", async () => {
  for (const size of ["100k", "400k", "700k", "1000k"].slice(0, times(2, 4))) {
    const isDone = await onSmallDisk(size, async (disk) => {
      const file = `${disk}/a.sqlite3`;
      counted.inputs++;
      {
        using db = await openDatabase(file);
        await assertRejected(importRuninfo(db, wqLogs.path), file, full);
      }
      await inFolder(async (folder) => {
        for (const end of ["", "-journal"]) {
          try {
            await Deno.copyFile(file + end, `${folder}/a.sqlite3${end}`);
          } catch {
            assert.equal(end, "-journal");
          }
        }
        await assertCompletes(`${folder}/a.sqlite3`, wqLogs.path);
      });
    });
    if (!isDone) {
      console.log("skipped: no disk can be mounted here");
      return;
    }
  }
});

Deno.test("save() to a full disk throws and leaves no partial file", async () => {
  await onSmallDisk("200k", async (disk) => {
    counted.inputs++;
    using db = await openDatabase();
    await importRuninfo(db, tzLogs.path);
    assert.throws(() => db.save(`${disk}/a.sqlite3`), (error: Error) => {
      assertReadable(error.message, `${disk}/a.sqlite3`);
      assert.match(error.message, /No space left|full/i);
      return true;
    });
    assert.deepEqual([...Deno.readDirSync(disk)], []);
    counted.survived++;
  });
});

Deno.test("importRuninfo() into a database opened read-only throws an error that says so", () =>
  inFolder(async (folder) => {
    const file = `${folder}/a.sqlite3`;
    (await openDatabase(file)).save(file);
    counted.inputs++;
    using db = await openDatabase(file, { readOnly: true });
    await assertRejected(
      importRuninfo(db, tzLogs.path),
      file,
      /It was opened with readOnly: open it without$/,
    );
  }));

for (
  const [claim, harm] of [
    ["a file that may not be written to", (folder: string) => {
      Deno.chmodSync(`${folder}/a.sqlite3`, 0o444);
      Deno.chmodSync(folder, 0o777);
    }],
    ["a folder that may not be written to", (folder: string) => {
      Deno.removeSync(`${folder}/a.sqlite3`);
      Deno.chmodSync(folder, 0o555);
    }],
    ["a file in a folder that may not be written to", (folder: string) => {
      Deno.chmodSync(`${folder}/a.sqlite3`, 0o666);
      Deno.chmodSync(folder, 0o555);
    }],
  ] as const
) {
  Deno.test({
    name: `importRuninfo() names ${claim}`,
    ignore: !isSetpriv,
    fn: () =>
      inFolder(async (folder) => {
        const file = `${folder}/a.sqlite3`;
        makeEmpty(file);
        harm(folder);
        counted.inputs++;
        try {
          const { error } = await run([
            ...unprivileged,
            ...importing("importRuninfo", `${tzLogs.path}/000`, file),
          ]);
          assertReadable(error?.message ?? "no error", file);
          assert.match(error!.message, /use another file$/);
          counted.survived++;
        } finally {
          Deno.chmodSync(folder, 0o755);
        }
      }),
  });
}

function makeEmpty(file: string): void {
  const db = new DatabaseSync(file);
  db.exec("CREATE TABLE mine (a)");
  db.close();
}

Deno.test("importRuninfo() waits for another writer, or reports that the file is locked", () =>
  inFolder(async (folder) => {
    const file = `${folder}/a.sqlite3`;
    makeEmpty(file);
    const locks = ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"];
    for (const lock of locks.slice(0, times(1, 2))) {
      counted.inputs++;
      using db: Database = await openDatabase(file);
      const other = new DatabaseSync(file);
      other.exec(lock);
      await assertRejected(
        importRuninfo(db, tzLogs.path),
        file,
        /database is locked\. Another program is using it: wait until/,
      );
      other.exec("ROLLBACK");
      other.close();
    }
    await assertCompletes(file, tzLogs.path);
  }));

Deno.test("importRuninfo() by two concurrent processes gives the same database as by one", () =>
  inFolder(async (folder) => {
    for (let round = 0; round < times(1, 6); round++) {
      const file = `${folder}/${round}.sqlite3`;
      counted.inputs++;
      const results = await Promise.all([
        run(importing("importRuninfo", tzLogs.path, file)),
        run(importing("importRuninfo", tzLogs.path, file)),
        run(importing("importRuninfo", wqLogs.path, file)),
      ]);
      for (const { error, sources } of results) {
        // A rejected process must report a clear error.
        if (error) {
          assertReadable(error.message, file);
          assert.match(error.message, /database is locked\. Another program/);
        }
        for (const source of sources) {
          assert.notEqual(source.outcome, "failed", source.error);
        }
      }
      assert.ok(results.some(({ error }) => !error));
      using db = await openDatabase(file);
      assert.deepEqual(rows(db, "PRAGMA integrity_check"), [["ok"]]);
      using whole = await openDatabase(undefined, { engine: "native" });
      for (const { path } of [tzLogs, wqLogs]) {
        await importRuninfo(db, path);
        await importRuninfo(whole, path);
      }
      const root = tzLogs.path.replace("/tz/runinfo", "");
      const all = contents(whole, root);
      counted.rows += all.length;
      assert.deepEqual(contents(db, root), all);
      counted.survived++;
    }
  }));
