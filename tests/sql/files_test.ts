// Over 300 lines: opening and saving files share their helpers.

import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { type Database, DatabaseError, openDatabase } from "dnpc/sql";
import {
  askOtherSqlite,
  inFolder,
  onEngines,
  value,
  withEngines,
} from "./engines.ts";

const names = async (folder: string) => {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).sort();
};

Deno.test("openDatabase() creates a file that other programs open", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.sqlite3`;
    {
      using db = await openDatabase(path);
      assert.equal(db.path, path);
      assert.equal(db.readOnly, false);
      db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (5)");
    }
    const answer = await askOtherSqlite(path, "SELECT a FROM t");
    assert.equal(answer, "5");
    assert.deepEqual(await names(folder), ["a.sqlite3"]);
  }));

withEngines(
  "openDatabase() opens a file: URL, also as text",
  ({ engine }) =>
    inFolder(async (folder) => {
      const path = `${folder}/a b?#%.sqlite3`;
      using db = await openDatabase(path);
      db.exec("CREATE TABLE t (a)");
      for (const url of [pathToFileURL(path), pathToFileURL(path).href]) {
        using again = await openDatabase(url, { engine });
        assert.equal(again.path, path);
        assert.equal(value(again, "SELECT count(*) FROM t"), 0);
      }
    }),
);

withEngines("openDatabase() creates no tables", async ({ engine }) => {
  using db = await openDatabase(undefined, { engine });
  assert.equal(db.path, undefined);
  assert.equal(value(db, "SELECT count(*) FROM sqlite_schema"), 0);
});

withEngines(
  "openDatabase() explains an invalid path",
  ({ engine }) =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/text`, "This is no database at all.");
      await Deno.writeTextFile(`${folder}/short`, "SQLite");
      await Deno.writeTextFile(`${folder}/damaged`, "SQLite format 3\0broken");
      const wrong: [string, boolean, RegExp][] = [
        [
          "missing",
          true,
          /there is no such file. Check the path; without read/,
        ],
        ["no/file", false, /there is no folder .*no. Make it first, or check/],
        ["no/file", true, /there is no folder .*no. Make it first, or check/],
        ["text/file", false, /there is no folder .*text. Make it first, or/],
        [".", false, /it is a folder. Give the path of a SQLite file/],
        ["text", false, /it is not a SQLite database. Check the path/],
        ["text", true, /it is not a SQLite database. Check the path/],
        ["short", false, /it is not a SQLite database. Check the path/],
        ["damaged", false, /file is not a database/],
      ];
      for (const [name, readOnly, message] of wrong) {
        const path = `${folder}/${name}`;
        await assert.rejects(
          openDatabase(path, { engine, readOnly }),
          (error) => {
            assert.ok(error instanceof DatabaseError, String(error));
            assert.ok(error.message.startsWith(`cannot open ${path}: `));
            assert.match(error.message, message);
            return true;
          },
        );
      }
      assert.deepEqual(await names(folder), ["damaged", "short", "text"]);
      assert.equal((await Deno.stat(`${folder}/text`)).size, 27);
    }),
);

withEngines(
  "openDatabase() refuses invalid paths and options",
  async ({ engine }) => {
    const type = { name: "TypeError" };
    await assert.rejects(openDatabase("", { engine }), type);
    await assert.rejects(
      openDatabase(new URL("https://a.b/c"), { engine }),
      type,
    );
    await assert.rejects(
      openDatabase(undefined, { engine, readOnly: true }),
      type,
    );
    const other = "other" as unknown as "native";
    await assert.rejects(openDatabase(undefined, { engine: other }), type);
  },
);

withEngines(
  "openDatabase() opens an empty file as an empty database",
  ({ engine }) =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/empty`, "");
      for (const readOnly of [true, false]) {
        using db = await openDatabase(`${folder}/empty`, { engine, readOnly });
        assert.equal(value(db, "SELECT count(*) FROM sqlite_schema"), 0);
      }
    }),
);

