import { importRuninfo } from "dnpc/importers";
import { eventsOf, lines, story } from "dnpc/questions";
import { type Database, insertRows, openDatabase, sql } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import { create } from "tar";
import { inFolder } from "../sql/engines.ts";
import { larger, onLogs, tzLogs, wqLogs } from "../importers/logs.ts";

/** Every event with a file position, and the text of its line. */
function checkAll(db: Database, textOf: (path: string) => string) {
  const events = db.query<
    { event_id: number; path: string; line: number; offset: number }
  >(`SELECT event.id AS event_id, path, line, offset
     FROM event JOIN source ON source.id = source_id
     WHERE offset IS NOT NULL`);
  assert.ok(events.length > 100);
  const texts = new Map<string, string[]>();
  const rows = lines(db, events);
  assert.equal(rows.length, events.length);
  rows.forEach(({ event_id, text, line, path, problem, is_event }, i) => {
    if (!texts.has(path!)) texts.set(path!, textOf(path!).split("\n"));
    assert.equal(problem, null);
    assert.equal(event_id, events[i]!.event_id);
    assert.equal(is_event, 1);
    assert.equal(text, texts.get(path!)![line! - 1]);
  });
}

onLogs(
  "lines() gives the line of each event",
  [tzLogs, wqLogs, larger("obs-wf"), larger("multi-load")],
  (db) => checkAll(db, (path) => Deno.readTextFileSync(path)),
);

Deno.test("lines() reads packed files", () =>
  inFolder(async (folder) => {
    await create({ file: `${folder}/runs.tgz`, gzip: true, cwd: tzLogs.path }, [
      ".",
    ]);
    using db = await openDatabase(undefined, { engine: "native" });
    await importRuninfo(db, `${folder}/runs.tgz`);
    const { openSync } = Deno;
    let opened = 0;
    Deno.openSync = (path, options) => {
      opened += Number(String(path).endsWith("runs.tgz"));
      return openSync(path, options);
    };
    try {
      checkAll(db, (path) => {
        const inside = path.slice(path.indexOf(".tgz/") + ".tgz/".length);
        return Deno.readTextFileSync(`${tzLogs.path}/${inside}`);
      });
    } finally {
      Deno.openSync = openSync;
    }
    // Once for the logs of all sources.
    assert.equal(opened, 1);
  }));

const line = (task: number) =>
  `1795344042.048999 2026-11-22 10:40:42 MainProcess-8690 MainThread-1 ` +
  `parsl.dataflow.dflow:1027 submit INFO: Task ${task} submitted for App ` +
  `left, not waiting on any dependency\n`;

/** Imports a log of five tasks, changes it, and runs the test. */
const after = (
  change: (path: string) => void | Promise<void>,
  look: (db: Database, path: string) => void,
  pack = (text: string): Uint8Array<ArrayBuffer> =>
    new TextEncoder().encode(text),
  name = "parsl.log",
) =>
  inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    await Deno.mkdir(`${folder}/000`);
    const path = `${folder}/000/${name}`;
    const text = [0, 1, 2, 3, 4].map(line).join("");
    await Deno.writeFile(path, pack(text));
    using db = await openDatabase();
    await importRuninfo(db, folder);
    await change(path);
    look(db, path);
  });

const near = (db: Database, task: number, context: number) =>
  lines(
    db,
    sql`SELECT event_id FROM (${
      eventsOf("parsl.rundir.task", { eventTypes: ["submitted"] })
    }) JOIN span ON span.id = root_id
    WHERE attributes ->> 'task' = ${String(task)}`,
    { context },
  )
    .map(({ line, is_event, text }) =>
      `${line} ${is_event} ${/Task \d/.exec(text!)}`
    );

Deno.test("lines() returns the lines around an event, up to the ends of the file", () =>
  after(() => {}, (db) => {
    assert.deepEqual(near(db, 2, 1), [
      "2 0 Task 1",
      "3 1 Task 2",
      "4 0 Task 3",
    ]);
    assert.deepEqual(near(db, 0, 2), [
      "1 1 Task 0",
      "2 0 Task 1",
      "3 0 Task 2",
    ]);
    assert.deepEqual(near(db, 4, 2), [
      "3 0 Task 2",
      "4 0 Task 3",
      "5 1 Task 4",
    ]);
    const all = db.query<{ id: number }>(
      "SELECT id FROM event WHERE type = 'submitted' ORDER BY id DESC",
    ).map(({ id }) => id);
    assert.deepEqual(
      lines(db, all, { context: 1 }).map(({ line }) => line),
      [4, 5, 3, 4, 5, 2, 3, 4, 1, 2, 3, 1, 2],
    );
    assert.deepEqual([...lines(db, [])], []);
    for (const context of [-1, 0.5, NaN]) {
      assert.throws(() => lines(db, all, { context }), { name: "RangeError" });
    }
  }));

