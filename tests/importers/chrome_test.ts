import { importChromeTrace, importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { withFiles } from "./logs.ts";

// Expected numbers come from Python: it compares each slice with all others of
// its thread.
const viztracer = "tests/fixtures/chrome/viztracer.json";
const ray = "tests/fixtures/chrome/ray.json";

/** The spans around those of a name: their types, names and numbers. */
const around = (db: Database, name: string) =>
  rows(
    db,
    `SELECT o.type, ifnull(o.attributes ->> 'name', ''), count(*)
     FROM subspan JOIN span AS o ON o.id = superspan_id
       JOIN span AS i ON i.id = subspan_id
     WHERE i.attributes ->> 'name' LIKE '${name}' GROUP BY 1, 2 ORDER BY 1, 2`,
  ) as [string, string, number][];

Deno.test("importChromeTrace() nests the slices of VizTracer by containment", async () => {
  using db = await openDatabase();
  const report = await importChromeTrace(db, viztracer);
  const [source] = report.sources;
  assert.deepEqual([source?.lines, source?.malformed], [68, 0]);
  const slices = "FROM span WHERE type = 'chrome.slice'";
  assert.deepEqual(rows(db, `SELECT count(*) ${slices}`), [[62]]);
  const names = (name: string) =>
    around(db, name)
      .map(([type, outer, count]) => [type, outer!.split(" ")[0], count]);
  assert.deepEqual(names("builtins.sum%"), [["chrome.slice", "leaf", 4]]);
  assert.deepEqual(names("leaf%"), [["chrome.slice", "work", 4]]);
  assert.deepEqual(names("work%"), [
    ["chrome.slice", "Thread.run", 1],
    ["chrome.thread", "MainThread", 1],
  ]);
  assert.deepEqual(
    rows(
      db,
      `SELECT count(*) FROM subspan JOIN span ON span.id = superspan_id
       JOIN (SELECT id AS i, type AS inner FROM span) ON i = subspan_id
       WHERE type = 'chrome.thread' AND inner = 'chrome.slice'`,
    ),
    [[7]],
  );
});

Deno.test("importChromeTrace() dates a trace, and reads instants and counters", async () => {
  using db = await openDatabase();
  await importChromeTrace(db, viztracer);
  // "ts": 5254932610.427 with "baseTimeNanoseconds": 1796002142371131030
  const [[begin]] = rows(
    db,
    `SELECT time FROM event JOIN span ON span.id = span_id
     WHERE span.attributes ->> 'name' LIKE 'section%' AND event.type = 'begin'`,
  ) as [[number]];
  assert.ok(Math.abs(begin - (1796002142.37113103 + 5254.932610427)) < 1e-6);
  assert.deepEqual(
    rows(db, "SELECT attributes FROM event WHERE type = 'here'"),
    [['{"found":3}']],
  );
  assert.deepEqual(rows(db, "SELECT metric, name, value FROM metric"), [
    ["queue", "value", 7],
    ["queue", "value", 9.5],
  ]);
});

Deno.test("importRuninfo() finds Ray's timeline by its content", async () => {
  using db = await openDatabase();
  const report = await importRuninfo(db, ray);
  assert.equal(report.sources[0]?.importer, "chrome");
  assert.deepEqual(around(db, "task:execute"), [
    ["chrome.slice", "__main__.add", 4],
  ]);
  assert.deepEqual(
    rows(db, "SELECT count(*) FROM span WHERE type = 'chrome.thread'"),
    [[3]],
  );
  assert.deepEqual(
    rows(db, "SELECT time FROM event ORDER BY line LIMIT 1"),
    [[1796007375.8245273]],
  );
});

Deno.test("importChromeTrace() reads every phase, in any order, and counts broken events", async () => {
  const events = [
    { ph: "M", name: "process_name", pid: 1, args: { name: "main" } },
    { ph: "B", name: "outer", pid: 1, tid: 1, ts: 0, args: { a: 1 } },
    { ph: "X", name: "inner", pid: 1, tid: 1, ts: 10, dur: 5 },
    { ph: "E", pid: 1, tid: 1, ts: 20, args: { b: 2, slice: "x" } },
    { ph: "E", pid: 1, tid: 1, ts: 21 },
    { ph: "B", name: "open", pid: 1, tid: 1, ts: 30 },
    { ph: "X", name: "in open", pid: 1, tid: 1, ts: 31, dur: 1 },
    { ph: "b", cat: "c", id: "0x1", name: "async", pid: 1, tid: 0, ts: 1 },
    { ph: "b", cat: "c", id: "0x1", name: "state", pid: 1, tid: 0, ts: 2 },
    { ph: "n", cat: "c", id: "0x1", name: "mark", pid: 1, tid: 0, ts: 3 },
    { ph: "e", cat: "c", id: "0x1", name: "state", pid: 1, tid: 0, ts: 4 },
    { ph: "e", cat: "c", id: "0x1", name: "async", pid: 1, tid: 0, ts: 5 },
    { ph: "X", name: "no time", pid: 1, tid: 1 },
    { ph: "s", name: "flow", pid: 1, tid: 1, ts: 6 },
    7,
  ];
  const text = JSON.stringify({ "a[": [{}], traceEvents: events, z: {} });
  await withFiles({ "any.txt": text }, (db, report) => {
    const [source] = report.sources;
    assert.deepEqual(source?.malformedLines, [5, 13, 15]);
    assert.equal(source?.unmatched, 1);
    assert.deepEqual(
      rows(
        db,
        `SELECT i.attributes ->> 'name', o.type, o.attributes ->> 'name'
         FROM subspan JOIN span AS o ON o.id = superspan_id
           JOIN span AS i ON i.id = subspan_id
         WHERE i.type = 'chrome.slice' ORDER BY i.id`,
      ),
      [
        ["outer", "chrome.thread", null],
        ["inner", "chrome.slice", "outer"],
        ["open", "chrome.thread", null],
        ["in open", "chrome.slice", "open"],
        ["async", "chrome.process", "main"],
        ["state", "chrome.slice", "async"],
      ],
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT event.type, event.attributes, span.attributes ->> 'name', time
         FROM event JOIN span ON span.id = span_id
         WHERE event.type NOT IN ('begin') ORDER BY line`,
      ),
      [
        ["end", null, "inner", 15e-6],
        ["end", null, "outer", 20e-6],
        ["end", null, "in open", 32e-6],
        ["mark", null, "state", 3e-6],
        ["end", null, "state", 4e-6],
        ["end", null, "async", 5e-6],
      ],
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT key LIKE '%/1', attributes ->> 'a', attributes ->> 'b'
         FROM span WHERE attributes ->> 'name' = 'outer'`,
      ),
      [[1, 1, 2]],
    );
  });
});

