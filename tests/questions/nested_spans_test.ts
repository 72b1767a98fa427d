import { strict as assert } from "node:assert";
import { bind, type Database, insertRows, sql } from "dnpc/sql";
import { eventsOf, nestedSpans, statesOverTime } from "dnpc/questions";
import { onDatabase } from "../sql/engines.ts";
import { addSpans } from "../sql/spans.ts";

/** Writes spans of the types; the event of each is named by its id. */
function add(db: Database, types: string): void {
  addSpans(
    db,
    [...types].map((type, i) => ({ type, events: [[i + 1, `e${i + 1}`]] })),
  );
}

const nest = (db: Database, pairs: string) =>
  insertRows(
    db,
    "subspan",
    ["superspan_id", "subspan_id"],
    pairs.split(" ").map((pair) => pair.split(">")),
  );

const equate = (db: Database, pairs: string) =>
  insertRows(
    db,
    "facet",
    ["left_id", "right_id"],
    pairs.split(" ").map((pair) => pair.split("=")),
  );

/** Reached spans of each root as "1: 1 2 3", with duplicates. */
const reached = (db: Database, roots: string) =>
  db.query<{ text: string }>(sql`
    SELECT root_id || ': ' || group_concat(span_id, ' ') AS text
    FROM (SELECT * FROM (${nestedSpans(roots)}) ORDER BY root_id, span_id)
    GROUP BY root_id ORDER BY root_id`).map(({ text }) => text);

const events = (db: Database, roots: string) =>
  db.query(eventsOf(roots)).map((row) => `${row.root_id}: ${row.event_type}`);

onDatabase("nestedSpans() terminates if a span is nested in itself", (db) => {
  add(db, "ab");
  nest(db, "1>1 1>2 2>2");
  assert.deepEqual(reached(db, "a"), ["1: 1 2"]);
  assert.deepEqual(events(db, "a"), ["1: e1", "1: e2"]);
});

onDatabase(
  "nestedSpans() terminates in a long cycle from any start",
  (db) => {
    const length = 500;
    add(db, "a".repeat(length));
    for (let id = 1; id <= length; id++) nest(db, `${id}>${id % length + 1}`);
    const [first, ...others] = reached(db, "a");
    const all = Array.from({ length }, (_, i) => i + 1).join(" ");
    assert.equal(first, `1: ${all}`);
    assert.equal(others.length, length - 1);
    assert.ok(others.every((text) => text.endsWith(`: ${all}`)));
  },
);

onDatabase("nestedSpans() terminates in a cycle of facets", (db) => {
  add(db, "abbbc");
  equate(db, "1=2 2=3 3=1 2=1 4=4");
  nest(db, "3>4 4>5");
  assert.deepEqual(reached(db, "a"), ["1: 1 2 3 4 5"]);
  assert.deepEqual(events(db, "a"), [1, 2, 3, 4, 5].map((id) => `1: e${id}`));
});

onDatabase(
  "nestedSpans() terminates in a cycle of nesting and facets",
  (db) => {
    add(db, "abcd");
    nest(db, "1>2 3>4");
    equate(db, "2=3 4=1");
    for (const type of "abcd") {
      assert.equal(reached(db, type)[0]!.slice(3), "1 2 3 4");
      assert.equal(events(db, type).length, 4);
    }
  },
);

onDatabase(
  "nestedSpans() counts a span that is reached by many paths once",
  (db) => {
    // Two branches at each of 40 steps give 2^40 paths to the last one.
    const steps = 40;
    add(db, "a" + "bcd".repeat(steps));
    const each = Array.from({ length: steps }, (_, step) => {
      const [from, left, right, to] = [1, 2, 3, 4].map((i) => step * 3 + i);
      return {
        nested: `${from}>${left} ${from}>${right} ${left}>${to}`,
        equal: `${right}=${to}`,
      };
    });
    nest(db, each.map(({ nested }) => nested).join(" "));
    equate(db, each.map(({ equal }) => equal).join(" "));
    const count = 1 + 3 * steps;
    const ids = Array.from({ length: count }, (_, i) => i + 1);
    assert.deepEqual(reached(db, "a"), [`1: ${ids.join(" ")}`]);
    assert.deepEqual(events(db, "a"), ids.map((id) => `1: e${id}`));
  },
);

onDatabase(
  "nestedSpans() counts a span once per root, even if two rules add its edge",
  (db) => {
    add(db, "aab");
    nest(db, "1>3 2>3");
    db.exec("INSERT INTO subspan VALUES (1, 3, 'x', 1), (1, 3, NULL, 2)");
    db.exec("INSERT INTO facet VALUES (3, 1, 1), (1, 3, 2)");
    assert.deepEqual(reached(db, "a"), ["1: 1 3", "2: 1 2 3"]);
    assert.deepEqual(events(db, "a"), [
      "1: e1",
      "1: e3",
      "2: e1",
      "2: e2",
      "2: e3",
    ]);
  },
);

onDatabase("statesOverTime() counts no state twice in a cycle", (db) => {
  add(db, "ab");
  nest(db, "1>2 2>1");
  equate(db, "1=2");
  const rows = (type: string) => db.query(statesOverTime(type)).length;
  assert.deepEqual([rows("a"), rows("b")], [1, 1]);
});

onDatabase("bind() may create cycles, and questions still terminate", (db) => {
  addSpans(db, [
    { type: "a", attributes: { x: 1 }, events: [[1, "e1"]] },
    { type: "b", attributes: { x: 1 }, events: [[2, "e2"]] },
    { type: "c", attributes: { x: 1 }, events: [[3, "e3"]] },
  ]);
  const { made } = bind(db, [
    { subspan: ["a", "b"], on: ["x"] },
    { subspan: ["b", "c"], on: ["x"] },
    { subspan: ["c", "a"], on: ["x"] },
    { facet: ["a", "c"], on: ["x"] },
    { context: "x" },
  ]);
  // Of the circle, the context directly contains one span.
  assert.equal(made, 5);
  for (const type of "abc") assert.equal(events(db, type).length, 3);
  assert.deepEqual(reached(db, "context.x"), ["4: 1 2 3 4"]);
});

onDatabase("eventsOf() gives each span of a chain its own events", (db) => {
  // a > b > a > a, and an account of the last one.
  add(db, "abaac");
  nest(db, "1>2 2>3 3>4");
  equate(db, "4=5");
  assert.deepEqual(events(db, "a"), [
    "1: e1",
    "1: e2",
    "3: e3",
    "4: e4",
    "4: e5",
  ]);
  assert.deepEqual(
    events(db, "b"),
    [2, 3, 4, 5].map((id) => `2: e${id}`),
  );
  const first = db.query(eventsOf(sql`SELECT 1`)).map(({ root_id }) => root_id);
  assert.deepEqual(first, [1, 1, 1, 1, 1]);
});
