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
  // Time, count, change and unended.
  steps: [number, number, number, number][];
}[] = [
  {
    claim: "who comes and goes",
    letters: [{ sent: [10], came: [15] }, { sent: [12], came: [20] }],
    steps: [[10, 1, 1, 0], [12, 2, 1, 0], [15, 1, -1, 0], [20, 0, -1, 0]],
  },
  {
    claim: "nobody",
    letters: [{ sent: [], came: [15] }, { sent: [null], came: [] }],
    steps: [],
  },
  {
    claim: "who never comes, until the end",
    letters: [{ sent: [10], came: [] }, { sent: [12], came: [14, null] }],
    steps: [[10, 1, 1, 1], [12, 2, 1, 1], [14, 1, -1, 1]],
  },
  {
    claim: "no step where one comes as another goes",
    letters: [{ sent: [10], came: [15] }, { sent: [15], came: [20] }],
    steps: [[10, 1, 1, 0], [20, 0, -1, 0]],
  },
  {
    claim: "a step of none where what is unended changes",
    letters: [{ sent: [10], came: [15] }, { sent: [15], came: [] }],
    steps: [[10, 1, 1, 0], [15, 1, 0, 1]],
  },
  {
    claim: "several at once as one step",
    letters: [{ sent: [10], came: [12] }, { sent: [10], came: [12] }],
    steps: [[10, 2, 2, 0], [12, 0, -2, 0]],
  },
  {
    claim: "from the first of two that are not answered",
    letters: [{ sent: [10, 20], came: [25, 26] }],
    steps: [[10, 1, 1, 0], [25, 0, -1, 0]],
  },
  {
    claim: "again who begins again",
    letters: [{ sent: [10, 20], came: [15] }],
    steps: [[10, 1, 1, 0], [15, 0, -1, 0], [20, 1, 1, 1]],
  },
  {
    claim: "not who comes in the wrong order or in no time",
    letters: [{ sent: [10], came: [8] }, { sent: [10], came: [10] }],
    steps: [],
  },
  {
    claim: "past an end before every start, where there are more",
    letters: [{ sent: [10], came: [8, 12] }],
    steps: [[10, 1, 1, 0], [12, 0, -1, 0]],
  },
];

for (const { claim, letters, steps } of cases) {
  onDatabase(`spansBetween() counts ${claim}`, (db) => {
    sendLetters(db, letters);
    assert.deepEqual(
      db.query(spansBetween(fromSentToCame)).map(Object.values),
      steps,
    );
  });
}

onDatabase("spansBetween() counts apart what attributes tell apart", (db) => {
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
      ...[[null, 13, 1, 1, 0], [null, 17, 0, -1, 0]],
      ...[["north", 10, 1, 1, 0], ["north", 14, 2, 1, 0]],
      ...[["north", 15, 1, -1, 0], ["north", 16, 0, -1, 0]],
      ...[["south", 12, 1, 1, 0], ["south", 16, 0, -1, 0]],
    ],
  );
  // The names of columns of a span are attributes like others.
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

onDatabase("spansBetween() counts apart by an attribute of any name", (db) => {
  const attributes = { is_to: "a", root_id: "b", is_unended: "c", alone: "d" };
  addSpans(db, [
    { type: "a", attributes, events: [[10, "x"], [20, "y"]] },
    { type: "a", attributes, events: [[12, "x"], [15, "y"]] },
  ]);
  const by = Object.keys(attributes);
  const said = Object.values(attributes);
  assert.deepEqual(
    db.query(spansBetween({ from: "a/x", to: "a/y", by })).map(Object.values),
    [[10, 1, 1, 0], [12, 2, 1, 0], [15, 1, -1, 0], [20, 0, -1, 0]]
      .map((step) => [...said, ...step]),
  );
});

Deno.test("spansBetween() refuses an attribute named as a column of its own", () => {
  for (const by of ["time", "count", "change", "unended"]) {
    assert.throws(() => spansBetween({ ...fromSentToCame, by: ["land", by] }), {
      name: "TypeError",
      message: `cannot count by the attribute "${by}": the result has the ` +
        "columns time, count, change, unended",
    });
  }
});

onDatabase(
  "spansBetween() takes a query of spans, and stands in another",
  (db) => {
    sendLetters(db, [{ sent: [10], came: [15] }, { sent: [12], came: [16] }]);
    const root =
      sql`SELECT id FROM span WHERE type = ${"letter"} AND id > ${1}`;
    const query = sql`SELECT max(count) AS most
    FROM (${spansBetween({ ...fromSentToCame, root })}) WHERE time > ${0}`;
    assert.deepEqual([...db.query(query)], [{ most: 1 }]);
  },
);
