import { strict as assert } from "node:assert";
import { importMonitoringDb } from "dnpc/importers";
import { DatabaseError } from "dnpc/sql";
import { inFolder, onDatabase, value } from "../sql/engines.ts";
import { copyOf, makeDatabase, rows, smallest, tz, wq } from "./databases.ts";

const nothing = "SELECT count(*) FROM sqlite_schema";

onDatabase(
  "importMonitoringDb() names a missing file",
  (db) =>
    inFolder(async (folder) => {
      const path = `${folder}/missing.db`;
      await assert.rejects(importMonitoringDb(db, path), (error) => {
        assert.ok(error instanceof Deno.errors.NotFound);
        assert.ok(
          error.message.startsWith(`there is no ${path} (looked from `),
        );
        return true;
      });
      assert.deepEqual([...Deno.readDirSync(folder)], []);
      assert.equal(value(db, nothing), 0);
    }),
);

onDatabase(
  "importMonitoringDb() names a file that is not a monitoring.db",
  (db) =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/text`, "This is no database at all.");
      await Deno.writeTextFile(`${folder}/zero`, "");
      makeDatabase(`${folder}/empty`, "CREATE TABLE a (b); DROP TABLE a");
      makeDatabase(`${folder}/other`, "CREATE TABLE task (id, name)");
      const wrong: [string, string, RegExp][] = [
        ["text", "DatabaseError", /it is not a SQLite database/],
        [".", "TypeError", /contains no monitoring\.db of Parsl/],
        ["zero", "TypeError", /is empty or a database of another program: /],
        ["empty", "TypeError", /is empty or a database of another program: /],
        ["other", "TypeError", /is empty or a database of another program: /],
      ];
      for (const [file, name, message] of wrong) {
        const path = await Deno.realPath(`${folder}/${file}`);
        await assert.rejects(importMonitoringDb(db, path), (error: Error) => {
          assert.equal(error.name, name);
          assert.match(error.message, message);
          assert.ok(error.message.includes(path), error.message);
          return true;
        });
      }
      assert.equal(value(db, nothing), 0);
    }),
);

/** Ways to damage a file of 44 pages. */
const damage: Record<string, (path: string) => Promise<void>> = {
  "cut in the middle": (path) => Deno.truncate(path, 80_000),
  "cut within a page": (path) => Deno.truncate(path, 101),
  "with a page twice": async (path) => {
    const bytes = await Deno.readFile(path);
    bytes.copyWithin(15 * 4096, 16 * 4096, 17 * 4096);
    await Deno.writeFile(path, bytes);
  },
  "with a column that has no name in Unicode": async (path) => {
    const bytes = await Deno.readFile(path);
    const at = new TextDecoder("latin1").decode(bytes).indexOf("fail_count");
    bytes[at] = 0xff;
    await Deno.writeFile(path, bytes);
  },
  ...Object.fromEntries(
    ([0, 0xff, 0x41] as const).map((byte) => [
      `with pages overwritten by ${byte}`,
      async (path: string) => {
        using file = await Deno.open(path, { write: true });
        await file.seek(8 * 4096, Deno.SeekMode.Start);
        await file.write(new Uint8Array(30 * 4096).fill(byte));
      },
    ]),
  ),
};

for (const [how, harm] of Object.entries(damage)) {
  onDatabase(
    `importMonitoringDb() keeps nothing of a file ${how}`,
    (db) =>
      inFolder(async (folder) => {
        const path = await Deno.realPath(
          await copyOf(tz, `${folder}/broken.db`),
        );
        await harm(path);
        await assert.rejects(importMonitoringDb(db, path), (error) => {
          assert.ok(error instanceof DatabaseError, String(error));
          assert.match(error.message, /^cannot (open|read) /);
          assert.ok(error.message.includes(path), error.message);
          return true;
        });
        assert.equal(value(db, nothing), 0);
      }),
  );
}

onDatabase(
  "importMonitoringDb() keeps the earlier import when a file is damaged",
  (db) =>
    inFolder(async (folder) => {
      await importMonitoringDb(db, wq.path, wq.options);
      const path = await copyOf(tz, `${folder}/monitoring.db`);
      await importMonitoringDb(db, path, tz.options);
      const state = () =>
        [
          "source",
          "span",
          "subspan",
          "event_row",
          "metric_row",
          "monitoring_status",
        ]
          .map((table) => rows(db, `SELECT * FROM ${table} ORDER BY rowid`));
      const before = state();
      await damage["with pages overwritten by 0"]!(path);
      await assert.rejects(
        importMonitoringDb(db, path, tz.options),
        DatabaseError,
      );
      assert.deepEqual(state(), before);
    }),
);

onDatabase(
  "importMonitoringDb() refuses attributes that are neither text nor number",
  async (db) => {
    for (const value of [null, undefined, {}, [], Symbol("a"), 5n]) {
      const attributes = { site: value } as unknown as Record<string, string>;
      await assert.rejects(importMonitoringDb(db, "nowhere", { attributes }), {
        name: "TypeError",
        message:
          /^the attribute "site" must be text, a number or a boolean; it is/,
      });
    }
    assert.equal(value(db, nothing), 0);
  },
);

onDatabase(
  "importMonitoringDb() adds the attributes to every span, as text",
  async (db) => {
    const attributes = {
      campaign: "sp\"ring's <b>",
      nodes: 16,
      dry: false,
      ["__proto__"]: "own",
    };
    await importMonitoringDb(db, tz.path, { attributes, ...tz.options });
    assert.deepEqual(
      rows(
        db,
        `SELECT DISTINCT attributes -> 'campaign', attributes -> 'nodes',
         attributes -> 'dry', attributes ->> '__proto__'
       FROM span`,
      ),
      [[
        JSON.stringify(attributes.campaign),
        '"16"',
        '"false"',
        "own",
      ]],
    );
  },
);

onDatabase(
  "importMonitoringDb() works in a database with other tables",
  async (db) => {
    db.exec(`
    CREATE TABLE monitoring_notes (text); INSERT INTO monitoring_notes VALUES (5);
    CREATE TABLE mine (text); INSERT INTO mine VALUES (6)`);
    await inFolder(async (folder) => {
      const path = makeDatabase(`${folder}/a`, smallest());
      await importMonitoringDb(db, path);
      makeDatabase(path, "INSERT INTO task VALUES ('r', 1)");
      await importMonitoringDb(db, path);
    });
    assert.equal(value(db, "SELECT count(*) FROM monitoring_task"), 2);
    assert.deepEqual(
      rows(
        db,
        "SELECT text AS a FROM monitoring_notes UNION SELECT text FROM mine",
      ),
      [[5], [6]],
    );
  },
);
