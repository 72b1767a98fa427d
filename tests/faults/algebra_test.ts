// Over 300 lines: the properties of widen, relabel, implies and bind share the
// same generated spans and rules.

import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import {
  bind,
  type Database,
  ImpliedEarly,
  implies,
  openDatabase,
  relabel,
  type Rule,
  widen,
} from "dnpc/sql";
import { addSpans } from "../sql/spans.ts";
import { figures, times } from "./figures.ts";

const counted = figures("the algebra of merging, on made-up spans and rules");

const checked = { numRuns: times(50, 1000), seed: 5, endOnFailure: false };

const names = ["a", "b", "c", "d"];
const types = ["x", "y", "z"];

// Few values, so that they collide; text and number forms compare as equal.
const value = fc.constantFrom<string | number | boolean | null>(
  "1",
  1,
  "2",
  2,
  "",
  null,
  true,
  "true",
  "é",
);
const record = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 })
  .map((members) => ({ ...members } as Record<string, unknown>));
const records = fc.array(record, { maxLength: 12 });
const spans = fc.array(
  fc.record({ type: fc.constantFrom(...types), attributes: record }),
  { maxLength: 12 },
);

const some = (least = 1) =>
  fc.uniqueArray(fc.constantFrom(...names), { minLength: least, maxLength: 3 });
const two = <T>(values: readonly T[]) =>
  fc.shuffledSubarray([...values], { minLength: 2, maxLength: 2 })
    .map(([one, other]) => [one!, other!] as const);

const implication = fc.shuffledSubarray(names, { minLength: 2 }).chain((all) =>
  fc.integer({ min: 1, max: all.length - 1 }).map((cut) => ({
    implies: all.slice(0, cut),
    gives: all.slice(cut),
  }))
);
const rule: fc.Arbitrary<Rule> = fc.oneof(
  implication,
  fc.record({ facet: two(types), on: some() }),
  fc.record(
    {
      subspan: two(types),
      on: some(),
      key: fc.constantFrom(...names),
      one: fc.boolean(),
    },
    { requiredKeys: ["subspan", "on"] },
  ),
  fc.constantFrom(...names).map((context) => ({ context })),
);
const rules = fc.array(rule, { maxLength: 5 });

/** An endless stream of sort keys, for a permutation of any length. */
const order = fc.infiniteStream(fc.nat());

