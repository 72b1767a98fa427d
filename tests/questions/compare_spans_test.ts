import { strict as assert } from "node:assert";
import { type Database, sql } from "dnpc/sql";
import { compareSpans } from "dnpc/questions";
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

/** A step without durations in both fleets. */
const withoutDurations = {
  span_type: "ship",
  nth: 1,
  spans_b: 1,
  median_a: null,
  median_b: null,
  p95_a: null,
  p95_b: null,
  difference: null,
  ratio: null,
  lost: null,
};

onDatabase("compareSpans() sorts by lost time", (db) => {
  // Both fleets have the span type of the ships' log.
  ships(db);
  db.exec(`UPDATE span SET type = 'ship', attributes =
    json_object('fleet', type)`);
  const fleet = (name: string) =>
    sql`SELECT id FROM span WHERE attributes ->> 'fleet' = ${name}`;
  const rows = compareSpans(db, fleet("a"), fleet("b"));
  assert.deepEqual(rows.map((row) => ({ ...row })), [
    {
      span_type: "ship",
      event_type: "loads",
      nth: 1,
      step: 3,
      spans_a: 2,
      spans_b: 1,
      median_a: 11,
      median_b: 30,
      p95_a: 11.9,
      p95_b: 30,
      difference: 19,
      ratio: 30 / 11,
      lost: 19,
    },
    {
      span_type: "ship",
      event_type: "sails",
      nth: 1,
      step: 4,
      spans_a: 2,
      spans_b: 1,
      median_a: 9,
      median_b: 1,
      p95_a: 9.9,
      p95_b: 1,
      difference: -8,
      ratio: 1 / 9,
      lost: -8,
    },
    { ...withoutDurations, event_type: "docks", step: 1, spans_a: 2 },
    { ...withoutDurations, event_type: "paints", step: 2, spans_a: 0 },
  ]);
});

onDatabase(
  "compareSpans() finds no difference between spans and themselves",
  (db) => {
    ships(db);
    const rows = compareSpans(db, "a", named("a"));
    assert.deepEqual(rows.map(({ lost, ratio }) => [lost, ratio]), [
      [0, 1],
      [0, 1],
      [null, null],
    ]);
    assert.equal(rows[0]!.spans_a, 2);
  },
);

onDatabase("compareSpans() has only counts if no step is shared", (db) => {
  ships(db);
  const rows = compareSpans(db, "a", "b");
  assert.equal(rows.length, 7);
  assert.ok(rows.every(({ lost, median_a }) => lost === null && !median_a));
  assert.deepEqual([...compareSpans(db, "none", "neither")], []);
});
