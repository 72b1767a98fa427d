import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { importMonitoringDb, importParslLog } from "dnpc/importers";
import { spanTypes } from "dnpc/questions";
import { bind, type Database, openDatabase } from "dnpc/sql";
import { aggregates, scalars } from "../../sql/functions/mod.ts";
import { rows, smallest } from "../importers/databases.ts";
import { tzLogs } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { figures, isWhole } from "./figures.ts";
import {
  changedSchema,
  changesOf,
  tableNames,
  tablesInPlace,
} from "./foreign_schemas.ts";

const counted = figures("schemas that dnpc did not make");

const engines = ["native", "sqljs"] as const;

/** All cases in the whole suite, otherwise one of `every`. */
const some = <T>(cases: readonly T[], every: number): T[] =>
  cases.filter((_, i) => isWhole || i % every === 0);

/** Creates a file by another program, which has these functions. */
function make(
  path: string,
  script: string,
  functions: readonly string[] = [],
): void {
  using db = new DatabaseSync(path);
  for (const name of functions) {
    db.function(name, { deterministic: true, varargs: true }, () => 1);
  }
  // Files for a moment need not survive a crash.
  db.exec(`PRAGMA synchronous = OFF; ${script}`);
}

/** The message of an error of the database. */
async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.equal(error.name, "DatabaseError", error.stack);
    return error.message;
  }
  throw new assert.AssertionError({ message: "it was not refused" });
}

/** Imports, rules and a question, on a database that all must refuse alike. */
const doors: Record<string, (db: Database) => unknown> = {
  importParslLog: (db) => importParslLog(db, `${tzLogs.path}/000/parsl.log`),
  bind: (db) => bind(db, []),
  spanTypes: (db) => db.query(spanTypes()),
};

for (const table of tableNames) {
  Deno.test(`imports and questions refuse a changed ${table} by name`, () =>
    inFolder(async (folder) => {
      for (const [i, change] of some(changesOf(table), 5).entries()) {
        const path = `${folder}/${i}.sqlite3`;
        make(path, changedSchema(table, change));
        for (const engine of engines) {
          for (const [name, door] of Object.entries(doors)) {
            counted.inputs++;
            using db = await openDatabase(path, { engine });
            const message = await refusal(() => door(db));
            assert.match(message, change.says, `${name}: ${change.script}`);
            assert.match(message, new RegExp(`table "${table}"`));
            for (const table of ["span", "event"]) {
              const [[n]] = rows(db, `SELECT count(*) FROM ${table}`) as [
                [number],
              ];
              counted.rows += 2;
              counted.lost += 2 - n;
            }
            counted.survived++;
          }
        }
      }
    }));

  Deno.test(`imports and questions refuse something else called ${table}`, () =>
    inFolder(async (folder) => {
      for (const [i, { script, says }] of tablesInPlace(table).entries()) {
        const path = `${folder}/${i}.sqlite3`;
        make(path, script);
        const before = await Deno.readFile(path);
        for (const engine of engines) {
          for (const [name, door] of Object.entries(doors)) {
            counted.inputs++;
            using db = await openDatabase(path, { engine });
            const message = await refusal(() => door(db));
            assert.match(message, says, `${name}: ${script}`);
            counted.survived++;
          }
        }
        assert.deepEqual(await Deno.readFile(path), before, script);
      }
    }));
}

