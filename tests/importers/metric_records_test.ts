import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { eventTexts, filesNamed, larger, onLogs, withFiles } from "./logs.ts";
import { measured, totals } from "./metrics.ts";

// The prototype writes every value as text.
const record = (formatted: string, members: Record<string, unknown> = {}) =>
  JSON.stringify({
    created: "1795344042.5",
    process: "1",
    processName: "MainProcess",
    threadName: "MainThread",
    lineno: "7",
    levelname: "DEBUG",
    formatted,
    msecs: "5.0",
    ...members,
  }) + "\n";

const manager = "parsl.executor.htex.manager htex/0/abc";

Deno.test("JSON metric records: keep their names, without duplicates", () =>
  withFiles({
    "000/htex/interchange.jsonlog": [
      record("Manager b'abc': registration info: {'block_id': '0'}", {
        manager_id: "b'abc'",
      }),
      record("Managers count (interesting/total): 1/2", {
        metric: "managers_count",
        interesting: "1",
        ready: 2,
      }),
      record("Manager b'abc' is now saturated", {
        metric: "manager_free_capacity",
        manager_id: "b'abc'",
        free_capacity: "0",
      }),
      record("TMP1: there are 4 tasks in the pending task queue", {
        metric: "pending_task_queue_length",
        queued_tasks: "4",
      }),
      // No rule matches this message.
      record("Who knows", { metric: "new", "a number": -0.5, b: "text" }),
      record("Managers count (interesting/total): 3/4"),
    ].join(""),
  }, (db, { sources: [source] }) => {
    const executor = "parsl.executor htex";
    assert.deepEqual(measured(db), [
      `2 ${executor}: managers_count interesting 1`,
      `2 ${executor}: managers_count ready 2`,
      `3 ${manager}: manager_free_capacity free_capacity 0`,
      `4 ${executor}: pending_task_queue_length queued_tasks 4`,
      `5 ${executor}: new a number -0.5`,
      `6 ${executor}: managers_count interesting 3`,
      `6 ${executor}: managers_count ready 4`,
    ]);
    assert.deepEqual(eventTexts(db), [
      `1 ${manager}: Manager %s: registration info: {%s}`,
      `3 ${manager}: Manager %s is now saturated`,
    ]);
    assert.equal(source!.matched, 6);
  }));

Deno.test("JSON metric records: an invalid number is counted, and the line is kept", () =>
  withFiles({
    "000/htex/interchange.jsonlog":
      record("Put task 5 onto pending_task_queue", { metric: "m", a: "nan" }) +
      record("a", { metric: "m", a: "1", b: "-inf", __proto: "2" }) +
      record("b", { metric: "m", a: true, c: null, d: "", e: [1], f: "1 2" }) +
      record("c", { metric: 5, a: 1 }) +
      '{"created":"1","formatted":"d","metric":"m","__proto__":7}\n',
  }, (db, { sources: [source] }) => {
    assert.deepEqual(measured(db), [
      "2 parsl.executor htex: m a 1",
      "2 parsl.executor htex: m __proto 2",
      "5 parsl.executor htex: m __proto__ 7",
    ]);
    assert.deepEqual(source!.malformedLines, [1, 2]);
    assert.equal(source!.unmatched, 2);
    assert.match(eventTexts(db)[0]!, /htex\/5: interchange_queued$/);
  }));

Deno.test("JSON metric records: belong to an executor or task that parsl.jsonlog names", () =>
  withFiles({
    "000/parsl.jsonlog": [
      record("Adding executor htex"),
      record(
        "[Scaling executor htex] Slot ratio calculation: active_slots = 2, active_tasks = 3",
        {
          metric: "slot_ratio",
          parsl_executor: "htex",
          active_slots: "2",
          active_tasks: "3",
        },
      ),
      record("x", {
        metric: "m",
        parsl_task_id: "5",
        parsl_dfk: "b2ba814c-1",
        a: "1",
      }),
      record("y", { metric: "m", a: "2" }),
    ].join(""),
  }, (db) =>
    assert.deepEqual(measured(db), [
      "2 parsl.executor htex: slot_ratio active_slots 2",
      "2 parsl.executor htex: slot_ratio active_tasks 3",
      "3 parsl.rundir.task 5: m a 1",
      "4 parsl.rundir.workflow: m a 2",
    ])));

Deno.test("JSON metric records: a damaged record does not affect others", async () => {
  const records = Array.from(
    { length: 5 },
    (_, i) =>
      record("Managers count (interesting/total): 1/2", {
        metric: "managers_count",
        interesting: `${i}`,
        ready: "7",
      }),
  );
  const bytes = new TextEncoder().encode(records.join(""));
  for (let at = 0; at < bytes.length; at += 23) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1 << at % 8;
    const touched = Math.floor(at / records[0]!.length);
    await withFiles(
      { "000/htex/interchange.jsonlog": damaged },
      (db, { sources: [source] }) => {
        assert.equal(source!.outcome, "imported");
        const found = rows(
          db,
          "SELECT value FROM metric WHERE name = 'interesting'",
        ).map(([value]) => value);
        for (const [i] of records.entries()) {
          // A missing newline joins two records.
          if (i === touched || i === touched + 1) continue;
          assert.ok(found.includes(i), `${at}: ${found}`);
        }
      },
    );
  }
});

onLogs(
  "importRuninfo() has all metrics of the prototype's metric records",
  [larger("obs-wf")],
  (db, { path }) => {
    const expected = new Map<string, [number, number]>();
    for (const log of filesNamed(path, /^(?!task_).*\.jsonlog$/)) {
      for (const line of Deno.readTextFileSync(log).trimEnd().split("\n")) {
        const record = JSON.parse(line);
        for (
          const name of [
            "interesting",
            "ready",
            "queued_tasks",
            "free_capacity",
          ]
        ) {
          if (!("metric" in record && name in record)) continue;
          const known = expected.get(`${record.metric} ${name}`) ?? [0, 0];
          known[0]++;
          known[1] += Number(record[name]);
          expected.set(`${record.metric} ${name}`, known);
        }
      }
    }
    // Counted with grep: 226 of managers, 400 of the queue, 199 of free
    // capacity.
    assert.deepEqual(expected.get("managers_count ready")![0], 226);
    assert.deepEqual(
      expected.get("pending_task_queue_length queued_tasks")![0],
      400,
    );
    assert.deepEqual(
      expected.get("manager_free_capacity free_capacity")![0],
      199,
    );
    const found = totals(db);
    for (const [name, numbers] of expected) {
      assert.deepEqual(found.get(name), numbers, name);
    }
    assert.deepEqual(
      rows(
        db,
        `SELECT DISTINCT span.type FROM metric JOIN span ON span.id = span_id
         WHERE metric = 'manager_free_capacity'`,
      ),
      [["parsl.executor.htex.manager"]],
    );
  },
);
