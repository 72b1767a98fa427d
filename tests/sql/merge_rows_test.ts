import { strict as assert } from "node:assert";
import {
  bind,
  type Database,
  implies,
  type ImpliesRule,
  insertRows,
  relabel,
  sql,
  widen,
} from "dnpc/sql";
import { onDatabase } from "./engines.ts";
import { addSpans } from "./spans.ts";

/** Attributes of spans, followed by the names of the implied ones. */
const attributesOf = (db: Database) =>
  db.query<{ attributes: string; implied: string | null }>(
    "SELECT attributes, implied FROM span ORDER BY id",
  ).map(({ attributes, implied }) =>
    attributes + (implied === null ? "" : ` ${implied}`)
  );

onDatabase("widen() adds attributes to the spans that lack them", (db) => {
  addSpans(db, [
    { type: "a", attributes: { x: 1 } },
    { type: "a", attributes: { site: "cori" } },
    { type: "a", attributes: { site: null } },
    { type: "b" },
  ]);
  const wide = { site: "vm", list: ["1"], nothing: null };
  assert.equal(widen(db, wide, { of: "a" }), 3);
  const expected = [
    '{"x":1,"site":"vm","list":["1"]}',
    '{"site":"cori","list":["1"]}',
    '{"site":"vm","list":["1"]}',
    "{}",
  ];
  assert.deepEqual(attributesOf(db), expected);
  assert.equal(widen(db, wide, { of: "a" }), 0);
  assert.deepEqual(attributesOf(db), expected);
});

onDatabase(
  "widen() adds an integer past 2^53",
  (db) => {
    addSpans(db, [{ type: "a" }]);
    assert.equal(widen(db, { job: 2n ** 60n + 1n }), 1);
    assert.deepEqual(attributesOf(db), ['{"job":1152921504606846977}']);
  },
);

onDatabase(
  "widen() replaces implied values and does not change contexts",
  (db) => {
    addSpans(db, [
      { type: "a", attributes: { x: 1, y: 2 } },
      { type: "a", attributes: { x: 1 } },
    ]);
    bind(db, [{ implies: ["x"], gives: ["y"] }, { context: "x" }]);
    assert.equal(widen(db, { y: 3, z: 4 }), 2);
    assert.deepEqual(attributesOf(db), [
      '{"x":1,"y":2,"z":4}',
      '{"x":1,"y":3,"z":4}',
      '{"x":"1"} ["x"]',
    ]);
  },
);

onDatabase(
  "widen() and relabel() also change events and log records",
  (db) => {
    addSpans(db, [{ type: "a", events: [[1, "x"], [2, "y"]] }]);
    assert.equal(widen(db, { n: 1 }, { table: "event", of: "x" }), 1);
    const late = sql`SELECT id FROM event WHERE time > ${1}`;
    assert.equal(widen(db, { n: 2 }, { table: "event", of: late }), 1);
    relabel(db, { n: "m" }, { table: "event" });
    assert.deepEqual(
      db.query("SELECT attributes FROM event").map((row) => row.attributes),
      ['{"m":1}', '{"m":2}'],
    );
    insertRows(db, "log_record", ["entry"], [['{"a":12345678901234567890}']]);
    relabel(db, { a: "b" }, { table: "log_record" });
    widen(db, { c: 1 }, { table: "log_record" });
    assert.deepEqual(
      [...db.query("SELECT entry FROM log_record")],
      [{ entry: '{"b":12345678901234567890,"c":1}' }],
    );
  },
);

onDatabase(
  "relabel() renames and maps, and reports contradictory values",
  (db) => {
    addSpans(db, [
      { type: "a", attributes: { task_id: 5, host: "vm" } },
      { type: "a", attributes: { task_id: 5, task: "5" } },
      { type: "a", attributes: { task_id: 5, task: 6 } },
      { type: "a", attributes: { task: 7, host: "other" } },
    ]);
    insertRows(db, "source", ["id", "path", "importer"], [[1, "a.log", "a"]]);
    insertRows(db, "event", ["span_id", "type", "source_id", "line"], [
      [3, "x", 1, 8],
    ]);
    const labels = { task_id: "task", host: { vm: "login1" } };
    const report = relabel(db, labels);
    const expected = [
      '{"host":"login1","task":5}',
      '{"task":5}',
      '{"task_id":5,"task":6}',
      '{"task":7,"host":"other"}',
    ];
    assert.deepEqual(attributesOf(db), expected);
    assert.deepEqual(report, {
      changed: 2,
      contradicted: 1,
      contradictions: [{
        rule: "relabel: task_id => task",
        on: {},
        sides: [
          {
            values: { task_id: "5" },
            id: 3,
            sources: [{ path: "a.log", line: 8 }],
          },
          {
            values: { task: "6" },
            id: 3,
            sources: [{ path: "a.log", line: 8 }],
          },
        ],
      }],
    });
    assert.equal(relabel(db, labels).changed, 0);
    assert.deepEqual(attributesOf(db), expected);
  },
);

