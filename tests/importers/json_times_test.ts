import { strict as assert } from "node:assert";
import { importJsonLog, type JsonLogOptions } from "dnpc/importers";
import { eventSequences, story, timesBetween } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import { rows } from "./databases.ts";
import { type Files, withFiles } from "./logs.ts";
import { measured } from "./metrics.ts";

// As Colmena writes its results, one record a task.
const results = [
  {
    task_id: "a1",
    timestamp: {
      created: 1795000000,
      compute_started: 1795000005.5,
      compute_ended: 1795000015.5,
    },
    resources: { cpu: "0.5", memory: 12 },
  },
  {
    task_id: "a2",
    timestamp: {
      created: 1795000000.1,
      compute_started: 1795000015.6,
      compute_ended: null,
    },
  },
];

const options: JsonLogOptions = {
  span: "colmena.task",
  identity: { task: "task_id" },
  events: {
    created: "timestamp.created",
    started: "timestamp.compute_started",
    ended: "timestamp.compute_ended",
  },
  metrics: { usage: { cpu: "resources.cpu", memory: "resources.memory" } },
};

const withRecords = (
  files: Files,
  options: JsonLogOptions,
  work: Parameters<typeof withFiles>[1],
) => withFiles(files, work, options, importJsonLog);

const asLines = (records: readonly object[]) =>
  records.map((record) => JSON.stringify(record) + "\n").join("");

for (
  const [form, text] of Object.entries({
    lines: asLines(results),
    document: JSON.stringify(results),
  })
) {
  Deno.test(`importJsonLog() makes an event of each time in a record [${form}]`, () =>
    withRecords({ "results.json": text }, options, (db, { sources }) => {
      assert.deepEqual(
        rows(
          db,
          `SELECT span.key, event.type, named, time, line
           FROM event JOIN span ON span.id = span_id ORDER BY event.id`,
        ),
        [
          ["a1", "created", 1, 1795000000, 1],
          ["a1", "started", 1, 1795000005.5, 1],
          ["a1", "ended", 1, 1795000015.5, 1],
          ["a2", "created", 1, 1795000000.1, 2],
          ["a2", "started", 1, 1795000015.6, 2],
        ],
      );
      assert.equal(sources[0]!.matched, 2);
      const waited = timesBetween({
        from: "colmena.task/created",
        to: "colmena.task/started",
      });
      assert.deepEqual(
        db.query<{ start: number; end: number }>(waited)
          .map(({ start, end }) => (end - start).toFixed(1)),
        ["5.5", "15.5"],
      );
      assert.deepEqual(
        eventSequences(db, "colmena.task").map(({ spans, event_type }) =>
          `${spans} ${event_type}`
        ),
        ["1 created", "1 started", "1 ended", "1 created", "1 started"],
      );
      assert.equal(story(db, { task: "a1" }).length, 3);
      assert.deepEqual(
        rows(db, "SELECT time, metric, name, value FROM metric ORDER BY name"),
        [
          [1795000015.5, "usage", "cpu", 0.5],
          [1795000015.5, "usage", "memory", 12],
        ],
      );
    }));
}

Deno.test("importJsonLog() counts a record with a broken time and keeps the others", () =>
  withRecords(
    {
      "a.jsonl": asLines([
        { ...results[0], timestamp: { created: "soon", compute_started: 5 } },
        { ...results[1], resources: { cpu: "much" } },
        { timestamp: { created: 1 } },
      ]),
    },
    options,
    (db, { sources: [source] }) => {
      assert.deepEqual(source!.malformedLines, [1, 2]);
      assert.equal(source!.unmatched, 1);
      assert.deepEqual(rows(db, "SELECT line, type FROM event"), [
        [1, "started"],
        [2, "created"],
        [2, "started"],
      ]);
      assert.deepEqual(
        measured(db),
        ["1 colmena.task: usage cpu 0.5"]
          .concat("1 colmena.task: usage memory 12"),
      );
    },
  ));

Deno.test("importJsonLog() reads several local times by the given zone, and the record's event", () =>
  withRecords(
    {
      "a.jsonl": asLines([{
        time: 1795000000,
        id: 1,
        what: "logged",
        start: "2026-11-18 03:46:40",
      }]),
    },
    {
      span: "s",
      identity: "id",
      event: "what",
      events: { start: "start" },
      timeZone: "America/New_York",
    },
    (db, { sources: [source] }) => {
      // date -u -d "2026-11-18 08:46:40" +%s
      assert.deepEqual(rows(db, "SELECT time, type FROM event ORDER BY id"), [
        [1795000000, "logged"],
        [1794991600, "start"],
      ]);
      assert.match(source!.clock!, /New_York/);
    },
  ));

Deno.test("importJsonLog() refuses events and metrics that are no names of members", async () => {
  using db = await openDatabase();
  const path = "tests/fixtures/academy/counter.jsonlog";
  for (const wrong of [{ events: 5 }, { metrics: { m: 5 } }]) {
    await assert.rejects(
      importJsonLog(db, path, { span: "a", identity: "b", ...wrong as object }),
      TypeError,
    );
  }
});
