import { strict as assert } from "node:assert";
import { bind, insertRows, type Rule, ruleText } from "dnpc/sql";
import { onDatabase, value } from "./engines.ts";
import { addSpans, edges } from "./spans.ts";

onDatabase("bind() nests spans with equal values, compared as text", (db) => {
  addSpans(db, [
    { type: "ship", attributes: { ship: 5, port: "Kiel" } },
    { type: "guest", attributes: { ship: "5", cabin: "12" } },
    { type: "guest", attributes: { ship: "05", cabin: "13" } },
    { type: "guest", attributes: { ship: null } },
    { type: "guest" },
    { type: "ship", attributes: { ship: null } },
    { type: "other", attributes: { ship: "5" } },
  ]);
  const rule: Rule = { subspan: ["ship", "guest"], on: ["ship"], key: "cabin" };
  const report = bind(db, [rule]);
  assert.deepEqual(edges(db), ["1 > 2 (12)"]);
  assert.deepEqual(report, {
    rules: [{ rule: ruleText(rule), made: 1, unbound: 3, contradicted: 0 }],
    made: 1,
    unbound: 3,
    contradicted: 0,
    contradictions: [],
  });
  assert.equal(
    value(db, "SELECT text FROM subspan JOIN rule ON rule.id = rule_id"),
    ruleText(rule),
  );
});

onDatabase("bind() reads the first of members of one name, as SQLite", (db) => {
  addSpans(db, ["a", "b"].map((x) => ({ type: "outer", attributes: { x } })));
  insertRows(db, "span", ["type", "key", "attributes"], [
    ["inner", "twice", '{"x":"a","x" :"b"}'],
  ]);
  bind(db, [{ subspan: ["outer", "inner"], on: ["x"] }]);
  assert.deepEqual(edges(db), ["1 > 3"]);
  assert.equal(db.query("SELECT attributes ->> 'x' AS x FROM span")[2]?.x, "a");
});

onDatabase(
  "bind() nests a span in several others unless rule.one is true",
  (db) => {
    addSpans(db, [
      { type: "ship", attributes: { line: "a" } },
      { type: "ship", attributes: { line: "a" } },
      { type: "ship", attributes: { line: "b" } },
      { type: "guest", attributes: { line: "a" } },
      { type: "guest", attributes: { line: "b" } },
    ]);
    const rule: Rule = { subspan: ["ship", "guest"], on: ["line"] };
    assert.equal(bind(db, [rule]).made, 3);
    assert.deepEqual(edges(db), ["1 > 4", "2 > 4", "3 > 5"]);

    const report = bind(db, [{ ...rule, one: true }]);
    assert.deepEqual(edges(db), ["3 > 5"]);
    assert.deepEqual([report.contradicted, report.unbound], [1, 0]);
    const [{ on, sides }] = report.contradictions as [
      typeof report.contradictions[0],
    ];
    assert.deepEqual(on, { line: "a" });
    assert.deepEqual(sides.map(({ spanId }) => spanId), [1, 2, 4]);
  },
);

onDatabase(
  "bind() joins no spans that have the attribute rule.unless",
  (db) => {
    addSpans(db, [
      { type: "guest", attributes: { cabin: "1" } },
      { type: "guest", attributes: { cabin: "2", ship: "a" } },
      { type: "bill", attributes: { cabin: "1" } },
      { type: "bill", attributes: { cabin: "2" } },
      { type: "bill", attributes: { cabin: "3", deck: "b" } },
      { type: "guest", attributes: { cabin: "3" } },
    ]);
    const rule: Rule = { facet: ["guest", "bill"], on: ["cabin"] };
    bind(db, [rule]);
    assert.deepEqual(edges(db), ["1 = 3", "2 = 4", "6 = 5"]);
    bind(db, [
      { ...rule, unless: "ship" },
      // Implied values count.
      { implies: ["deck"], gives: ["ship"] },
      { subspan: ["bill", "bill"], on: [["cabin", "none"]] },
    ]);
    assert.deepEqual(edges(db), ["1 = 3", "6 = 5"]);
    assert.equal(
      ruleText({ ...rule, unless: "ship" }),
      "facet: guest = bill on cabin unless ship",
    );
  },
);

onDatabase("bind() nests spans of one type by a pair of attributes", (db) => {
  addSpans(db, [
    { type: "deck", attributes: { ship: "a", deck: "1" } },
    { type: "deck", attributes: { ship: "a", deck: "2", below: "1" } },
    { type: "deck", attributes: { ship: "a", deck: "3", below: "2" } },
    { type: "deck", attributes: { ship: "b", deck: "4", below: "1" } },
    { type: "deck", attributes: { ship: "b", deck: "5", below: "5" } },
  ]);
  const rule: Rule = {
    subspan: ["deck", "deck"],
    on: ["ship", ["deck", "below"]],
    key: "deck",
  };
  assert.equal(
    ruleText(rule),
    "subspan: deck > deck on ship, deck = below key deck",
  );
  const report = bind(db, [rule]);
  // No deck is in itself. The first one names no other: only 4 is unbound.
  assert.deepEqual(edges(db), ["1 > 2 (2)", "2 > 3 (3)"]);
  assert.equal(report.unbound, 1);
  assert.throws(() => bind(db, [{ ...rule, on: ["ship"] }]), TypeError);
});