Deno.test("lines() gives the reason for an event without an offset in a log", () =>
  after(() => {}, (db, path) => {
    insertRows(db, "event", ["span_id", "time", "type", "source_id"], [
      [1, 1, "noted", 1],
    ]);
    const ids = db.query<{ event_id: number }>(
      "SELECT id AS event_id FROM event WHERE type IN ('noted', 'submitted')",
    );
    const problems = lines(db, ids).map(({ problem }) => problem);
    assert.deepEqual(problems.filter((problem) => problem !== null), [
      `the event names no line of ${path}`,
    ]);
    assert.equal(problems.length, 6);
  }));

Deno.test("lines() reads a file packed with gzip", () =>
  after(
    () => {},
    (db) => assert.deepEqual(near(db, 3, 0), ["4 1 Task 3"]),
    (text) => new Uint8Array(gzipSync(text)),
    "parsl.log.gz",
  ));

Deno.test("lines() reads a log that has grown", () =>
  after(
    (path) => Deno.writeTextFile(path, line(9) + "and more", { append: true }),
    (db) => assert.deepEqual(near(db, 4, 1), ["4 0 Task 3", "5 1 Task 4"]),
  ));

const changes: Record<string, [(path: string) => Promise<void>, RegExp]> = {
  "is gone": [(path) => Deno.remove(path), /parsl\.log is gone$/],
  "is shorter": [
    (path) => Deno.truncate(path, 300),
    /parsl\.log has changed since it was imported$/,
  ],
  "is empty": [(path) => Deno.truncate(path, 0), /has changed/],
  "was replaced": [
    (path) => Deno.writeTextFile(path, [9, 8, 7, 6, 5].map(line).join("")),
    /has changed/,
  ],
  "became a folder": [
    async (path) => {
      await Deno.remove(path);
      await Deno.mkdir(path);
    },
    /is gone/,
  ],
  "became a packed file": [
    async (path) => {
      const bytes = gzipSync(await Deno.readFile(path));
      await Deno.writeFile(path, bytes.subarray(0, 40));
    },
    /has changed|cannot be read/,
  ],
};

for (const [how, [change, problem]] of Object.entries(changes)) {
  Deno.test(`lines() reports in each row that a file ${how}`, () =>
    after(change, (db) => {
      const rows = lines(db, sql`SELECT id AS event_id FROM event`);
      assert.ok(rows.length > 0);
      assert.ok(rows.every(({ text }) => text === null));
      assert.match(rows[0]!.problem!, problem);
      assert.equal(rows[0]!.line, 1);
    }));
}

onLogs("lines() names the table and the row of a database", [tzLogs], (db) => {
  const events = story(db, { task: "3" }, { components: ["parsl.monitoring"] });
  const rows = lines(db, events, { context: 3 });
  assert.equal(rows.length, events.length);
  for (const { text, problem, table, line } of rows) {
    assert.deepEqual([text, problem], [null, null]);
    assert.match(table!, /^(task|status)$/);
    assert.ok(line! > 0);
  }
});

onLogs(
  "lines() finds a line by the end of its path",
  [larger("multi-htex")],
  (db, { path }) => {
    const [line, ...more] = lines(db, "parsl.log:120", { run: "001" });
    assert.equal(more.length, 0);
    assert.equal(line!.path, `${path}/001/parsl.log`);
    // sed -n 120p
    const text = Deno.readTextFileSync(line!.path!).split("\n")[119];
    assert.equal(line!.text, text);
    assert.deepEqual(
      lines(db, ["001/parsl.log:120"], { context: 1 }).map((
        { line, is_event },
      ) => [
        line,
        is_event,
      ]),
      [[119, 0], [120, 1], [121, 0]],
    );
    const fails = (what: string, message: RegExp) =>
      assert.throws(() => lines(db, what), { name: "RangeError", message });
    fails(
      "parsl.log:120",
      /^2 logs end in "\/parsl\.log": .*Name more of the path/,
    );
    fails("parsel.log:120", /^no log ends in "\/parsel\.log": there are /);
    fails(
      "000/parsl.log:0",
      /^there is no line 0 in .*000\/parsl\.log: it has /,
    );
    fails("parsl.log", /^"parsl\.log" names no line: write .* parsl\.log:120$/);
  },
);

Deno.test("lines() shows every line that was asked for, and the nearest context", async () => {
  using db = await openDatabase();
  await importRuninfo(db, tzLogs.path);
  const events = db.query<{ event_id: number; line: number }>(
    `SELECT event.id AS event_id, line
     FROM event JOIN span ON span.id = span_id
     WHERE span.type = 'parsl.rundir.try' AND event.type = 'launched'`,
  );
  // grep -c "launched on executor" parsl.log
  assert.equal(events.length, 65);
  const rows = lines(db, events, { context: 10 });
  const show: () => Record<string, string> = Reflect.get(
    rows,
    Symbol.for("Jupyter.display"),
  );
  for (const text of Object.values(show.call(rows))) {
    for (const { line } of events) {
      assert.match(text, RegExp(`▸\\D*(?:<[^>]*>\\D*)*\\b${line}\\b`));
    }
    assert.match(text, /more lines of context are not shown/);
  }
});
