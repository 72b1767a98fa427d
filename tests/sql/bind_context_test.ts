import { strict as assert } from "node:assert";
import { bind, type Database, type Rule, sql } from "dnpc/sql";
import { nestedSpans } from "dnpc/questions";
import { onDatabase, value } from "./engines.ts";
import { addSpans, edges } from "./spans.ts";

/** Context spans: id, type, key and attributes. */
const contexts = (db: Database) =>
  db.query<{ id: number; type: string; key: string; attributes: string }>(
    `SELECT id, type, key, attributes FROM span
     WHERE type LIKE 'context.%' ORDER BY id`,
  ).map(({ id, type, key, attributes }) => [
    id,
    type,
    key,
    JSON.parse(attributes),
  ]);

onDatabase(
  "bind() nests all spans with an attribute in a context span per value",
  (db) => {
    addSpans(db, [
      { type: "run", attributes: { run: "r", campaign: "spring" } },
      { type: "task", attributes: { run: "r" } },
      { type: "run", attributes: { run: "s", campaign: 5 } },
      { type: "run", attributes: { run: "t", campaign: "5" } },
      { type: "run", attributes: { run: "u", campaign: null } },
      { type: "other" },
    ]);
    const rules: Rule[] = [
      { context: "campaign" },
      { implies: ["run"], gives: ["campaign"] },
    ];
    const report = bind(db, rules);
    assert.deepEqual(report.rules, [
      { rule: "context: campaign", made: 4, unbound: 0, contradicted: 0 },
      {
        rule: "implies: run => campaign",
        made: 1,
        unbound: 0,
        contradicted: 0,
      },
    ]);
    assert.deepEqual(contexts(db), [
      [7, "context.campaign", "5", { campaign: "5" }],
      [8, "context.campaign", "spring", { campaign: "spring" }],
    ]);
    assert.deepEqual(edges(db), ["7 > 3", "7 > 4", "8 > 1", "8 > 2"]);
    assert.deepEqual(
      [...db.query(
        "SELECT DISTINCT text AS rule FROM subspan JOIN rule ON rule.id = rule_id",
      )],
      [{ rule: "context: campaign" }],
    );
    assert.deepEqual(
      [...db.query("SELECT implied, source_id FROM span WHERE id > 6")],
      [1, 2].map(() => ({ implied: '["campaign"]', source_id: null })),
    );
    const inside = sql`SELECT count(*)
    FROM (${nestedSpans("context.campaign")}) WHERE span_id <> root_id`;
    assert.equal(value(db, inside.text, inside.params), 4);
  },
);

onDatabase(
  "bind() creates a context of several attributes and of a given type",
  (db) => {
    addSpans(db, [
      { type: "run", attributes: { site: "a/b", campaign: "c" } },
      { type: "run", attributes: { site: "a", campaign: "b/c" } },
      { type: "run", attributes: { site: "a" } },
    ]);
    bind(db, [
      { context: ["site", "campaign"] },
      { context: "site", type: "context.place" },
    ]);
    assert.deepEqual(contexts(db), [
      [4, "context.site.campaign", "a/b%2Fc", { site: "a", campaign: "b/c" }],
      [5, "context.site.campaign", "a%2Fb/c", { site: "a/b", campaign: "c" }],
      [6, "context.place", "a", { site: "a" }],
      [7, "context.place", "a%2Fb", { site: "a/b" }],
    ]);
    // All runs of a site's campaign are of this site.
    assert.deepEqual(edges(db), ["4 > 2", "5 > 1", "6 > 3", "6 > 4", "7 > 5"]);
  },
);

onDatabase(
  "bind() keeps the id of a context while its value exists",
  (db) => {
    addSpans(db, [
      { type: "run", attributes: { campaign: "a" } },
      { type: "run", attributes: { campaign: "b" } },
    ]);
    const rules: Rule[] = [{ context: "campaign" }];
    const first = bind(db, rules);
    const made = contexts(db);
    assert.deepEqual(bind(db, rules), first);
    assert.deepEqual([contexts(db), edges(db)], [made, ["3 > 1", "4 > 2"]]);

    addSpans(db, [{ id: 9, type: "run", attributes: { campaign: "c" } }]);
    db.exec("DELETE FROM span WHERE id = 1");
    bind(db, rules);
    assert.deepEqual(contexts(db).map(([id, , key]) => [id, key]), [
      [4, "b"],
      [10, "c"],
    ]);
    assert.deepEqual(edges(db), ["10 > 9", "4 > 2"]);

    bind(db, []);
    assert.deepEqual([contexts(db), edges(db)], [[], []]);
  },
);

onDatabase("bind() lets other rules refer to the type of a context", (db) => {
  addSpans(db, [
    { type: "run", attributes: { site: "a", campaign: "c" } },
    { type: "plan", attributes: { campaign: "c" } },
  ]);
  const rules: Rule[] = [
    {
      subspan: ["context.site", "context.site.campaign"],
      on: ["site"],
      key: "campaign",
    },
    { facet: ["plan", "context.campaign"], on: ["campaign"] },
    { context: ["site", "campaign"] },
    { context: "site" },
    { context: "campaign" },
  ];
  bind(db, rules);
  const expected = ["2 = 5", "3 > 1", "4 > 3 (c)", "5 > 2", "5 > 4"];
  assert.deepEqual(edges(db), expected);
  bind(db, rules);
  assert.deepEqual(edges(db), expected);
});

