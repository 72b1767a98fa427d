import { strict as assert } from "node:assert";
import { type Database, insertRows, openDatabase, sql } from "dnpc/sql";
import {
  eventSequences,
  type EventSequencesOptions,
  type SequenceStep,
} from "dnpc/questions";
import { assertLinear, processorTime } from "../importers/growth.ts";
import { onDatabase } from "../sql/engines.ts";
import { addSpans } from "../sql/spans.ts";

type Told = readonly (readonly [number | null, string])[];

/** Writes guests as spans of one type, each with its events. */
const addGuests = (db: Database, guests: readonly Told[]) =>
  addSpans(db, guests.map((events) => ({ type: "deck.guest", events })));

const sequences = (db: Database, options?: EventSequencesOptions): string[] =>
  eventSequences(db, "deck.guest", options).map((row) =>
    `${row.sequence}.${row.step} ${row.spans} ${row.event_type}` +
    (row.nth > 1 ? ` (${row.nth})` : "")
  );

onDatabase(
  "eventSequences() lists each order, the most frequent first",
  (db) => {
    addGuests(db, [
      [[1, "waves"], [2, "boards"]],
      [[5, "boards"], [7, "waves"]],
      [[15, "boards"], [18, "waves"]],
      [],
    ]);
    assert.deepEqual(sequences(db), [
      "1.1 2 boards",
      "1.2 2 waves",
      "2.1 1 waves",
      "2.2 1 boards",
    ]);
  },
);

onDatabase(
  "eventSequences() measures each step from the start and from the previous step",
  (db) => {
    addGuests(
      db,
      [0, 10, 20, 30].map((late, i) => [
        [late, "boards"],
        [late + 1, "waves"],
        [late + 2 + i, "eats"],
      ]),
    );
    const rows = eventSequences(db, "deck.guest", { percentiles: [50, 90] });
    assert.deepEqual({ ...rows[2] }, {
      sequence: 1,
      step: 3,
      spans: 4,
      span_type: "deck.guest",
      event_type: "eats",
      component: "deck",
      nth: 1,
      longest_id: 4,
      since_start_mean: 3.5,
      since_start_minimum: 2,
      since_start_maximum: 5,
      since_start_p50: 3.5,
      since_start_p90: 4.7,
      since_before_mean: 2.5,
      since_before_minimum: 1,
      since_before_maximum: 4,
      since_before_p50: 2.5,
      since_before_p90: 3.7,
    });
    assert.equal(rows[0]!.since_start_mean, 0);
    assert.equal(rows[0]!.since_before_mean, null);
    assert.equal(rows[0]!["since_before_p90"], null);
  },
);

onDatabase("eventSequences() treats a repeated event as another step", (db) => {
  addGuests(db, [
    [[1, "boards"], [2, "falls"], [3, "boards"], [4, "eats"]],
    [[1, "boards"], [4, "eats"]],
    [[1, "boards"], [4, "eats"]],
  ]);
  assert.deepEqual(sequences(db), [
    "1.1 2 boards",
    "1.2 2 eats",
    "2.1 1 boards",
    "2.2 1 falls",
    "2.3 1 boards (2)",
    "2.4 1 eats",
  ]);
  assert.deepEqual(sequences(db, { align: "step" }), [
    "1.1 3 boards",
    "1.2 1 falls",
    "1.3 1 boards (2)",
    "1.4 3 eats",
  ]);
});

onDatabase("eventSequences() gives one order to simultaneous steps", (db) => {
  addGuests(db, [
    [[1, "boards"], [1, "waves"], [2, "eats"]],
    [[4, "waves"], [4, "boards"], [5, "eats"]],
    [[6, "boards"], [7, "waves"], [7, "eats"]],
    [[null, "naps"], [8, "eats"], [8, "waves"], [8, "boards"]],
  ]);
  assert.deepEqual(sequences(db), [
    "1.1 4 boards",
    "1.2 4 waves",
    "1.3 4 eats",
  ]);
});