onDatabase("bind() finds facets, but none between ambiguous spans", (db) => {
  addSpans(db, [
    { type: "log", attributes: { run: "r", task: 1 } },
    { type: "table", attributes: { run: "r", task: "1" } },
    { type: "log", attributes: { run: "r", task: 2 } },
    { type: "table", attributes: { run: "r", task: 2 } },
    { type: "table", attributes: { run: "r", task: 2 } },
    { type: "log", attributes: { run: "r", task: 3 } },
    { type: "log", attributes: { run: "r", task: 3 } },
    { type: "table", attributes: { run: "r" } },
  ]);
  const report = bind(db, [{ facet: ["log", "table"], on: ["run", "task"] }]);
  assert.deepEqual(edges(db), ["1 = 2"]);
  const side = { values: {}, sourceId: null, sources: [] };
  assert.deepEqual(report.contradictions, [{
    rule: "facet: log = table on run, task",
    on: { run: "r", task: "2" },
    sides: [
      { ...side, spanId: 3, spanType: "log" },
      { ...side, spanId: 4, spanType: "table" },
      { ...side, spanId: 5, spanType: "table" },
    ],
  }]);
});

onDatabase("bind() replaces only the edges of rules", (db) => {
  addSpans(db, [
    { type: "a", attributes: { x: 1 } },
    { type: "b", attributes: { x: 1 } },
  ]);
  db.exec("INSERT INTO subspan VALUES (7, 8, 'said', NULL)");
  db.exec("INSERT INTO facet VALUES (7, 8, NULL)");
  bind(db, [
    { subspan: ["a", "b"], on: ["x"] },
    { facet: ["a", "b"], on: ["x"] },
  ]);
  assert.deepEqual(edges(db), ["1 = 2", "1 > 2", "7 = 8", "7 > 8 (said)"]);
  bind(db, []);
  assert.deepEqual(edges(db), ["7 = 8", "7 > 8 (said)"]);
});

onDatabase("bind() accepts any characters in names, types and values", (db) => {
  const [x, y] = [`it's "x" \\ %s ü\n$.[0]`, "__proto__"];
  const [a, b] = [`a"; DROP TABLE span; --`, "b' > c"];
  const text = `'";--%_ü🙂\n`;
  const attributes = Object.fromEntries([[x, text], [y, text], ["", "e"]]);
  addSpans(db, [
    { type: a, attributes },
    { type: b, attributes: Object.fromEntries([[x, text]]) },
  ]);
  const rules: Rule[] = [
    { implies: [x], gives: [y, ""] },
    { subspan: [a, b], on: [x, y, ""], key: "" },
    { facet: [b, a], on: [y, x] },
  ];
  const report = bind(db, [...rules, ...rules]);
  assert.deepEqual(report.rules.map(({ made }) => made), [1, 1, 1]);
  assert.deepEqual(edges(db), ["1 > 2 (e)", "2 = 1"]);
  const query = "SELECT attributes FROM span WHERE id = 2";
  assert.deepEqual(JSON.parse(value(db, query) as string), attributes);
  bind(db, []);
  assert.equal(value(db, query), JSON.stringify({ [x]: text }));
});

onDatabase("bind() changes nothing if it fails", (db) => {
  addSpans(db, [{ type: "a", attributes: { x: 1 } }]);
  db.exec(
    "CREATE TEMP TRIGGER stop BEFORE INSERT ON facet BEGIN " +
      "SELECT raise(ABORT, 'no more'); END",
  );
  addSpans(db, [{ id: 2, type: "b", attributes: { x: 1 } }]);
  const rules: Rule[] = [
    { subspan: ["a", "b"], on: ["x"] },
    { facet: ["a", "b"], on: ["x"] },
  ];
  assert.throws(() => bind(db, rules), { message: /^no more/ });
  assert.deepEqual(edges(db), []);
  assert.equal(value(db, "SELECT count(*) FROM sqlite_temp_schema"), 1);
  db.exec("DROP TRIGGER stop");
  assert.equal(bind(db, rules).made, 2);
  assert.equal(value(db, "SELECT count(*) FROM sqlite_temp_schema"), 0);
});

const wrong: unknown[] = [
  { facet: ["a", "a"], on: ["x"] },
  { subspan: ["a", "a"], on: ["x"] },
  { subspan: ["a", "b"], on: [] },
  { subspan: ["a", "b"], on: ["x"], key: 5 },
  { subspan: ["a"], on: ["x"] },
  { facet: ["a", "b"], subspan: ["a", "b"], on: ["x"] },
  { implies: ["x"], gives: ["y", "x"] },
  { implies: ["x"], gives: "y" },
  { context: [] },
  { context: 5 },
  { context: "x", on: ["x"], subspan: ["a", "b"] },
  { context: ["x", "x"] },
  { context: "x", type: 5 },
  null,
];

for (const rule of wrong) {
  onDatabase(`bind() refuses ${JSON.stringify(rule)}`, (db) => {
    assert.throws(() => bind(db, [rule as Rule]), { name: "TypeError" });
  });
}

onDatabase("bind() works on an empty database", (db) => {
  const rules: Rule[] = [
    { implies: ["x"], gives: ["y"] },
    { subspan: ["a", "b"], on: ["x"] },
  ];
  assert.equal(bind(db, rules).made, 0);
});

onDatabase("bind() distinguishes edges between spans with large ids", (db) => {
  const large = 2 ** 26;
  const attributes = { line: "a" };
  addSpans(db, [
    { id: 1, type: "ship", attributes },
    { id: 2, type: "ship", attributes },
    // 1 * 2^26 + 2^26 is 2 * 2^26 + 0.
    { id: large, type: "guest", attributes },
    { id: 0, type: "guest", attributes },
  ]);
  const rule: Rule = { subspan: ["ship", "guest"], on: ["line"] };
  for (const _again of [1, 2]) {
    assert.equal(bind(db, [rule]).made, 4);
    assert.deepEqual(edges(db), [
      "1 > 0",
      `1 > ${large}`,
      "2 > 0",
      `2 > ${large}`,
    ]);
  }
});
