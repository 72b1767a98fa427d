import { strict as assert } from "node:assert";
import { bind, type Database, type Rule } from "dnpc/sql";
import { onDatabase } from "./engines.ts";
import { addSpans, edges, type TestSpan } from "./spans.ts";

/** By span id: the attributes, then the names of the implied ones. */
function attributesById(db: Database) {
  const rows = db.query<{ id: number; attributes: string; implied: string }>(
    "SELECT id, attributes, implied FROM span ORDER BY id",
  );
  return Object.fromEntries(rows.map(({ id, attributes, implied }) => [
    id,
    [JSON.parse(attributes), ...(implied === null ? [] : JSON.parse(implied))],
  ]));
}

onDatabase("bind() implies attributes transitively", (db) => {
  addSpans(db, [
    { type: "log", attributes: { ship: "a", line: "L" } },
    { type: "ticket", attributes: { cabin: 12, ship: "a" } },
    { type: "guest", attributes: { cabin: "12", name: "Ida", line: null } },
    { type: "guest", attributes: { cabin: "13" } },
  ]);
  // The second rule is listed first and uses the results of the other.
  const report = bind(db, [
    { implies: ["ship"], gives: ["line"] },
    { implies: ["cabin"], gives: ["ship"] },
    { facet: ["log", "guest"], on: ["line"] },
  ]);
  assert.deepEqual(attributesById(db), {
    1: [{ ship: "a", line: "L" }],
    2: [{ cabin: 12, ship: "a", line: "L" }, "line"],
    3: [{ cabin: "12", name: "Ida", line: "L", ship: "a" }, "line", "ship"],
    4: [{ cabin: "13" }],
  });
  assert.deepEqual(report.rules.map(({ made }) => made), [2, 1, 1]);
  assert.deepEqual(edges(db), ["1 = 3"]);
});

onDatabase("bind() implies nothing from contradictory values", (db) => {
  addSpans(db, [
    { type: "a", attributes: { x: "1", y: "5", z: "6" } },
    { type: "b", attributes: { x: "1", y: "5", z: "7" } },
    { type: "c", attributes: { x: "1" } },
    { type: "c", attributes: { x: "2", y: "8", z: "9" } },
    { type: "c", attributes: { x: "2" } },
  ]);
  const before = attributesById(db);
  const rule: Rule = { implies: ["x"], gives: ["y", "z"] };
  const report = bind(db, [rule]);
  assert.deepEqual(attributesById(db), {
    ...before,
    5: [{ x: "2", y: "8", z: "9" }, "y", "z"],
  });
  assert.equal(report.contradicted, 1);
  const nowhere = { sourceId: null, sources: [] };
  assert.deepEqual(report.contradictions, [{
    rule: "implies: x => y, z",
    on: { x: "1" },
    sides: [
      { values: { y: "5", z: "6" }, spanId: 1, spanType: "a", ...nowhere },
      { values: { y: "5", z: "7" }, spanId: 2, spanType: "b", ...nowhere },
    ],
  }]);
});

onDatabase(
  "bind() completes a span with equal values and skips one with other values",
  (db) => {
    addSpans(db, [
      { type: "a", attributes: { x: "1", y: "5", z: "6" } },
      { type: "b", attributes: { x: "1", y: "5" } },
      { type: "b", attributes: { x: "1", y: "4" } },
    ]);
    const report = bind(db, [{ implies: ["x"], gives: ["y", "z"] }]);
    assert.deepEqual(attributesById(db), {
      1: [{ x: "1", y: "5", z: "6" }],
      2: [{ x: "1", y: "5", z: "6" }, "z"],
      3: [{ x: "1", y: "4" }],
    });
    assert.deepEqual(
      report.contradictions.map(({ on, sides }) => [
        on,
        ...sides.map(({ spanId, values }) => [spanId, values]),
      ]),
      [[{ x: "1" }, [1, { y: "5", z: "6" }], [3, { y: "4", z: null }]]],
    );
    assert.equal(report.contradicted, 1);
  },
);