function shuffled<T>(values: readonly T[], by: Iterator<number>): T[] {
  return values.map((value) => ({ value, at: by.next().value as number }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value);
}

// Compares values as text, as SQLite reads JSON; null counts as missing.
const asText = (members: object) =>
  Object.entries(members).filter(([, value]) => value != null)
    .map(([name, value]) => `${name}: ${value === true ? 1 : value}`).sort();

/** Canonical text of the values, independent of their and their keys' order. */
const sorted = (values: Iterable<object>) =>
  [...values].map((value) => asText(value).join("; ")).sort();

Deno.test("widen(), relabel() and implies() keep the number of records", () =>
  fc.assert(
    fc.property(
      records,
      record,
      fc.array(implication),
      (all, wider, implied) => {
        counted.inputs++;
        assert.equal([...widen(all, wider)].length, all.length);
        assert.equal([...relabel(all, { a: "e" })].length, all.length);
        assert.equal([...implies(all, implied)].length, all.length);
        counted.survived++;
      },
    ),
    checked,
  ));

Deno.test("widen() keeps existing values and is idempotent", () =>
  fc.assert(
    fc.property(records, record, (all, wider) => {
      counted.inputs++;
      const once = [...widen(all, wider)];
      for (const [i, found] of once.entries()) {
        for (const [name, value] of Object.entries(all[i]!)) {
          if (value !== null) assert.equal(found[name], value);
        }
        for (const [name, value] of Object.entries(wider)) {
          if (value !== null) assert.ok(found[name] != null, name);
        }
      }
      assert.deepEqual([...widen(once, wider)], once);
      counted.survived++;
    }),
    checked,
  ));

Deno.test("widen() with different names commutes", () =>
  fc.assert(
    fc.property(records, value, value, (all, a, b) => {
      counted.inputs++;
      const one = [...widen(widen(all, { a }), { b })];
      const other = [...widen(widen(all, { b }), { a })];
      assert.deepEqual(sorted(one), sorted(other));
      counted.survived++;
    }),
    checked,
  ));

Deno.test("relabel() is reversible and idempotent", () =>
  fc.assert(
    fc.property(records, (all) => {
      counted.inputs++;
      const there = [...relabel(all, { a: "e" })];
      assert.deepEqual([...relabel(there, { a: "e" })], there);
      assert.deepEqual(sorted(relabel(there, { e: "a" })), sorted(all));
      counted.survived++;
    }),
    checked,
  ));

Deno.test("implies() does not depend on the order of records and rules, and is idempotent", () =>
  fc.assert(
    fc.property(
      records,
      fc.array(implication, { maxLength: 4 }),
      order,
      (all, implied, by) => {
        counted.inputs++;
        const one = implies(all, implied);
        const other = implies(shuffled(all, by), shuffled(implied, by));
        assert.deepEqual(sorted(one), sorted(other));
        assert.equal(one.contradictions.length, other.contradictions.length);
        assert.deepEqual([...implies(one.records, implied)], [...one.records]);
        counted.survived++;
      },
    ),
    checked,
  ));

const text = (value: unknown) =>
  value == null ? undefined : value === true ? "1" : String(value);

const single = fc.uniqueArray(fc.constantFrom(...names), {
  minLength: 2,
  maxLength: 2,
}).map(([one, other]) => ({ implies: [one!], gives: [other!] }));

Deno.test("implies() adds a value only if it agrees with every rule that derives one", () =>
  fc.assert(
    fc.property(records, fc.array(single, { maxLength: 6 }), (all, rules) => {
      counted.inputs++;
      const merged = [...implies(all, rules)];
      for (const { implies: [l], gives: [r] } of rules) {
        merged.forEach((record, i) => {
          const isGiven = text(all[i]![r!]) === undefined;
          const has = text(record[r!]);
          const key = text(record[l!]);
          if (!isGiven || has === undefined || key === undefined) return;
          const others = all.flatMap((logged, j) => {
            const value = text(logged[r!]);
            return text(merged[j]![l!]) === key && value !== undefined
              ? [value]
              : [];
          });
          // Contradictory values imply nothing.
          if (new Set(others).size === 1) assert.equal(has, others[0]);
        });
      }
      counted.survived++;
    }),
    checked,
  ));

/** The content of a database, with spans numbered as they were generated. */
function contentOf(db: Database, numbers: readonly number[]): unknown {
  const name = (id: number, key: string) =>
    id <= numbers.length ? `#${numbers[id - 1]}` : key;
  const ask = (sql: string) =>
    db.query<Record<string, number & string>>(sql).map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([column, value]) => [
          column,
          /_id$/.test(column) ? name(value, keys.get(value)!) : value,
        ]),
      )
    ).map((row) => JSON.stringify(row)).sort();
  const keys = new Map(
    db.query<{ id: number; name: string }>(
      "SELECT id, type || ' ' || key AS name FROM span",
    ).map(({ id, name }) => [id, name]),
  );
  return {
    spans: ask(`SELECT id AS own_id, type,
      (SELECT json_group_array(json_array(key, value)) FROM (
        SELECT key, value FROM json_each(attributes) ORDER BY key)) AS attributes,
      (SELECT json_group_array(value) FROM (
        SELECT value FROM json_each(implied) ORDER BY value)) AS implied
      FROM span`),
    nested: ask(
      "SELECT superspan_id, subspan_id, key, text FROM subspan JOIN rule ON rule.id = rule_id",
    ),
    // The order of spans decides which of the two becomes left_id.
    equal: ask(
      "SELECT left_id, right_id, text FROM facet JOIN rule ON rule.id = rule_id",
    ),
  };
}

const engines = ["native", "sqljs"] as const;

/** Shuffles rules. Of two equal contexts, the rule above has the wider one. */
function shuffledRules(rules: readonly Rule[], by: fc.Stream<number>): Rule[] {
  const contexts = rules.filter((rule) => "context" in rule).values();
  return shuffled(rules, by)
    .map((rule) => "context" in rule ? contexts.next().value! : rule);
}

Deno.test("bind() does not depend on the order of spans and rules or the engine, and is idempotent", () =>
  fc.assert(
    fc.asyncProperty(spans, rules, order, async (all, rules, by) => {
      counted.inputs++;
      const numbered = all.map((span, number) => ({ ...span, number }));
      const answers: unknown[] = [];
      const counts: unknown[] = [];
      for (const engine of engines) {
        for (const isShuffled of [false, true]) {
          using db = await openDatabase(undefined, { engine });
          const made = isShuffled ? shuffled(numbered, by) : numbered;
          addSpans(
            db,
            made.map(({ type, attributes }) => ({ type, attributes })),
          );
          const wanted = isShuffled ? shuffledRules(rules, by) : rules;
          const report = bind(db, wanted);
          const numbers = made.map(({ number }) => number);
          answers.push(contentOf(db, numbers));
          counts.push([report.made, report.unbound, report.contradicted]);
          const again = bind(db, wanted);
          assert.deepEqual(again.rules, report.rules);
          answers.push(contentOf(db, numbers));
        }
      }
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
      for (const count of counts) assert.deepEqual(count, counts[0]);
      counted.survived++;
    }),
    { ...checked, numRuns: times(20, 500) },
  ));

