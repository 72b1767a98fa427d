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

// The log has 3 lines, of tasks 3 and 4.
const appLog = `2026-11-22T10:44:46Z app: task 3 opens /scratch/a.dat
2026-11-22T10:44:49Z app: task 3 has read 812 blocks
2026-11-22T10:44:50Z app: Task 4 opens /scratch/b.dat
`;
const patterns = {
  time: String.raw`^(?<time>\S+) app: `,
  lines: [
    {
      match: String.raw`/task (?<task>\d+) opens/i`,
      span: "app.read",
      event: "opened",
    },
    {
      match: String.raw`task (?<task>\d+) has read`,
      span: "app.read",
      event: "read",
    },
  ],
};

Deno.test("--patterns reads other logs, from a file, a directory or a pipe", () =>
  inPlace(async (place) => {
    const { folder, shell } = place;
    Deno.writeTextFileSync(`${folder}/app.log`, appLog);
    Deno.mkdirSync(`${folder}/logs`);
    Deno.copyFileSync(`${folder}/app.log`, `${folder}/logs/app.log`);
    Deno.writeTextFileSync(`${folder}/p.json`, JSON.stringify(patterns));
    for (const data of ["app.log", "logs", "-"]) {
      const text = await output(
        place,
        `cat app.log | dnpc span-types ${data} --patterns p.json`,
      );
      const [row] = rowsOf(text);
      assert.deepEqual(
        [row!.type, row!.spans, row!.events],
        ["app.read", "2", "3"],
      );
    }
    const both = await output(
      place,
      "mv app.log runinfo/ && dnpc span-types runinfo --patterns p.json",
    );
    const spans = new Map(rowsOf(both).map((row) => [row.type, row.spans]));
    assert.equal(spans.get("app.read"), "2");
    assert.equal(spans.get("parsl.rundir.task"), "62");
    await output(place, "dnpc import logs -q -o new.sqlite3 --patterns p.json");
    const [row] = rowsOf(await output(place, "dnpc span-types new.sqlite3"));
    assert.equal(row!.type, "app.read");

    const wrong: [patterns: string, message: RegExp][] = [
      ["{", /p\.json is not JSON: /],
      ['{"time": "(?<time>"}', /p\.json: lines must be an array of patterns/],
      [
        JSON.stringify({ ...patterns, time: "(?<time>" }),
        /p\.json: time is wrong: Invalid regular expression/,
      ],
      [
        JSON.stringify({ ...patterns, time: "^(?<time>x)" }),
        /p\.json: time, \/\^\(\?<time>x\)\/, matches no line of/,
      ],
    ];
    for (const [text, message] of wrong) {
      Deno.writeTextFileSync(`${folder}/p.json`, text);
      const { code, stderr } = await shell("dnpc runs logs --patterns p.json");
      assert.equal(code, 125);
      assert.match(stderr, message);
    }
    const { stderr } = await shell("dnpc runs runs.sqlite3 --patterns p.json");
    assert.match(
      stderr,
      /and runs\.sqlite3 is a database: give the patterns to/,
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