Deno.test("importChromeTrace() reads an array without its end, and says where an object is cut", async () => {
  const event =
    '{"ph": "X", "name": "a", "pid": 1, "tid": 1, "ts": 1, "dur": 1}';
  const files = {
    "array.json": `[${event},\n${event},\n`,
    "object.json": `{"traceEvents": [${event},\n${event}`,
    "other.json": '[{"pid": 1}]',
  };
  await withFiles(files, (_, report) => {
    assert.deepEqual(
      report.sources.map(({ lines, malformed, error }) => [
        lines,
        malformed,
        error,
      ]),
      [
        [2, 0, undefined],
        [2, 0, `cut short at byte ${files["object.json"].length}`],
      ],
    );
  });
});

Deno.test("importChromeTrace() tells traces apart that begin alike, as those of one machine do", async () => {
  const devices = Array(200).fill({ name: "GPU", totalGlobalMem: 1 });
  const files = Object.fromEntries([1, 2].map((ts) => {
    const traceEvents = [{ ph: "X", name: "a", pid: 1, tid: 1, ts, dur: 1 }];
    const trace = { schemaVersion: 1, deviceProperties: devices, traceEvents };
    return [`rank${ts}.json`, JSON.stringify(trace)];
  }));
  await withFiles(files, (db, report) => {
    assert.equal(report.sources.length, 2);
    assert.deepEqual(
      rows(db, "SELECT count(*) FROM span WHERE type = 'chrome.slice'"),
      [[2]],
    );
  });
});
