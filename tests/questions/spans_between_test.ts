import { strict as assert } from "node:assert";
import { sql } from "dnpc/sql";
import { spansBetween } from "dnpc/questions";
import { onDatabase } from "../sql/engines.ts";
import {
  addSpans,
  fromSentToCame,
  type Letter,
  sendLetters,
} from "../sql/spans.ts";

const cases: {
  claim: string;
  letters: Letter[];
  // [time, count, change, unended]
  steps: [number, number, number, number][];
}[] = [
  {
    claim: "pairs of start and end",
    letters: [{ sent: [10], came: [15] }, { sent: [12], came: [20] }],
    steps: [[10, 1, 1, 0], [12, 2, 1, 0], [15, 1, -1, 0], [20, 0, -1, 0]],
  },
  {
    claim: "nothing without a start",
    letters: [{ sent: [], came: [15] }, { sent: [null], came: [] }],
    steps: [],
  },
  {
    claim: "a start without an end as unended until the last event",
    letters: [{ sent: [10], came: [] }, { sent: [12], came: [14, null] }],
    steps: [[10, 1, 1, 1], [12, 2, 1, 1], [14, 1, -1, 1]],
  },
  {
    claim: "no step if one starts as another ends",
    letters: [{ sent: [10], came: [15] }, { sent: [15], came: [20] }],
    steps: [[10, 1, 1, 0], [20, 0, -1, 0]],
  },
  {
    claim: "a step without a change of the count if unended changes",
    letters: [{ sent: [10], came: [15] }, { sent: [15], came: [] }],
    steps: [[10, 1, 1, 0], [15, 1, 0, 1]],
  },
  {
    claim: "simultaneous starts as one step",
    letters: [{ sent: [10], came: [12] }, { sent: [10], came: [12] }],
    steps: [[10, 2, 2, 0], [12, 0, -2, 0]],
  },
  {
    claim: "from the first of two starts before an end",
    letters: [{ sent: [10, 20], came: [25, 26] }],
    steps: [[10, 1, 1, 0], [25, 0, -1, 0]],
  },
  {
    claim: "a second start after an end",
    letters: [{ sent: [10, 20], came: [15] }],
    steps: [[10, 1, 1, 0], [15, 0, -1, 0], [20, 1, 1, 1]],
  },
  {
    claim: "no pair with a reversed order or zero duration",
    letters: [{ sent: [10], came: [8] }, { sent: [10], came: [10] }],
    steps: [],
  },
  {
    claim: "to a later end if the first one precedes every start",
    letters: [{ sent: [10], came: [8, 12] }],
    steps: [[10, 1, 1, 0], [12, 0, -1, 0]],
  },
];

for (const { claim, letters, steps } of cases) {
  onDatabase(`spansBetween() counts ${claim}`, (db) => {
    sendLetters(db, letters);
    assert.deepEqual(
      db.query(spansBetween({ ...fromSentToCame, by: [] })).map(Object.values),
      steps,
    );
  });
}

onDatabase("spansBetween() groups by attributes", (db) => {
  sendLetters(db, [
    { sent: [10], came: [15], land: "north" },
    { sent: [12], came: [16], land: "south" },
    { sent: [13], came: [17] },
    { sent: [14], came: [16], land: "north" },
  ]);
  assert.deepEqual(
    db.query(spansBetween({ ...fromSentToCame, by: "land" })).map(
      Object.values,
    ),
    [
      [null, 13, 1, 1, 0],
      [null, 17, 0, -1, 0],
      ["north", 10, 1, 1, 0],
      ["north", 14, 2, 1, 0],
      ["north", 15, 1, -1, 0],
      ["north", 16, 0, -1, 0],
      ["south", 12, 1, 1, 0],
      ["south", 16, 0, -1, 0],
    ],
  );
  // Attributes may have the names of columns of span.
  db.exec(`UPDATE span
    SET attributes = json_set(attributes, '$.type', 1, '$."a \\"b"', 2)
    WHERE attributes ->> 'land' = 'north'`);
  const by = ["land", "type", 'a "b'];
  const [first] = db.query(spansBetween({ ...fromSentToCame, by }));
  assert.deepEqual(
    Object.keys(first!),
    [...by].concat(
      ["time", "count", "change", "unended"],
    ),
  );
  assert.equal(first!.type, null);
});

onDatabase("spansBetween() groups by an attribute of any name", (db) => {
  const attributes = { is_to: "a", root_id: "b", is_unended: "c", alone: "d" };
  addSpans(db, [
    { type: "a", attributes, events: [[10, "x"], [20, "y"]] },
    { type: "a", attributes, events: [[12, "x"], [15, "y"]] },
  ]);
  const by = Object.keys(attributes);
  const values = Object.values(attributes);
  assert.deepEqual(
    db.query(spansBetween({ from: "a/x", to: "a/y", by })).map(Object.values),
    [[10, 1, 1, 0], [12, 2, 1, 0], [15, 1, -1, 0], [20, 0, -1, 0]]
      .map((step) => [...values, ...step]),
  );
});

Deno.test("spansBetween() refuses an attribute with the name of a result column", () => {
  for (const by of ["time", "count", "change", "unended"]) {
    assert.throws(() => spansBetween({ ...fromSentToCame, by: ["land", by] }), {
      name: "TypeError",
      message: `cannot count by the attribute "${by}": the result has the ` +
        "columns time, count, change, unended",
    });
  }
});

onDatabase(
  "spansBetween() accepts a query of spans and can be nested in another query",
  (db) => {
    sendLetters(db, [{ sent: [10], came: [15] }, { sent: [12], came: [16] }]);
    const root =
      sql`SELECT id FROM span WHERE type = ${"letter"} AND id > ${1}`;
    const query = sql`SELECT max(count) AS most
    FROM (${spansBetween({ ...fromSentToCame, root })}) WHERE time > ${0}`;
    assert.deepEqual([...db.query(query)], [{ most: 1 }]);
  },
);