onDatabase(
  "relabel() keeps track of attributes implied under either name",
  (db) => {
    addSpans(db, [{ type: "a" }, { type: "a" }, { type: "a" }, { type: "a" }]);
    const change = (id: number, attributes: string, implied: string) =>
      db.run("UPDATE span SET attributes = ?, implied = ? WHERE id = ?", [
        attributes,
        implied,
        id,
      ]);
    change(1, '{"k":1,"old":"5"}', '["old"]');
    change(2, '{"k":1,"old":"5","new":"5"}', '["old"]');
    change(3, '{"k":1,"old":"5","new":"5"}', '["new"]');
    change(4, '{"k":1,"old":"5","new":"5"}', '["old","new"]');
    relabel(db, { old: "new" });
    const unchanged = '{"k":1,"new":"5"}';
    const implied = `${unchanged} ["new"]`;
    assert.deepEqual(attributesOf(db), [
      implied,
      unchanged,
      unchanged,
      implied,
    ]);
  },
);

onDatabase("implies() adds implied attributes; bind() removes them", (db) => {
  addSpans(db, [
    { type: "a", attributes: { x: 1, y: 2, z: 3 } },
    { type: "a", attributes: { x: 1 } },
  ]);
  bind(db, [{ implies: ["x"], gives: ["y"] }]);
  const rules: ImpliesRule[] = [{ implies: ["y"], gives: ["z"] }];
  assert.equal(implies(db, rules).changed, 1);
  assert.deepEqual(attributesOf(db), [
    '{"x":1,"y":2,"z":3}',
    '{"x":1,"y":"2","z":"3"} ["y","z"]',
  ]);
  assert.equal(implies(db, rules).changed, 0);
  bind(db, []);
  assert.deepEqual(attributesOf(db)[1], '{"x":1}');
});

onDatabase("implies() names the lines of contradictory events", (db) => {
  addSpans(db, [{ type: "a" }]);
  insertRows(db, "source", ["id", "path", "importer"], [[1, "a.log", "a"]]);
  const columns = ["span_id", "type", "attributes", "source_id", "line"];
  insertRows(db, "event", columns, [
    [1, "e", '{"x":1,"y":2}', 1, 1],
    [1, "e", '{"x":"1","y":3}', 1, 2],
    [1, "e", '{"x":1}', 1, 3],
    [1, "e", null, 1, 4],
  ]);
  const rules: ImpliesRule[] = [{ implies: ["x"], gives: ["y"] }];
  const { contradictions } = implies(db, rules, { table: "event" });
  assert.deepEqual(contradictions, [{
    rule: "implies: x => y",
    on: { x: "1" },
    sides: [
      { values: { y: "2" }, id: 1, sources: [{ path: "a.log", line: 1 }] },
      { values: { y: "3" }, id: 2, sources: [{ path: "a.log", line: 2 }] },
    ],
  }]);
});

onDatabase("implies() gives the same result for rows as for records", (db) => {
  // A fixed sequence of pseudo-random numbers.
  let state = 1;
  const below = (limit: number) => {
    state = state * 48271 % 2147483647;
    return state % limit;
  };
  const names = ["a", "b", "c", "d", "e"];
  for (let round = 0; round < 60; round++) {
    const values = 2 + below(6);
    const records = Array.from(
      { length: 1 + below(12) },
      () =>
        Object.fromEntries(
          names.filter(() => below(2) === 0)
            .map((name) => [name, String(below(values))]),
        ),
    );
    const rules = Array.from({ length: 1 + below(3) }, () => {
      const mixed = names.toSorted(() => below(3) - 1);
      const [left, right] = [1 + below(2), 1 + below(2)];
      return {
        implies: mixed.slice(0, left),
        gives: mixed.slice(left, left + right),
      };
    });
    db.exec("DROP TABLE IF EXISTS span; DROP TABLE IF EXISTS event_row");
    addSpans(db, records.map((attributes) => ({ type: "a", attributes })));
    const expected = implies(records, rules);
    const report = implies(db, rules);
    const sorted = (all: Iterable<object>) =>
      Array.from(all, (each) => Object.entries(each).sort());
    assert.deepEqual(
      sorted(
        db.query<{ attributes: string }>("SELECT attributes FROM span")
          .map(({ attributes }) => JSON.parse(attributes)),
      ),
      sorted(expected),
      JSON.stringify({ records, rules }),
    );
    assert.deepEqual(
      [report.changed, report.contradicted],
      [expected.changed, expected.contradicted],
      JSON.stringify({ records, rules }),
    );
  }
});

onDatabase(
  "widen() and relabel() refuse an unknown table and a type of log records",
  (db) => {
    const table = "metric" as "span";
    assert.throws(() => widen(db, { a: 1 }, { table }), { name: "TypeError" });
    assert.throws(
      () => relabel(db, { a: "b" }, { table: "log_record", of: "x" }),
      { name: "TypeError", message: /^log records have no types, such as x/ },
    );
  },
);