onDatabase("bind() uses an existing span as the context", (db) => {
  addSpans(db, [
    { id: 1, type: "campaign", attributes: { campaign: "1", leader: "Ida" } },
    { id: 2, type: "run", attributes: { campaign: "1" } },
    { id: 3, type: "run", attributes: { campaign: "2" } },
  ]);
  bind(db, [{ context: "campaign", type: "campaign" }]);
  assert.deepEqual(edges(db), ["1 > 2", "4 > 3"]);
  bind(db, []);
  assert.equal(value(db, "SELECT count(*) FROM span"), 3);
  assert.equal(
    value(db, "SELECT attributes FROM span WHERE id = 1"),
    '{"campaign":"1","leader":"Ida"}',
  );
});

onDatabase("bind() accepts any characters in a context", (db) => {
  const [name, text] = [`it's "x" \\ ü\n$.[0]`, `'";--%_/ü🙂\n`];
  addSpans(db, [{ type: "a", attributes: { [name]: text } }]);
  const rules: Rule[] = [{ context: name }];
  bind(db, rules);
  assert.deepEqual(contexts(db), [[
    2,
    `context.${name}`,
    `'";--%25_%2Fü🙂\n`,
    { [name]: text },
  ]]);
  bind(db, rules);
  assert.deepEqual(edges(db), ["2 > 1"]);
});

onDatabase("bind() refuses two contexts of one type", (db) => {
  assert.throws(
    () => bind(db, [{ context: ["a", "b"] }, { context: "a.b" }]),
    { name: "TypeError", message: /type context\.a\.b: give one of them/ },
  );
});

onDatabase(
  "bind() nests contexts, which carry the values of wider ones",
  (db) => {
    addSpans(db, [
      { type: "run", attributes: { run: "r", bps_run: "x", campaign: "c" } },
      { type: "run", attributes: { run: "s", bps_run: "x", campaign: "c" } },
      { type: "run", attributes: { run: "t", bps_run: "y", campaign: "c" } },
      { type: "run", attributes: { run: "u", campaign: "c" } },
      { type: "run", attributes: { run: "v", bps_run: "z", campaign: "d" } },
    ]);
    const rules: Rule[] = [{ context: "bps_run" }, { context: "campaign" }];
    const { made } = bind(db, rules);
    const expected = [
      [6, "context.bps_run", "x", { bps_run: "x", campaign: "c" }],
      [7, "context.bps_run", "y", { bps_run: "y", campaign: "c" }],
      [8, "context.bps_run", "z", { bps_run: "z", campaign: "d" }],
      [9, "context.campaign", "c", { campaign: "c" }],
      [10, "context.campaign", "d", { campaign: "d" }],
    ];
    assert.deepEqual(contexts(db), expected);
    const nested = [
      "10 > 8",
      "6 > 1",
      "6 > 2",
      "7 > 3",
      "8 > 5",
      "9 > 4",
      "9 > 6",
      "9 > 7",
    ];
    assert.deepEqual([edges(db), made], [nested, nested.length]);
    bind(db, rules);
    assert.deepEqual([contexts(db), edges(db)], [expected, nested]);

    // A batch of runs that turns out to be of two campaigns is in none.
    addSpans(db, [
      { id: 20, type: "run", attributes: { bps_run: "x", campaign: "d" } },
    ]);
    bind(db, rules);
    assert.deepEqual(contexts(db)[0], [6, "context.bps_run", "x", {
      bps_run: "x",
    }]);
  },
);

onDatabase(
  "bind() puts only the outermost spans directly into a context",
  (db) => {
    addSpans(db, [
      { type: "run", attributes: { run: "r", campaign: "c" } },
      { type: "task", attributes: { run: "r", task: "1" } },
      { type: "try", attributes: { run: "r", task: "1", of: "2" } },
      // Inside each other.
      { type: "egg", attributes: { campaign: "c", egg: "a", hen: "b" } },
      { type: "hen", attributes: { campaign: "c", egg: "a", hen: "b" } },
      // In a span outside of the context.
      { type: "ship", attributes: { ship: "s" } },
      { type: "bill", attributes: { ship: "s", campaign: "c" } },
    ]);
    // A source nests this try.
    db.run("INSERT INTO subspan VALUES (2, 3, NULL, NULL)");
    bind(db, [
      { context: "campaign" },
      { implies: ["run"], gives: ["campaign"] },
      { subspan: ["run", "task"], on: ["run"] },
      { subspan: ["ship", "bill"], on: ["ship"] },
      { subspan: ["egg", "hen"], on: ["egg"] },
      { subspan: ["hen", "egg"], on: ["hen"] },
    ]);
    assert.deepEqual(
      edges(db).filter((edge) => edge.startsWith("8 > ")),
      ["8 > 1", "8 > 4", "8 > 7"],
    );
  },
);