withEngines(
  "openDatabase() with readOnly refuses to write, except to temporary tables",
  ({ engine }) =>
    inFolder(async (folder) => {
      const path = `${folder}/a.sqlite3`;
      (await createFile(path)).close();
      for (const what of [path, await Deno.readFile(path)]) {
        using db = await openDatabase(what, { engine, readOnly: true });
        assert.equal(db.readOnly, true);
        const refused = [
          "INSERT INTO t VALUES (6)",
          "UPDATE t SET a = 6",
          "DELETE FROM t",
          "CREATE TABLE u (a)",
          "DROP TABLE t",
          "PRAGMA user_version = 5",
          ...(what === path ? [] : ["VACUUM"]),
        ];
        for (const sql of refused) {
          const words = "attempt to write a readonly database";
          const message = what === path
            ? `cannot use ${path}: ${words}. It was opened with readOnly: ` +
              "open it without"
            : `${words}\nin: ${sql}`;
          assert.throws(() => db.run(sql), { name: "DatabaseError", message });
          assert.throws(() => db.exec(sql), { name: "DatabaseError", message });
        }
        db.exec("CREATE TEMP TABLE u (a); INSERT INTO u SELECT a + 1 FROM t");
        db.transaction(() => db.run("UPDATE u SET a = a + 1"));
        assert.equal(value(db, "SELECT a FROM u"), 7);
        assert.equal(value(db, "SELECT a FROM t"), 5);
      }
      assert.deepEqual(await names(folder), ["a.sqlite3"]);
    }),
);

withEngines(
  "openDatabase() opens the bytes of a file as a copy",
  ({ engine }) =>
    inFolder(async (folder) => {
      const path = `${folder}/a.sqlite3`;
      (await createFile(path)).close();
      const bytes = await Deno.readFile(path);
      // The bytes may be a view into a larger buffer, such as an archive.
      const archive = new Uint8Array(bytes.length + 7);
      archive.set(bytes, 7);
      using db = await openDatabase(archive.subarray(7), { engine });
      assert.equal(db.path, undefined);
      db.run("INSERT INTO t SELECT sqrt(a * a) + value FROM t, json_each(?)", [
        JSON.stringify(Array.from({ length: 10_000 }, (_, i) => i)),
      ]);
      assert.equal(value(db, "SELECT count(*) FROM t"), 10_001);
      assert.deepEqual(archive.subarray(7), bytes);
      db.save(`${folder}/b.sqlite3`);
      const answer = await askOtherSqlite(
        `${folder}/b.sqlite3`,
        "SELECT count(*), sum(a) FROM t",
      );
      assert.equal(answer, "10001|50045005.0");
      assert.deepEqual(await names(folder), ["a.sqlite3", "b.sqlite3"]);
    }),
);

withEngines(
  "openDatabase() opens bytes whose header declares a write-ahead log",
  ({ engine }) =>
    inFolder(async (folder) => {
      const path = `${folder}/a.sqlite3`;
      {
        using db = await createFile(path);
        db.query("PRAGMA journal_mode = WAL");
      }
      const bytes = await Deno.readFile(path);
      assert.deepEqual([...bytes.subarray(18, 20)], [2, 2]);
      using db = await openDatabase(bytes, { engine, readOnly: true });
      assert.equal(value(db, "SELECT a FROM t"), 5);
      assert.deepEqual([...bytes.subarray(18, 20)], [2, 2]);
    }),
);

withEngines(
  "openDatabase() explains invalid bytes",
  async ({ engine }) => {
    const text = new TextEncoder();
    const wrong: [string, RegExp][] = [
      ["no database", /the 11 bytes are not a SQLite database. Give the whole/],
      ["SQLite format 3\0broken", /file is not a database/],
    ];
    for (const [content, message] of wrong) {
      await assert.rejects(
        openDatabase(text.encode(content), { engine, readOnly: true }),
        (error) => {
          assert.ok(error instanceof DatabaseError, String(error));
          assert.match(error.message, /^cannot open a database from bytes: /);
          assert.match(error.message, message);
          return true;
        },
      );
    }
    const nothing = new Uint8Array();
    using db = await openDatabase(nothing, { engine, readOnly: true });
    assert.equal(value(db, "SELECT count(*) FROM sqlite_schema"), 0);
  },
);