Deno.test("importMonitoringDb() refuses triggers and generated columns on its copies", () =>
  inFolder(async (folder) => {
    const source = `${folder}/monitoring.db`;
    make(source, smallest());
    const copies = ["workflow", "task", "status", "try"];
    for (const [i, copy] of some(copies, 3).entries()) {
      for (const engine of engines) {
        for (
          const added of [
            `CREATE TRIGGER changed AFTER INSERT ON monitoring_${copy}
             BEGIN DELETE FROM event; END`,
            `CREATE TRIGGER changed AFTER DELETE ON monitoring_${copy}
             BEGIN DELETE FROM event; END`,
            `ALTER TABLE monitoring_${copy} ADD COLUMN changed AS (1)`,
          ]
        ) {
          counted.inputs++;
          const path = `${folder}/${i}.sqlite3`;
          await Deno.remove(path).catch(() => {});
          using db = await openDatabase(path);
          db.exec("PRAGMA synchronous = OFF");
          await importMonitoringDb(db, source);
          db.exec(added);
          const events = rows(db, "SELECT * FROM event");
          using other = await openDatabase(path, { engine });
          make(`${folder}/next.db`, smallest("CREATE TABLE next (a)"));
          const message = await refusal(() =>
            importMonitoringDb(other, `${folder}/next.db`)
          );
          assert.match(message, /"changed" on its table "monitoring_/);
          assert.deepEqual(rows(other, "SELECT * FROM event"), events);
          counted.rows += events.length;
          counted.survived++;
          await Deno.remove(`${folder}/next.db`);
        }
      }
    }
  }));

/** Objects of a file that call a function, each touched by the statement. */
const callers: [object: string, touch: string][] = [
  ["CREATE VIEW v AS SELECT CALL AS b", "SELECT * FROM v"],
  [
    `CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT CALL; END`,
    "INSERT INTO t VALUES (1)",
  ],
  ["CREATE TABLE g (a, b AS (CALL))", "SELECT * FROM g"],
  ["CREATE TABLE g (a, b AS (CALL) STORED)", "INSERT INTO g VALUES (1)"],
  ["CREATE TABLE c (a CHECK (CALL))", "INSERT INTO c VALUES (1)"],
  ["CREATE INDEX i ON t (CALL)", "INSERT INTO t VALUES (1)"],
  ["CREATE INDEX i ON t (a) WHERE CALL", "INSERT INTO t VALUES (1)"],
  ["CREATE TABLE d (a, b DEFAULT (CALL))", "INSERT INTO d (a) VALUES (1)"],
];

for (const engine of engines) {
  Deno.test(`no object of a file calls a function of dnpc [${engine}]`, () =>
    inFolder(async (folder) => {
      const calls = [...scalars, ...aggregates].map(({ name, arity }) => ({
        name,
        args: Array<string>(arity < 0 ? 2 : arity).fill("1"),
        isAggregate: aggregates.some((other) => other.name === name),
      }));
      for (const { name, args, isAggregate } of some(calls, 6)) {
        const call = `${name}(${args.join()})`;
        // Elsewhere SQLite itself allows no aggregates.
        for (const [object, touch] of callers.slice(0, isAggregate ? 2 : 8)) {
          counted.inputs++;
          const path = `${folder}/a.sqlite3`;
          await Deno.remove(path).catch(() => {});
          const script = `CREATE TABLE t (a); ${object.replace("CALL", call)}`;
          make(path, script, isAggregate ? [] : [name]);
          for (const trusted of ["OFF", "ON"]) {
            const message = await refusal(async () => {
              using db = await openDatabase(path, { engine });
              db.exec(`PRAGMA trusted_schema = ${trusted}`);
              db.exec(touch);
            });
            assert.match(message, /unsafe use of/, script);
          }
          counted.survived++;
        }
      }
    }));

  Deno.test(`a database opened with readOnly changes nothing anywhere [${engine}]`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/a.sqlite3`;
      make(path, "CREATE TABLE t (a); INSERT INTO t VALUES (5)");
      const bytes = await Deno.readFile(path);
      const statements = [
        ...["", "/* a */ ", "-- a\n", " \n"].flatMap((before) => [
          `${before}VACUUM INTO '${folder}/b'`,
          `${before}vacuum main into '${folder}/b'`,
          `${before}INSERT INTO t VALUES (1)`,
          `${before}WITH n AS (SELECT 1) INSERT INTO t SELECT * FROM n`,
          `${before}REPLACE INTO t VALUES (1)`,
          `${before}UPDATE t SET a = 1`,
          `${before}DELETE FROM t`,
          `${before}CREATE TABLE u AS SELECT 1`,
          `${before}DROP TABLE t`,
          `${before}PRAGMA user_version = 5`,
          `${before}ATTACH '${folder}/b' AS b`,
          `${before}attach database 'file:${folder}/b?mode=rwc' as b`,
        ]),
      ];
      for (const given of [path, bytes]) {
        for (const sql of statements) {
          counted.inputs++;
          using db = await openDatabase(given, { engine, readOnly: true });
          // SQLite attaches files to a file read-only, and creates none.
          const isAttach = given === path && /attach/i.test(sql);
          const refused = isAttach
            ? { name: "DatabaseError" }
            : { name: "DatabaseError", code: "SQLITE_READONLY" };
          assert.throws(() => db.exec(sql), refused, sql);
          assert.throws(() => db.run(sql), refused, sql);
          assert.deepEqual(rows(db, "SELECT a FROM t"), [[5]]);
          counted.rows++;
          const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
          assert.deepEqual(names, ["a.sqlite3"], sql);
          counted.survived++;
        }
      }
      assert.deepEqual(await Deno.readFile(path), bytes);
    }));
}
