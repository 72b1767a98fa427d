import { strict as assert } from "node:assert";
import { type Database, insertRows, type Sql, sql } from "dnpc/sql";
import { eventsOf, nestedSpans } from "dnpc/questions";
import { onDatabase, value } from "../sql/engines.ts";
import { addKnownSpans, addSpans } from "../sql/spans.ts";

/** A ship, its guest, a ticket that is a facet of the guest, and its bag. */
function harbour(db: Database) {
  addSpans(db, [
    { type: "port.ship", events: [[10, "leaves"], [90, "arrives"]] },
    { type: "port.ship", events: [[20, "leaves"]] },
    { type: "deck.guest", events: [[5, "boards"], [10, "waves"]] },
    { type: "ticket", events: [[1, "sold"]] },
    { type: "shop.hold.bag", events: [[null, "lost"]] },
  ]);
  db.exec(`
    INSERT INTO subspan VALUES (1, 3, NULL, 1), (1, 3, NULL, 2),
      (4, 5, NULL, NULL);
    INSERT INTO facet VALUES (4, 3, NULL)`);
  insertRows(db, "event", ["span_id", "time", "type", "named"], [
    [3, 7, "says %s", 0],
  ]);
}

/** The values of rows without the names of the root, of which it has none. */
function rows(db: Database, query: Sql) {
  return db.query(query).map(({ task, try: nth, app, ...row }) => {
    assert.deepEqual([task, nth, app], [null, null, null]);
    return Object.values(row);
  });
}

onDatabase(
  "eventsOf() returns the events of nested spans and facets in time order",
  (db) => {
    harbour(db);
    assert.deepEqual(rows(db, eventsOf("port.ship")), [
      [1, null, "shop.hold.bag", "lost", "shop.hold", 1, 7, null],
      [1, 1, "ticket", "sold", "ticket", 1, 6, null],
      [1, 5, "deck.guest", "boards", "deck", 1, 4, null],
      [1, 7, "deck.guest", "says %s", "deck", 0, 8, null],
      [1, 10, "port.ship", "leaves", "port", 1, 1, null],
      [1, 10, "deck.guest", "waves", "deck", 1, 5, null],
      [1, 90, "port.ship", "arrives", "port", 1, 2, null],
      [2, 20, "port.ship", "leaves", "port", 1, 3, null],
    ]);
    const [first] = db.query(eventsOf("port.ship"));
    assert.deepEqual(Object.keys(first!), [
      "root_id",
      "time",
      "span_type",
      "event_type",
      "component",
      "named",
      "event_id",
      "run",
      "task",
      "try",
      "app",
    ]);
  },
);

onDatabase("eventsOf() filters by types and components", (db) => {
  harbour(db);
  const types = (options: Parameters<typeof eventsOf>[1]) =>
    db.query(eventsOf("port.ship", options)).map((row) => row.event_type);
  assert.deepEqual(types({ spanTypes: ["ticket"] }), ["sold"]);
  assert.deepEqual(types({ spanTypes: [] }), []);
  assert.deepEqual(types({ eventTypes: ["boards", "leaves"] }), [
    "boards",
    "leaves",
    "leaves",
  ]);
  assert.deepEqual(types({ components: ["shop.hold"] }), ["lost"]);
  assert.deepEqual(types({ components: ["deck"], events: "named" }), [
    "boards",
    "waves",
  ]);
});

onDatabase("eventsOf() starts at the spans of a query", (db) => {
  harbour(db);
  const bags = sql`SELECT id FROM span WHERE type LIKE ${"%bag"}`;
  assert.deepEqual(rows(db, eventsOf(bags, { events: "named" })), [
    [5, null, "shop.hold.bag", "lost", "shop.hold", 1, 7, null],
  ]);
});

onDatabase("eventsOf() can be nested in another query", (db) => {
  harbour(db);
  const query = sql`SELECT component, count(*) AS events
    FROM (${eventsOf("port.ship")}) WHERE time < ${20} GROUP BY component`;
  assert.deepEqual(
    db.query(query).map(({ component, events }) => [component, events]),
    [["deck", 3], ["port", 1], ["ticket", 1]],
  );
});

onDatabase("eventsOf() terminates on cyclic nesting", (db) => {
  addSpans(db, [
    { type: "a", events: [[1, "x"]] },
    { type: "b", events: [[2, "y"]] },
  ]);
  db.exec(`
    INSERT INTO subspan VALUES (1, 2, NULL, NULL), (2, 1, NULL, NULL);
    INSERT INTO facet VALUES (1, 2, NULL), (2, 1, NULL)`);
  const events = db.query(eventsOf("a")).map((row) => row.event_type);
  assert.deepEqual(events, ["x", "y"]);
});

onDatabase("eventsOf() finds the component of any type", (db) => {
  const types = ["a.b.c", "a", "a.", ".a", "..", "ü.🙂", "a b.'c", ""];
  addSpans(db, types.map((type) => ({ type, events: [[1, "x"]] })));
  const components = rows(db, eventsOf(sql`SELECT id FROM span`));
  assert.deepEqual(
    components.map((row) => row[4]),
    ["a.b", "a", "a", ".a", ".", "ü", "a b", ""],
  );
});

onDatabase("eventsOf() refuses invalid options", (db) => {
  const events = "some" as "all";
  assert.throws(() => db.query(eventsOf("a", { events })), {
    name: "TypeError",
    message: 'events is "named" or "all", not "some"',
  });
});

onDatabase("nestedSpans() uses only indexes", (db) => {
  harbour(db);
  const plan = db.query<{ detail: string }>(
    sql`EXPLAIN QUERY PLAN ${nestedSpans("port.ship")}`,
  ).map(({ detail }) => detail).join("\n");
  for (const index of ["subspan_down", "facet_left", "facet_right"]) {
    assert.match(plan, new RegExp(`USING COVERING INDEX ${index}`));
  }
  assert.doesNotMatch(plan, /SCAN (span|subspan|facet)\b/);
  const count = sql`SELECT count(*) FROM (${nestedSpans("port.ship")})`;
  assert.equal(value(db, count.text, count.params), 5);
});

onDatabase(
  "eventsOf() leaves out events that name another worker than the root",
  (db) => {
    addKnownSpans(db, [
      { type: "workqueue.worker", attributes: { worker: "a" } },
      { type: "workqueue.worker", attributes: { worker: "b" } },
      { type: "workqueue.task", attributes: { worker: "b" } },
    ]);
    db.exec(`
      INSERT INTO subspan VALUES (1, 3, NULL, NULL), (2, 3, NULL, NULL)`);
    insertRows(db, "event", ["span_id", "time", "type", "attributes"], [
      [3, 1, "WAITING", null],
      [3, 2, "RUNNING", '{"worker":"a"}'],
      [3, 3, "WAITING", "{}"],
      [3, 4, "RUNNING", '{"worker":"b"}'],
    ]);
    const times = (roots: string) =>
      db.query(eventsOf(roots)).map(({ root_id, time }) => [root_id, time]);
    assert.deepEqual(
      times("workqueue.worker"),
      [[1, 1], [1, 2], [1, 3], [2, 1], [2, 3], [2, 4]],
    );
    assert.deepEqual(
      times("workqueue.task"),
      [[3, 1], [3, 2], [3, 3], [3, 4]],
    );
  },
);