Deno.test("openDatabase() with sqljs writes nothing until save()", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.sqlite3`;
    (await createFile(path)).close();
    using db = await openDatabase(path, { engine: "sqljs" });
    db.run("UPDATE t SET a = 6");
    using before = await openDatabase(path, { readOnly: true });
    assert.equal(value(before, "SELECT a FROM t"), 5);
    db.save(path);
    using after = await openDatabase(path, { readOnly: true });
    assert.equal(value(after, "SELECT a FROM t"), 6);
    using fresh = await openDatabase(`${folder}/new`, { engine: "sqljs" });
    fresh.exec("CREATE TABLE t (a)");
    assert.deepEqual(await names(folder), ["a.sqlite3"]);
  }));

Deno.test("openDatabase() with sqljs reads another program's write-ahead log", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.sqlite3`;
    using writer = await createFile(path);
    writer.query("PRAGMA journal_mode = WAL");
    writer.run("UPDATE t SET a = 6");
    using db = await openDatabase(path, { engine: "sqljs", readOnly: true });
    assert.equal(value(db, "SELECT a FROM t"), 6);
  }));

onEngines(
  "save() replaces a file, and other programs can open it",
  (db) =>
    inFolder(async (folder) => {
      const path = `${folder}/a.sqlite3`;
      await Deno.writeTextFile(path, "something else");
      db.exec(
        "CREATE TABLE t (a); INSERT INTO t VALUES ('ä'), (9007199254740993)",
      );
      db.exec("CREATE TEMP TABLE u AS SELECT 1 AS one");
      const cached = () => db.query("SELECT count(*) AS n FROM t, u")[0]?.n;
      cached();
      db.save(path);
      assert.equal(cached(), 2);
      assert.deepEqual(await names(folder), ["a.sqlite3"]);
      {
        using saved = await openDatabase(path, { readOnly: true });
        assert.equal(value(saved, "SELECT max(a) FROM t"), "ä");
      }
      const answer = await askOtherSqlite(path, "SELECT a FROM t");
      assert.equal(answer, "ä\n9007199254740993");
    }),
);

onEngines("save() fails inside a transaction", (db) => {
  const refused = { name: "DatabaseError", message: /inside a transaction/ };
  db.transaction(() => assert.throws(() => db.save("never"), refused));
  db.exec("BEGIN");
  assert.throws(() => db.save("never"), refused);
  db.exec("COMMIT");
});