onDatabase(
  "eventSequences() aligned by step merges all orders",
  (db) => {
    addGuests(db, [
      [[10, "boards"], [12, "waves"], [15, "eats"]],
      [[20, "boards"], [23, "waves"], [24, "eats"]],
      [[29, "waves"], [30, "boards"], [40, "eats"]],
      // Has no other step in common, and a long wait.
      [[50, "boards"], [99, "falls"]],
    ]);
    const rows = eventSequences(db, "deck.guest", { align: "step" });
    const picture = (row: SequenceStep) => [
      row.step,
      row.event_type,
      row.spans,
      row.longest_id,
      row.since_before_minimum,
      row.since_before_maximum,
    ];
    assert.deepEqual(rows.map(picture), [
      [1, "boards", 4, 3, null, null],
      [2, "waves", 3, 2, -1, 3],
      [3, "eats", 3, 3, 1, 11],
      [4, "falls", 1, 4, 49, 49],
    ]);
  },
);

onDatabase(
  "eventSequences() places a rare step by its neighbours",
  (db) => {
    // By the median alone, "ties" would come after the step that follows it.
    addGuests(db, [
      [[0, "boards"], [1, "eats"]],
      [[0, "boards"], [1, "eats"]],
      [[0, "boards"], [50, "ties"], [51, "eats"]],
    ]);
    assert.deepEqual(sequences(db, { align: "step" }), [
      "1.1 3 boards",
      "1.2 1 ties",
      "1.3 3 eats",
    ]);
  },
);

onDatabase(
  "eventSequences() terminates if the frequent orders form a cycle",
  (db) => {
    addGuests(db, [
      [[0, "a"], [1, "b"], [2, "c"]],
      [[0, "b"], [1, "c"], [2, "a"]],
      [[0, "c"], [1, "a"], [2, "b"]],
    ]);
    const rows = eventSequences(db, "deck.guest", { align: "step" });
    assert.equal(
      rows.map(({ event_type }) => event_type).sort().join(""),
      "abc",
    );
    assert.equal(eventSequences(db, "deck.guest").length, 9);
  },
);

onDatabase(
  "eventSequences() counts a span that is reached twice once, from any roots",
  (db) => {
    addSpans(db, [
      { type: "a", events: [[1, "x"]] },
      { type: "b", events: [[2, "y"]] },
      { type: "a", events: [[3, "z"]] },
    ]);
    db.exec(`
    INSERT INTO subspan VALUES (1, 2, NULL, NULL), (2, 1, NULL, NULL);
    INSERT INTO facet VALUES (1, 2, NULL), (2, 1, NULL)`);
    insertRows(db, "event", ["span_id", "time", "type", "named"], [
      [1, 9, "m %s", 0],
    ]);
    const types = (...args: [string | ReturnType<typeof sql>, object?]) =>
      eventSequences(db, ...args).map((row) => row.event_type).join(" ");
    assert.equal(types(sql`SELECT 1`), "x y");
    assert.equal(types(sql`SELECT 1`, { events: "all" }), "x y m %s");
    assert.equal(types(sql`SELECT 1`, { eventTypes: ["x", "m %s"] }), "x m %s");
    assert.equal(types("a", { spanTypes: ["a"] }), "x z");
    assert.equal(types("a", { components: ["b"] }), "y");
    assert.throws(() => types("none"), /no type of span "none"/);
  },
);

onDatabase("eventSequences() refuses invalid options and percentages", (db) => {
  addGuests(db, []);
  const refuses = (options: object, message: string) =>
    assert.throws(() => eventSequences(db, "deck.guest", options), { message });
  refuses({ align: "time" }, 'align is "order" or "step", not "time"');
  refuses({ events: "some" }, 'events is "named" or "all", not "some"');
  refuses({ percentiles: [101] }, "a percentile is from 0 to 100, not 101");
});

Deno.test("eventSequences() takes linear time", () =>
  assertLinear(async (guests) => {
    using db = await openDatabase(undefined, { engine: "native" });
    const steps = "abcdefghij".split("");
    addGuests(
      db,
      Array.from(
        { length: guests },
        (_, i) =>
          steps.map((step, j) =>
            [i + (j ^ (i % 7 === 0 ? 1 : 0)), step] as const
          ),
      ),
    );
    return processorTime(() => {
      const byOrder = eventSequences(db, "deck.guest");
      assert.deepEqual(
        [byOrder.length, byOrder[0]!.spans, byOrder[10]!.spans],
        [20, guests * 6 / 7, guests / 7],
      );
      const picture = eventSequences(db, "deck.guest", { align: "step" });
      assert.equal(picture.map((row) => row.event_type).join(""), "abcdefghij");
    });
  }, 375 * 7));
