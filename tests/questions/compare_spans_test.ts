import { strict as assert } from "node:assert";
import { type Database, sql } from "dnpc/sql";
import { compareSpans } from "dnpc/questions";
import { optionsOf } from "../../display/text/rows.ts";
import { onDatabase } from "../sql/engines.ts";
import { addSpans } from "../sql/spans.ts";

/** Two fleets; b is slow to load and quick to sail. */
function ships(db: Database) {
  addSpans(db, [
    { type: "a", events: [[0, "docks"], [10, "loads"], [20, "sails"]] },
    { type: "a", events: [[5, "docks"], [17, "loads"], [25, "sails"]] },
    {
      type: "b",
      events: [[0, "docks"], [15, "paints"], [30, "loads"], [31, "sails"]],
    },
  ]);
}

const named = (events: string) =>
  sql`SELECT id FROM span WHERE type = ${events}`;

onDatabase("compareSpans() shows where spans of a set take longer", (db) => {
  // Both fleets have the span type of the ships' log.
  ships(db);
  db.exec(`UPDATE span SET type = 'ship', attributes =
    json_object('fleet', type)`);
  const fleet = (name: string) =>
    sql`SELECT id FROM span WHERE attributes ->> 'fleet' = ${name}`;
  const rows = compareSpans(db, { a: fleet("a"), b: fleet("b") });
  assert.deepEqual(rows.map((row) => ({ ...row })), [
    {
      step: "until loads",
      set: "b",
      mean_per_span: 30,
      baseline: 11,
      difference: 19,
      ratio: 30 / 11,
      p95: 30,
      baseline_p95: 11.9,
      spans: 1,
      baseline_set: "a",
      baseline_spans: 2,
    },
    {
      step: "until sails",
      set: "b",
      mean_per_span: 1,
      baseline: 9,
      difference: -8,
      ratio: 1 / 9,
      p95: 1,
      baseline_p95: 9.9,
      spans: 1,
      baseline_set: "a",
      baseline_spans: 2,
    },
  ]);
  assert.equal(
    optionsOf(rows)!.heading,
    "b: the mean time per span (of 1 span, not 2) is 31 s, 11 s more than in a: " +
      "19 s more until loads (2.7 times as long), 8 s less until sails (0.11 " +
      "times as long).\n" +
      "Counted with the step before, because some logs lack them: paints (a).",
  );
});

onDatabase(
  "compareSpans() finds no difference between spans and themselves",
  (db) => {
    ships(db);
    const rows = compareSpans(db, { a: "a", again: named("a") });
    assert.deepEqual(
      rows.map(({ difference, ratio, spans }) => [difference, ratio, spans]),
      [[0, 1, 2], [0, 1, 2]],
    );
  },
);

onDatabase("compareSpans() keeps twelve steps, and joins the least", (db) => {
  // Step n takes n seconds more in the second set.
  const events = (more: number) =>
    Array.from(
      { length: 15 },
      (_, n) => [n * 100 + more * n * (n + 1) / 2, `step ${n}`] as const,
    );
  addSpans(db, [
    { type: "a", events: events(0) },
    { type: "b", events: events(1) },
  ]);
  db.exec("UPDATE span SET type = 'x', attributes = json_object('set', type)");
  const set = (name: string) =>
    sql`SELECT id FROM span WHERE attributes ->> 'set' = ${name}`;
  const rows = compareSpans(db, { a: set("a"), b: set("b") });
  assert.deepEqual(
    rows.map(({ step, difference }) => [step, difference]),
    [
      ...Array.from({ length: 11 }, (_, i) => [`until step ${i + 4}`, i + 4]),
      ["3 other steps", 1 + 2 + 3],
    ],
  );
});

onDatabase("compareSpans() has no rows if nothing is shared", (db) => {
  ships(db);
  addSpans(db, [{ id: 9, type: "c", events: [[0, "flies"], [1, "lands"]] }]);
  assert.deepEqual([...compareSpans(db, { a: "a", c: "c" })], []);
  assert.throws(() => compareSpans(db, { a: "a", b: "none" }), {
    message: 'there is no type of span "none". There are a, b, c',
  });
  assert.throws(() => compareSpans(db, { a: "a" }), {
    name: "RangeError",
    message: "two sets are needed, not 1",
  });
});
