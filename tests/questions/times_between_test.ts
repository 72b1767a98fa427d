import { strict as assert } from "node:assert";
import { sql } from "dnpc/sql";
import { timesBetween } from "dnpc/questions";
import { onDatabase } from "../sql/engines.ts";
import {
  addSpans,
  fromSentToCame,
  type Letter,
  sendLetters,
} from "../sql/spans.ts";

const cases: (Letter & {
  claim: string;
  first: [number, number][];
  each?: [number, number][];
})[] = [
  { claim: "one start and one end", sent: [10], came: [15], first: [[10, 15]] },
  { claim: "equal times", sent: [10], came: [10], first: [[10, 10]] },
  { claim: "an end before the start", sent: [10], came: [8], first: [[10, 8]] },
  { claim: "nothing without an end", sent: [10], came: [], first: [] },
  { claim: "nothing without a start", sent: [], came: [10], first: [] },
  {
    claim: "nothing with a start without a time",
    sent: [null],
    came: [10],
    first: [],
  },
  {
    claim: "the last of the starts before the first end",
    sent: [10, 20, 30],
    came: [25, 35],
    first: [[20, 25]],
    each: [[20, 25], [30, 35]],
  },
  {
    claim: "ends after an end before every start",
    sent: [10],
    came: [5, 12, 14],
    first: [[10, 12]],
    each: [[10, 12], [10, 14]],
  },
  {
    claim: "nothing if several starts follow the only end",
    sent: [10, 20],
    came: [5],
    first: [],
  },
  {
    claim: "two ends at the same time",
    sent: [10],
    came: [15, 15],
    first: [[10, 15]],
    each: [[10, 15], [10, 15]],
  },
];

for (const { claim, sent, came, first, each = first } of cases) {
  onDatabase(`timesBetween() pairs ${claim}`, (db) => {
    sendLetters(db, [{ sent, came }]);
    const found = (which: "first" | "each") =>
      db.query(timesBetween({ ...fromSentToCame, which }))
        .map(({ start, end }) => [start, end]);
    assert.deepEqual(found("first"), first);
    assert.deepEqual(found("each"), each);
  });
}

onDatabase("timesBetween() keeps the roots apart", (db) => {
  sendLetters(db, [
    { sent: [10], came: [15] },
    { sent: [1], came: [] },
    { sent: [12], came: [11] },
  ]);
  assert.deepEqual([...db.query(timesBetween(fromSentToCame))], [
    { root_id: 1, start: 10, end: 15 },
    { root_id: 5, start: 12, end: 11 },
  ]);
});

onDatabase(
  "timesBetween() pairs events of two spans with a common root",
  (db) => {
    sendLetters(db, [{ sent: [10], came: [15] }]);
    addSpans(db, [{ id: 9, type: "sack/big", events: [[17, "full/closed"]] }]);
    addSpans(db, [{ id: 10, type: "boat" }]);
    db.exec("INSERT INTO subspan VALUES (10, 9, '', NULL), (10, 1, '', NULL)");
    const from = "post/came";
    const to = { span: "sack/big", event: "full/closed" };
    assert.deepEqual([...db.query(timesBetween({ from, to }))], []);
    const expected = [{ root_id: 10, start: 15, end: 17 }];
    const root = sql`SELECT id FROM span WHERE type = ${"boat"}`;
    for (const option of ["boat", root]) {
      const query = timesBetween({ from, to, root: option });
      assert.deepEqual([...db.query(query)], expected);
      const nested = sql`SELECT * FROM (${query}) WHERE start > ${1}`;
      assert.deepEqual([...db.query(nested)], expected);
    }
  },
);

Deno.test("timesBetween() refuses an invalid event name or option", () => {
  for (const from of ["sent", "/sent", ""]) {
    assert.throws(() => timesBetween({ ...fromSentToCame, from }), {
      name: "TypeError",
      message: `an event is named by its span type and its type, "type/event"` +
        `, not ${JSON.stringify(from)}`,
    });
  }
  const which = "last" as "each";
  assert.throws(() => timesBetween({ ...fromSentToCame, which }), {
    name: "TypeError",
  });
});
