import { strict as assert } from "node:assert";
import { implies, type ImpliesRule, relabel, widen } from "dnpc/sql";

Deno.test("widen() reads its records lazily", () => {
  function* endless() {
    for (let task = 0;; task++) yield { task };
  }
  const widened = widen(endless(), { site: "cori" });
  assert.deepEqual([...widened.take(2)], [
    { task: 0, site: "cori" },
    { task: 1, site: "cori" },
  ]);
});

Deno.test("widen() keeps existing values and is idempotent", () => {
  const records = [{ a: 0 }, { a: null }, { a: undefined }, { a: "" }, {}];
  const once = [...widen(records, { a: 5, b: null, c: undefined })];
  assert.deepEqual(once, [{ a: 0 }, { a: 5 }, { a: 5 }, { a: "" }, { a: 5 }]);
  assert.deepEqual([...widen(once, { a: 6 })], once);
  assert.deepEqual(records[1], { a: null });
  assert.equal(once[0], records[0]);
});

Deno.test("widen() and relabel() handle a member named __proto__", () => {
  const [record] = [JSON.parse('{"__proto__":"x","y":1}')];
  const [widened] = widen([record], { z: 2 });
  assert.equal(JSON.stringify(widened), '{"__proto__":"x","y":1,"z":2}');
  const [back] = relabel([{ x: 1 }], JSON.parse('{"x":"__proto__"}'));
  assert.equal(JSON.stringify(back), '{"__proto__":1}');
  assert.deepEqual([...relabel([record], { y: { toString: "2" } })], [record]);
});

Deno.test("relabel() keeps the position of a member and merges equal values", () => {
  const records = [{ a: 1, task_id: 5, b: 2 }, { task_id: 5, task: "5" }, {
    task_id: null,
    task: 6,
  }];
  const merged = relabel(records, { task_id: "task", b: { 2: "two" } });
  assert.deepEqual(merged.records.map((record) => JSON.stringify(record)), [
    '{"a":1,"task":5,"b":"two"}',
    '{"task":5}',
    '{"task_id":null,"task":6}',
  ]);
  assert.deepEqual([merged.changed, merged.contradicted], [2, 0]);
  const again = relabel(merged, { task_id: "task", b: { 2: "two" } });
  assert.deepEqual([again.changed, [...again]], [0, [...merged]]);
});

Deno.test("relabel() refuses labels whose result depends on their order", () => {
  assert.throws(() => relabel([], { a: "b", b: "c" }), {
    name: "TypeError",
    message: "a cannot become b, which is relabelled itself: " +
      "relabel that one first, in a call of its own",
  });
  assert.throws(() => relabel([], { a: 5 as unknown as string }), {
    name: "TypeError",
  });
});

const rules: ImpliesRule[] = [
  { implies: ["run"], gives: ["site"] },
  { implies: ["job"], gives: ["run", "task"] },
];

const records = [
  { run: "r", site: "cori" },
  { job: "1", run: "r", task: 5 },
  { job: 1 },
  { job: "2", run: "s" },
  { job: "2", run: "s", task: "6" },
  { job: "3", task: "7", run: "r" },
  { job: "3", task: "8", run: "r" },
  { job: "3" },
  { job: "2", task: "9" },
];

Deno.test("implies() applies rules transitively and reports both sides of a contradiction", () => {
  const { records: wider, changed, contradicted, contradictions } = implies(
    records,
    rules,
  );
  assert.deepEqual(wider, [
    records[0],
    { job: "1", run: "r", task: 5, site: "cori" },
    { job: 1, run: "r", task: 5, site: "cori" },
    { job: "2", run: "s", task: "6" },
    records[4],
    { job: "3", task: "7", run: "r", site: "cori" },
    { job: "3", task: "8", run: "r", site: "cori" },
    { job: "3" },
    records[8],
  ]);
  assert.deepEqual([changed, contradicted], [5, 2]);
  const rule = "implies: job => run, task";
  assert.deepEqual(contradictions, [
    {
      rule,
      on: { job: "3" },
      sides: [
        { values: { run: "r", task: "7" }, record: records[5] },
        { values: { run: "r", task: "8" }, record: records[6] },
      ],
    },
    {
      rule,
      on: { job: "2" },
      sides: [
        { values: { run: "s", task: "6" }, record: records[4] },
        { values: { run: null, task: "9" }, record: records[8] },
      ],
    },
  ]);
});

Deno.test("implies() is idempotent and does not depend on the order of records and rules", () => {
  const text = (all: Iterable<object>) =>
    Array.from(all, (each) => JSON.stringify(Object.entries(each).sort()))
      .sort();
  const expected = text(implies(records, rules));
  for (let shift = 0; shift < records.length; shift++) {
    const other = [...records.slice(shift), ...records.slice(0, shift)];
    const merged = implies(other.reverse(), rules.toReversed());
    assert.deepEqual(text(merged), expected);
    assert.equal(merged.contradicted, 2);
    const again = implies(merged, rules);
    assert.deepEqual([again.changed, text(again)], [0, expected]);
  }
});

Deno.test("implies() removes attributes that followed from a contradiction found later", () => {
  const records = [
    { x: "1", y: "5" },
    { x: "1" },
    { w: "1", x: "1" },
    { w: "1", y: "6" },
  ];
  const merged = implies(records, [
    { implies: ["x"], gives: ["y"] },
    { implies: ["w"], gives: ["x"] },
  ]);
  assert.deepEqual([...merged], [
    ...records.slice(0, 3),
    { w: "1", y: "6", x: "1" },
  ]);
  assert.equal(merged.contradicted, 1);
});

Deno.test("implies() distinguishes values that are equal when concatenated", () => {
  const records = [
    { a: "1", b: "11", c: "x" },
    { a: "11", b: "1" },
    { a: "1:1", b: "1" },
  ];
  const rules = [{ implies: ["a", "b"], gives: ["c"] }];
  assert.equal(implies(records, rules).changed, 0);
});

Deno.test("implies() distinguishes an empty value from a missing one", () => {
  const records = [{ a: "", b: "1" }, { a: "", b: "2" }, { b: "3" }];
  const rules = [{ implies: ["a"], gives: ["b"] }];
  const { contradictions } = implies<object>(records, rules);
  assert.deepEqual(contradictions, [{
    rule: "implies: a => b",
    on: { a: "" },
    sides: records.slice(0, 2).map((record) => ({
      values: { b: record.b },
      record,
    })),
  }]);
});

Deno.test("implies() refuses invalid rules and other kinds of rules", () => {
  const facet = { facet: ["a", "b"], on: ["x"] } as unknown as ImpliesRule;
  assert.throws(() => implies([], [facet]), { name: "TypeError" });
  const itself = { implies: ["x"], gives: ["x"] };
  assert.throws(() => implies([], [itself]), { name: "TypeError" });
});