Deno.test("bind() gives the same if spans were completed early, in any order", () =>
  fc.assert(
    fc.asyncProperty(spans, rules, order, async (all, rules, by) => {
      counted.inputs++;
      using db = await openDatabase(undefined, { engine: "native" });
      using other = await openDatabase(undefined, { engine: "native" });
      addSpans(db, all);
      const early = new ImpliedEarly(rules);
      const completed = structuredClone(all);
      const names = new Map<number, string[]>();
      for (const i of shuffled([...all.keys()], by)) {
        early.learn(completed[i]!.attributes);
        names.set(i + 1, early.complete(completed[i]!.attributes));
      }
      addSpans(other, completed);
      for (const [id, implied] of names) {
        const json = implied.length > 0 ? JSON.stringify(implied) : null;
        other.run("UPDATE span SET implied = ? WHERE id = ?", [json, id]);
      }
      const [report, found] = [bind(db, rules), bind(other, rules)];
      assert.deepEqual({ ...found }, { ...report });
      const numbers = [...all.keys()];
      assert.deepEqual(contentOf(other, numbers), contentOf(db, numbers));
      counted.survived++;
    }),
    { ...checked, numRuns: times(40, 500) },
  ));

Deno.test("bind() adds implied attributes and keeps logged ones, and bind() without rules removes what it added", () =>
  fc.assert(
    fc.asyncProperty(spans, rules, async (all, rules) => {
      counted.inputs++;
      using db = await openDatabase(undefined, { engine: "native" });
      addSpans(db, all);
      const before = db.query<{ attributes: string }>(
        "SELECT attributes FROM span ORDER BY id",
      );
      const report = bind(db, rules);
      const after = db.query<{ attributes: string; implied: string | null }>(
        `SELECT attributes, implied FROM span WHERE id <= ${all.length} ORDER BY id`,
      );
      assert.equal(after.length, before.length);
      for (const [i, { attributes, implied }] of after.entries()) {
        const found = JSON.parse(attributes);
        for (const name of JSON.parse(implied ?? "[]")) {
          assert.ok(
            found[name] !== undefined && all[i]!.attributes[name] == null,
          );
          delete found[name];
        }
        const logged = Object.entries(all[i]!.attributes)
          .filter(([name, value]) => value !== null || name in found);
        assert.deepEqual(found, Object.fromEntries(logged));
      }
      // Binding without rules restores the original attributes.
      bind(db, []);
      const undone = db.query<{ attributes: string }>(
        "SELECT attributes FROM span ORDER BY id",
      );
      const plain = (rows: { attributes: string }[]) =>
        rows.map(({ attributes }) =>
          Object.entries(JSON.parse(attributes))
            .filter(([, value]) => value !== null).sort()
        );
      assert.deepEqual(plain(undone), plain(before));
      const edges = db.query(
        "SELECT 1 FROM subspan UNION ALL SELECT 1 FROM facet",
      );
      assert.equal(edges.length, 0);
      assert.ok(report.made >= 0);
      counted.survived++;
    }),
    { ...checked, numRuns: times(20, 500) },
  ));

Deno.test("widen(), relabel() and implies() give the same result in SQL and in TypeScript", () =>
  fc.assert(
    fc.asyncProperty(
      records,
      record,
      fc.array(implication, { maxLength: 3 }),
      async (all, wider, implied) => {
        counted.inputs++;
        for (const engine of engines) {
          for (
            const [onRows, onRecords] of [
              [
                (db: Database) => widen(db, wider),
                () => widen(all, wider),
              ],
              [
                (db: Database) => relabel(db, { a: "e", b: { 1: "one" } }),
                () => relabel(all, { a: "e", b: { 1: "one" } }),
              ],
              [
                (db: Database) => implies(db, implied),
                () => implies(all, implied),
              ],
            ] as const
          ) {
            using db = await openDatabase(undefined, { engine });
            addSpans(db, all.map((attributes) => ({ type: "x", attributes })));
            onRows(db);
            const rows = db.query<{ attributes: string }>(
              "SELECT attributes FROM span ORDER BY id",
            ).map(({ attributes }) => asText(JSON.parse(attributes)));
            assert.deepEqual(rows, [...onRecords()].map(asText));
          }
        }
        counted.survived++;
      },
    ),
    { ...checked, numRuns: times(15, 200) },
  ));

// Two rules imply different values for one record; found by random search.
const torn = [
  { d: "1", b: "2" },
  { a: "1", d: "1", c: "far" },
  { b: "2", c: "near" },
];
const tearing = [
  { implies: ["b"], gives: ["c"] },
  { implies: ["d"], gives: ["a", "c"] },
];

Deno.test("implies() and bind() give the first of two contradictory rules no priority", async () => {
  const found = [tearing, tearing.toReversed()]
    .map((rules) => sorted(implies(torn, rules)));
  assert.deepEqual(found[0], found[1]);
  for (const engine of engines) {
    for (const rules of [tearing, tearing.toReversed()]) {
      using db = await openDatabase(undefined, { engine });
      addSpans(db, torn.map((attributes) => ({ type: "x", attributes })));
      const { contradicted } = bind(db, rules);
      assert.equal(contradicted, 1);
      const spans = db.query<{ attributes: string }>(
        "SELECT attributes FROM span ORDER BY id",
      );
      const attributes = spans.map(({ attributes }) => JSON.parse(attributes));
      assert.deepEqual(sorted(attributes), found[0]);
    }
  }
});