onDatabase(
  "bind() removes attributes that followed from a contradiction found later",
  (db) => {
    addSpans(db, [
      { type: "a", attributes: { x: "1", y: "5" } },
      { type: "b", attributes: { x: "1" } },
      { type: "c", attributes: { w: "1", x: "1" } },
      // Equal w implies the same x, but y differs.
      { type: "d", attributes: { w: "1", y: "6" } },
    ]);
    const report = bind(db, [
      { implies: ["x"], gives: ["y"] },
      { implies: ["w"], gives: ["x"] },
    ]);
    assert.deepEqual(attributesById(db), {
      1: [{ x: "1", y: "5" }],
      2: [{ x: "1" }],
      3: [{ w: "1", x: "1" }],
      4: [{ w: "1", y: "6", x: "1" }, "x"],
    });
    assert.deepEqual(report.rules.map(({ contradicted }) => contradicted), [
      1,
      0,
    ]);
  },
);

onDatabase(
  "bind() implies neither of two values that rules disagree on",
  (db) => {
    addSpans(db, [
      { type: "a", attributes: { port: "7", ship: "Ida" } },
      { type: "b", attributes: { cabin: "12", ship: "Bo" } },
      { type: "c", attributes: { port: "7", cabin: "12" } },
      // These two are not contradicted.
      { type: "d", attributes: { port: "7" } },
      { type: "e", attributes: { cabin: "12" } },
    ]);
    const rules: Rule[] = [
      { implies: ["port"], gives: ["ship"] },
      { implies: ["cabin"], gives: ["ship"] },
    ];
    for (const ordered of [rules, rules.toReversed()]) {
      const report = bind(db, ordered);
      assert.deepEqual(attributesById(db), {
        1: [{ port: "7", ship: "Ida" }],
        2: [{ cabin: "12", ship: "Bo" }],
        3: [{ port: "7", cabin: "12" }],
        4: [{ port: "7", ship: "Ida" }, "ship"],
        5: [{ cabin: "12", ship: "Bo" }, "ship"],
      });
      assert.equal(report.contradicted, 1);
      assert.deepEqual(
        report.contradictions.map(({ rule, on, sides }) => [
          rule,
          on,
          sides.map(({ spanId, values }) => [spanId, values.ship]),
        ]),
        [["implies: port => ship", { port: "7" }, [[1, "Ida"], [3, "Bo"]]]],
      );
    }
  },
);

const spans: TestSpan[] = [
  { id: 1, type: "run", attributes: { dir: "d", run: "r" } },
  { id: 2, type: "try", attributes: { dir: "d", task: "1", job: "9" } },
  { id: 3, type: "try", attributes: { dir: "d", task: "2", job: "8" } },
  { id: 4, type: "job", attributes: { dir: "d", job: "9" } },
  { id: 5, type: "job", attributes: { dir: "d", job: "8" } },
  { id: 6, type: "row", attributes: { run: "r", task: "1" } },
  { id: 7, type: "row", attributes: { run: "r", task: "2" } },
  { id: 8, type: "row", attributes: { run: "r", task: "2" } },
];

const rules: Rule[] = [
  { implies: ["dir"], gives: ["run"] },
  { implies: ["dir", "job"], gives: ["task"] },
  { subspan: ["run", "try"], on: ["dir"], key: "task" },
  { subspan: ["try", "job"], on: ["run", "task"], key: "job" },
  { facet: ["try", "row"], on: ["run", "task"] },
];

const expected = ["1 > 2 (1)", "1 > 3 (2)", "2 = 6", "2 > 4 (9)", "3 > 5 (8)"];

onDatabase("bind() does not depend on the order of spans", (db) => {
  for (let shift = 0; shift < spans.length; shift++) {
    db.exec("DROP TABLE IF EXISTS span; DROP TABLE IF EXISTS event_row");
    addSpans(db, [...spans.slice(shift), ...spans.slice(0, shift)].reverse());
    const report = bind(db, rules);
    assert.deepEqual(edges(db), expected);
    assert.equal(report.contradicted, 1);
  }
});

onDatabase(
  "bind() after each import gives the same result as bind() after the last",
  (db) => {
    for (const span of spans.toReversed()) {
      addSpans(db, [span]);
      bind(db, rules);
    }
    const afterEach = attributesById(db);
    assert.deepEqual(edges(db), expected);
    assert.deepEqual(bind(db, rules), bind(db, rules));
    assert.deepEqual([attributesById(db), edges(db)], [afterEach, expected]);
    bind(db, []);
    const original = spans.map(({ id, attributes }) => [id, [attributes]]);
    assert.deepEqual([attributesById(db), edges(db)], [
      Object.fromEntries(original),
      [],
    ]);
  },
);
