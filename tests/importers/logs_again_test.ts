import { type Database, openDatabase } from "dnpc/sql";
import { importRuninfo } from "dnpc/importers";
import assert from "node:assert/strict";

const line = (second: number, message: string) =>
  `17953440${42 + second}.000000 2026-11-22 10:40:${42 + second} ` +
  `MainProcess-1 MainThread-1 parsl.dataflow.dflow:1 submit INFO: ${message}\n`;

const first = line(0, "Run id is: one") +
  line(1, "Task 5 submitted for App top, not waiting on any dependency");

async function inFolder(
  work: (path: string, db: Database) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/000`);
    using db = await openDatabase();
    await work(`${folder}/000/parsl.log`, db);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const outcome = async (db: Database, path: string) =>
  (await importRuninfo(db, path)).sources[0]?.outcome;

const tasks = (db: Database) =>
  db.query<{ task: string; events: number }>(
    `SELECT span.attributes ->> 'task' AS task, count(event.id) AS events
     FROM span LEFT JOIN event ON event.span_id = span.id
     WHERE span.type = 'parsl.rundir.task' GROUP BY span.id ORDER BY task`,
  ).map(({ task, events }) => [task, events]);

Deno.test("importRuninfo() adds nothing for the same log or a copy", () =>
  inFolder(async (path, db) => {
    await Deno.writeTextFile(path, first + "half a li");
    assert.equal(await outcome(db, path), "imported");
    assert.equal(await outcome(db, path), "unchanged");
    const copy = path.replace("000/parsl", "parsl");
    await Deno.copyFile(path, copy);
    assert.equal(await outcome(db, copy), "unchanged");
    assert.deepEqual(tasks(db), [["5", 1]]);
  }));

Deno.test("importRuninfo() adds the new lines of a log that has grown", () =>
  inFolder(async (path, db) => {
    await Deno.writeTextFile(path, first);
    await outcome(db, path);
    await Deno.writeTextFile(
      path,
      first + line(2, "Task 5 will not be memoized") +
        line(3, "Task 6 will not be memoized"),
    );
    assert.equal(await outcome(db, path), "grown");
    assert.deepEqual(tasks(db), [["5", 2], ["6", 1]]);
  }));

Deno.test("importRuninfo() of another log of the same run removes the old events", () =>
  inFolder(async (path, db) => {
    await Deno.writeTextFile(path, first);
    await outcome(db, path);
    await Deno.writeTextFile(
      path,
      line(0, "Run id is: one") + line(1, "Task 7 will not be memoized"),
    );
    assert.equal(await outcome(db, path), "replaced");
    assert.deepEqual(tasks(db), [["7", 1]]);
    assert.equal(db.query("SELECT 1 FROM subspan").length, 1);
  }));
