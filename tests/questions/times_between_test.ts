import { strict as assert } from "node:assert";
import { sql } from "dnpc/sql";
import { timesBetween } from "dnpc/questions";
import { onDatabase } from "../sql/engines.ts";
import {
  addKnownSpans,
  addSpans,
  fromSentToCame,
  type Letter,
  sendLetters,
} from "../sql/spans.ts";

const unnamed = { run: null, task: null, try: null, app: null };

const cases: (Letter & {
  claim: string;
  first: [number, number | null][];
  each?: [number, number | null][];
})[] = [
  { claim: "one start and one end", sent: [10], came: [15], first: [[10, 15]] },
  { claim: "equal times", sent: [10], came: [10], first: [[10, 10]] },
  { claim: "an end before the start", sent: [10], came: [8], first: [[10, 8]] },
  {
    claim: "a start without an end",
    sent: [10],
    came: [null],
    first: [[10, null]],
  },
  { claim: "nothing without a start", sent: [null], came: [10], first: [] },
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
    claim: "the last of several starts after the only end",
    sent: [10, 20],
    came: [5],
    first: [[20, null]],
  },
  {
    claim: "starts that the end does not answer",
    sent: [10, 20, 20],
    came: [15],
    first: [[10, 15]],
    each: [[10, 15], [20, null]],
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
    { root_id: 1, start: 10, end: 15, ...unnamed },
    { root_id: 3, start: 1, end: null, ...unnamed },
    { root_id: 5, start: 12, end: 11, ...unnamed },
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
    const leftOut = timesBetween({ from, to, unfinished: "leave out" });
    assert.deepEqual([...db.query(leftOut)], []);
    const expected = [{ root_id: 10, start: 15, end: 17, ...unnamed }];
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
  for (
    const option of [
      { which: "last" as "each" },
      { unfinished: "omit" as "leave out" },
      { by: "start" },
    ]
  ) {
    assert.throws(() => timesBetween({ ...fromSentToCame, ...option }), {
      name: "TypeError",
    });
  }
});

onDatabase("timesBetween() knows until when a span had not ended", (db) => {
  const [run, other] = [{ run: "a" }, { run: "b" }];
  const type = "parsl.rundir.try";
  addKnownSpans(db, [
    { type, attributes: run, events: [[10, "launched"], [14, "running"]] },
    // Failed before it ran.
    { type, attributes: run, events: [[11, "launched"], [13, "failed"]] },
    // May still be waiting when the log ends.
    { type, attributes: run, events: [[12, "launched"]] },
    { type, attributes: other, events: [[90, "launched"]] },
  ]);
  const query = timesBetween({
    from: `${type}/launched`,
    to: `${type}/running`,
    unfinished: "until last known",
  });
  assert.deepEqual(
    db.query(query).map(({ task: _, try: __, app: ___, ...row }) =>
      Object.values(row)
    ),
    [
      [10, 14, 1, 0, "a"],
      [11, 13, 2, 1, "a"],
      [12, 14, 3, 1, "a"],
      [90, 90, 4, 1, "b"],
    ],
  );
});

onDatabase("timesBetween() names the app, the host and the task", (db) => {
  const type = "parsl.rundir.try";
  const run = { run: "a" };
  addKnownSpans(db, [
    { type, attributes: { ...run, task: "3" }, events: [[1, "launched"]] },
    {
      type: "parsl.rundir.task",
      attributes: { ...run, task: "3", app: "cut" },
    },
    { type: "work", attributes: { hostname: "n1", rack: "9" } },
    { type: "work", attributes: { hostname: "n1", rack: "8" } },
  ]);
  db.exec("INSERT INTO subspan VALUES (1, 3, '', NULL), (1, 4, '', NULL)");
  const events = { from: `${type}/launched`, to: `${type}/running` };
  const by = ["app", "host", "task"];
  assert.deepEqual([...db.query(timesBetween({ ...events, by }))], [
    {
      app: "cut",
      host: "n1",
      task: "3",
      start: 1,
      end: null,
      root_id: 1,
      run: "a",
      try: null,
    },
  ]);
  // In two racks.
  assert.deepEqual(
    db.query(timesBetween({ ...events, by: ["rack"] })).map(({ rack }) => rack),
    [null],
  );
  assert.throws(() => db.query(timesBetween({ ...events, by: "shelf" })), {
    name: "RangeError",
    message: 'there is no "shelf" to group by: there is run, app, executor, ' +
      "block, manager, worker, host, hostname, rack, task",
  });
});