onEngines(
  "save() explains an invalid path and leaves no file",
  (db) =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/busy-journal`, "");
      const wrong: [string, RegExp][] = [
        ["no/file", /there is no folder/],
        [".", /it is a folder/],
        ["busy", /busy-journal shows that another program has it open/],
      ];
      for (const [name, message] of wrong) {
        assert.throws(() => db.save(`${folder}/${name}`), {
          name: "DatabaseError",
          message,
        });
      }
      assert.deepEqual(await names(folder), ["busy-journal"]);
    }),
);

Deno.test("save() to the open file itself keeps the file and its link", () =>
  inFolder(async (folder) => {
    using db = await createFile(`${folder}/a.sqlite3`);
    await Deno.symlink(`${folder}/a.sqlite3`, `${folder}/link`);
    db.save(`${folder}/link`);
    db.save(pathToFileURL(`${folder}/a.sqlite3`));
    db.run("UPDATE t SET a = 6");
    assert.equal((await Deno.lstat(`${folder}/link`)).isSymlink, true);
  }));

async function createFile(path: string) {
  const db = await openDatabase(path);
  db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (5)");
  return db;
}

withEngines(
  "openDatabase() prevents a file from calling functions of dnpc",
  (engine) =>
    inFolder(async (folder) => {
      const objects = {
        column: "CREATE TABLE t (a, b AS (regexp_extract(a, '(a+)+b')))",
        check: "CREATE TABLE t (a, CHECK (regexp('(a+)+b', a)))",
        index: "CREATE TABLE t (a); CREATE INDEX i ON t (regexp_extract(a, 5))",
        view: "CREATE VIEW t AS SELECT median(1) AS a",
        trigger: `CREATE TABLE t (a); CREATE TABLE s (a);
          CREATE TRIGGER u INSERT ON s BEGIN SELECT median(1); END`,
      };
      for (const [name, script] of Object.entries(objects)) {
        const path = `${folder}/${name}.sqlite3`;
        makeWithFunctions(path, ["regexp", "regexp_extract"], script);
        await assert.rejects(
          async () => {
            using db = await openDatabase(path, engine);
            // Not even if somebody trusts the file.
            db.exec("PRAGMA trusted_schema = ON");
            db.query("SELECT * FROM t");
            db.run("INSERT INTO s VALUES (1)");
          },
          { message: /unsafe use of (regexp|regexp_extract|median)/ },
          name,
        );
      }
      using own = await openDatabase(undefined, engine);
      own.exec("CREATE TEMP VIEW own AS SELECT median(5) AS m, sqrt(4) AS s");
      assert.deepEqual([...own.query("SELECT * FROM own")], [{ m: 5, s: 2 }]);
    }),
);

/** Creates a file by a program that has functions of these names. */
function makeWithFunctions(
  path: string,
  functions: readonly string[],
  script: string,
): void {
  using db = new DatabaseSync(path);
  for (const name of functions) {
    db.function(name, { deterministic: true, varargs: true }, () => 1);
  }
  db.exec(script);
}

withEngines(
  "DatabaseError has SQLite's primary result code",
  (engine) =>
    inFolder(async (folder) => {
      const path = `${folder}/a.sqlite3`;
      (await createFile(path)).close();
      const codeOf = (db: Database, sql: string) => {
        try {
          db.exec(sql);
        } catch (error) {
          assert.ok(error instanceof DatabaseError);
          return error.code;
        }
      };
      using db = await openDatabase(undefined, engine);
      db.exec("CREATE TABLE u (a UNIQUE CHECK (a > 0))");
      const codes = {
        "SELECT colour": "SQLITE_ERROR",
        "SELECT * FROM fish": "SQLITE_ERROR",
        "INSERT INTO u VALUES (1), (1)": "SQLITE_CONSTRAINT",
        "INSERT INTO u VALUES (-1)": "SQLITE_CONSTRAINT",
        "CREATE TABLE n (id INTEGER PRIMARY KEY); INSERT INTO n VALUES ('a')":
          "SQLITE_MISMATCH",
        "SELECT zeroblob(2000000000)": "SQLITE_TOOBIG",
        "SELECT regexp_extract('a', '(')": "SQLITE_ERROR",
      };
      for (const [sql, code] of Object.entries(codes)) {
        assert.equal(codeOf(db, sql), code, sql);
      }
      using shut = await openDatabase(path, { ...engine, readOnly: true });
      for (const sql of ["DELETE FROM t", "VACUUM INTO 'b'", "DROP TABLE t"]) {
        assert.equal(codeOf(shut, sql), "SQLITE_READONLY", sql);
      }
      const damaged = await Deno.readFile(path);
      damaged.fill(255, 100, 110);
      await assert.rejects(openDatabase(damaged, engine), {
        code: "SQLITE_CORRUPT",
      });
      damaged.fill(255, 16);
      await assert.rejects(openDatabase(damaged, engine), {
        code: "SQLITE_NOTADB",
      });
    }),
);

Deno.test("DatabaseError has the result code of a locked and of a missing file", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.sqlite3`;
    using db = await createFile(path);
    using other = new DatabaseSync(path);
    other.exec("BEGIN EXCLUSIVE");
    db.exec("PRAGMA busy_timeout = 1");
    assert.throws(() => db.query("SELECT * FROM t"), {
      code: "SQLITE_BUSY",
      message: /Another program is using it/,
    });
    other.exec("COMMIT");
    await Deno.mkdir(`${folder}/b.sqlite3-journal`);
    await assert.rejects(
      async () => {
        using fresh = await openDatabase(`${folder}/b.sqlite3`);
        fresh.exec("CREATE TABLE t (a)");
      },
      { code: "SQLITE_CANTOPEN" },
    );
  }));

withEngines(
  "openDatabase() with readOnly writes no other file",
  (engine) =>
    inFolder(async (folder) => {
      const path = `${folder}/a.sqlite3`;
      {
        using db = await openDatabase(path);
        db.exec("CREATE TABLE t (a)");
      }
      const bytes = Deno.readFileSync(path);
      using file = await openDatabase(path, { ...engine, readOnly: true });
      using copy = await openDatabase(bytes, { ...engine, readOnly: true });
      const refused = { message: /readonly/ };
      for (const db of [file, copy]) {
        const vacuum = `VACUUM INTO '${folder}/b.sqlite3'`;
        assert.throws(() => db.run(vacuum), refused);
        assert.throws(() => db.exec(vacuum), refused);
      }
      const attach = `ATTACH '${folder}/b.sqlite3' AS b`;
      assert.throws(() => copy.run(attach), refused);
      assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), [
        "a.sqlite3",
      ]);
    }),
);
