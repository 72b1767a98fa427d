import { strict as assert } from "node:assert";
import { sql } from "dnpc/sql";
import { eventCounts } from "dnpc/questions";
import { onDatabase } from "../sql/engines.ts";
import { addSpans } from "../sql/spans.ts";

const guest = (gate: string | undefined, times: (number | null)[]) => ({
  type: "gate/north",
  attributes: gate === undefined ? {} : { gate },
  events: times.map((time) => [time, "guest/came"] as const),
});
const event = { span: "gate/north", event: "guest/came" };

onDatabase(
  "eventCounts() has a row for an empty bin",
  (db) => {
    addSpans(db, [
      guest("a", [1.5, 2, null, 9.99]),
      { type: "other", events: [[3, "guest/came"]] },
      { type: "gate/north", events: [[3, "guest/went"]] },
    ]);
    const rows = db.query(eventCounts({ event, per: 2 }));
    assert.deepEqual(rows.map(({ time, count }) => [time, count]), [
      [0, 1],
      [2, 1],
      [4, 0],
      [6, 0],
      [8, 1],
    ]);
    assert.deepEqual(rows.map(({ rate }) => rate), [0.5, 0.5, 0, 0, 0.5]);
    assert.ok(rows.every(({ seconds }) => seconds === 2));
  },
);

onDatabase(
  "eventCounts() puts a time on a bin border into the later bin",
  (db) => {
    addSpans(db, [guest("a", [0.1, 0.2, 0.3, 0.7, 1795344190.3])]);
    const rows = db.query(eventCounts({ event, per: 0.1, until: 1 }));
    assert.deepEqual(rows.map(({ time }) => time), [
      0.1,
      0.2,
      0.3,
      0.4,
      0.5,
      0.6,
      0.7,
      0.8,
      0.9,
    ]);
    assert.deepEqual(
      rows.map(({ count }) => count),
      [1, 1, 1, 0, 0, 0, 1, 0, 0],
    );
    const [late] = db.query(
      eventCounts({ event, per: 0.1, since: 1795344190.3 }),
    );
    assert.deepEqual(late, {
      run: null,
      time: 1795344190.3,
      seconds: 0.1,
      count: 1,
      rate: 10,
    });
  },
);

onDatabase(
  "eventCounts() groups by attributes, including missing ones",
  (db) => {
    addSpans(db, [
      guest("a", [1]),
      guest("b", [5]),
      guest(undefined, [5, 5]),
      guest("b", [6]),
    ]);
    const rows = db.query(eventCounts({ event, per: 5, by: "gate" }));
    assert.deepEqual(rows.map(({ gate, time, count }) => [gate, time, count]), [
      [null, 0, 0],
      [null, 5, 2],
      ["a", 0, 1],
      ["a", 5, 0],
      ["b", 0, 0],
      ["b", 5, 2],
    ]);
  },
);

onDatabase("eventCounts() uses the given time range", (db) => {
  addSpans(db, [guest("a", [11, 19.5, 20])]);
  const counts = (since?: number, until?: number) =>
    db.query(eventCounts({
      event,
      per: 5,
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    })).map(({ time, count }) => [time, count]);
  assert.deepEqual(counts(), [[10, 1], [15, 1], [20, 1]]);
  assert.deepEqual(counts(3, 20), [[0, 0], [5, 0], [10, 1], [15, 1]]);
  assert.deepEqual(counts(12, 21), [[10, 0], [15, 1], [20, 1]]);
  assert.deepEqual(counts(30, 38), [[30, 0], [35, 0]]);
  assert.deepEqual(counts(30), []);
});

onDatabase("eventCounts() chooses a width with at most 200 bins", (db) => {
  const width = (extent: number) => {
    db.exec("DROP TABLE IF EXISTS span; DROP TABLE IF EXISTS event_row");
    addSpans(db, [guest("a", [0.25, 0.25 + extent])]);
    const rows = db.query(eventCounts({ event }));
    assert.ok(rows.length <= 202, String(rows.length));
    assert.equal(rows.filter(({ count }) => count === 1).length, 2);
    return rows[0]!.seconds;
  };
  assert.equal(width(34), 0.2);
  assert.equal(width(199), 1);
  assert.equal(width(250), 2);
  assert.equal(width(3 * 3600), 60);
  assert.equal(width(86_400), 600);
  assert.equal(width(30 * 86_400), 6 * 3600);
  addSpans(db, []);
});

onDatabase(
  "eventCounts() terminates for a distant time",
  (db) => {
    addSpans(db, [guest("a", [1, 2, 8e9, 1e300])]);
    const rows = db.query(eventCounts({ event, per: 0.1, until: 1e10 }));
    assert.ok(rows.length <= 1_000_001, String(rows.length));
    assert.equal(rows[0]!.seconds, 3 * 3600);
    assert.equal(rows.reduce((sum, { count }) => sum + Number(count), 0), 3);
    assert.ok(db.query(eventCounts({ event })).length <= 201);
  },
);

onDatabase("eventCounts() groups by an attribute of any name", (db) => {
  const attributes = { bin: "a", last: "b", per_second: "c", first: "d" };
  addSpans(db, [{ type: "a", attributes, events: [[10, "x"], [11.5, "x"]] }]);
  const by = Object.keys(attributes);
  assert.deepEqual(
    db.query(eventCounts({ event: "a/x", per: 1, by })).map(Object.values),
    [[10, 1, 1, 1], [11, 1, 1, 1]]
      .map((bin) => [...Object.values(attributes), ...bin]),
  );
  for (const by of ["time", "seconds", "count", "rate"]) {
    assert.throws(() => eventCounts({ event: "a/x", by }), {
      name: "TypeError",
    });
  }
});

onDatabase("eventCounts() can be nested in another query", (db) => {
  addSpans(db, [guest("a", [1, 2, 3])]);
  const query = sql`SELECT max(rate) AS most
    FROM (${eventCounts({ event, per: 2 })}) WHERE time >= ${0}`;
  assert.deepEqual([...db.query(query)], [{ most: 1 }]);
});

Deno.test("eventCounts() refuses an invalid width or event", () => {
  for (const per of [0, -1, NaN, Infinity]) {
    assert.throws(() => eventCounts({ event, per }), { name: "RangeError" });
  }
  assert.throws(() => eventCounts({ event: "came" }), { name: "TypeError" });
});
