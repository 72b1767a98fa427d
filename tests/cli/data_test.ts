import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { inPlace, output, rowsOf } from "./shell.ts";

const count = `"SELECT count(*) AS n FROM span WHERE type LIKE '%.task'"`;

Deno.test("DATA is a database, a directory, a tarball, a monitoring.db or a log", () =>
  inPlace(async (place) => {
    const { folder } = place;
    await output(place, "tar czf packed -C runinfo/ .");
    // 62 tasks in parsl.log and in monitoring.db, 63 in each log of the executor.
    const tasks: [data: string, spans: number][] = [
      ["runs.sqlite3", 62 * 2 + 63 * 3],
      ["runinfo", 62 * 2 + 63 * 3],
      ["runinfo/000", 62 + 63 * 3],
      ["packed", 62 * 2 + 63 * 3],
      ["runinfo/monitoring.db", 62],
      ["runinfo/000/parsl.log", 62],
    ];
    for (const [data, n] of tasks) {
      const text = await output(place, `dnpc sql ${data} ${count}`);
      assert.deepEqual(rowsOf(text), [{ n: `${n}` }], data);
    }
    assert.deepEqual(
      [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
      ["after", "before", "bin", "packed", "runinfo", "runs.sqlite3"],
    );
  }));

Deno.test("dnpc sql reads any database, and the other commands reject one without spans", () =>
  inPlace(async (place) => {
    const db = new DatabaseSync(`${place.folder}/birds.db`);
    db.exec(`CREATE TABLE bird (name TEXT); INSERT INTO bird VALUES ('wren');
      CREATE VIEW task AS SELECT name FROM bird;
      CREATE VIEW workflow AS SELECT name FROM bird`);
    db.close();
    assert.equal(
      await output(place, 'dnpc sql birds.db "SELECT name FROM bird"'),
      "name\nwren\n",
    );
    const { code, stderr } = await place.shell("dnpc metrics birds.db");
    assert.equal(code, 125);
    assert.match(
      stderr,
      /birds\.db has none of dnpc's tables, but bird, task, workflow: nothing was imported/,
    );
  }));

Deno.test("dnpc does not block on a pipe named as data or database", () =>
  inPlace(async ({ folder, shell }) => {
    const { code } = await shell("mkfifo pipe");
    assert.equal(code, 0);
    const lines = [
      'dnpc sql pipe "SELECT 1"',
      "dnpc span-types pipe",
      "dnpc import pipe -o new.sqlite3",
      "dnpc import runinfo/ -o pipe",
    ];
    for (const line of lines) {
      const { code, stderr } = await shell(`timeout 30 ${line}`);
      assert.equal(code, 125, `${line}: ${stderr}`);
      assert.match(stderr, /pipe.*special file/s, line);
    }
    assert.ok(Deno.lstatSync(`${folder}/pipe`).isFifo);
  }));
