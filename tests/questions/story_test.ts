import { strict as assert } from "node:assert";
import { type Database, insertRows, sql } from "dnpc/sql";
import { story, type StoryEvent, type StoryOf } from "dnpc/questions";
import { onDatabase } from "../sql/engines.ts";
import { addSpans } from "../sql/spans.ts";

/** Three guests; the first has a bag, and a ticket as a facet. */
function guests(db: Database) {
  addSpans(db, [
    {
      type: "deck.guest",
      attributes: { guest: "1", ship: "a", run: "r" },
      events: [[0, "boards"], [10, "waves"]],
    },
    {
      type: "hold.bag",
      attributes: { bag: "5", guest: "1", ship: "a", run: "r" },
      events: [[4, "stowed"]],
    },
    {
      type: "shop.ticket",
      attributes: { guest: "1", run: "r" },
      events: [[-2, "sold"], [null, "lost"]],
    },
    {
      type: "deck.guest",
      attributes: { guest: "2", ship: "a", run: "r" },
      events: [[20, "boards"], [21, "waves"]],
    },
    {
      type: "deck.guest",
      attributes: { guest: "1", ship: "b", run: "s" },
      events: [[30, "boards"], [33, "waves"]],
    },
  ]);
  db.exec(`
    INSERT INTO subspan VALUES (1, 2, NULL, 1);
    INSERT INTO facet VALUES (3, 1, 1);
    INSERT INTO source (id, path, importer) VALUES (7, '/deck.log', 'log')`);
  const values = '{"values":["1","80"]}';
  const columns = "span_id time type named attributes source_id line offset"
    .split(" ");
  insertRows(db, "event", columns, [
    [1, 12, "Guest %s eats %s%%", 0, values, 7, 3, 90],
    [2, 12, "Guest %s eats %s%%", 0, values, 7, 3, 90],
  ]);
}

const textOf = (events: StoryEvent[]) =>
  events.map((event) =>
    [event.entity, event.time, event.gap, event.text].join(" ") +
    (event.largest ? " !" : "")
  );

const about = (db: Database, what: StoryOf, options?: object) =>
  textOf(story(db, what, options));

onDatabase(
  "story() has the events of nested spans and facets, each line once",
  (db) => {
    guests(db);
    assert.deepEqual(about(db, { guest: 1, ship: "a" }), [
      "1   lost",
      "1 -2  sold",
      "1 0 2 boards",
      "1 4 4 stowed",
      "1 10 6 waves !",
      "1 12 2 Guest 1 eats 80%%",
    ]);
    const last = story(db, { guest: 1, ship: "a" }).at(-1)!;
    assert.deepEqual({ ...last }, {
      entity: 1,
      about: "guest 1, ship a",
      run: "r",
      time: 12,
      since_start: 14,
      gap: 2,
      usual_gap: null,
      others: 0,
      largest: 0,
      odd: 0,
      who: "deck",
      level: null,
      text: "Guest 1 eats 80%%",
      exception: null,
      more: null,
      repeats: null,
      component: "deck",
      event_type: "Guest %s eats %s%%",
      named: 0,
      span_type: "deck.guest",
      path: "/deck.log",
      line: 3,
      table: null,
      event_id: 10,
    });
  },
);

onDatabase("story() separates entities with the same name", (db) => {
  guests(db);
  const boards = { eventTypes: ["boards", "sold"] };
  const events = story(db, { guest: "1" }, boards);
  assert.deepEqual(textOf(events), [
    "1 -2  sold",
    "1 0 2 boards !",
    "2 30  boards",
  ]);
  assert.deepEqual(events.map(({ run }) => run), ["r", "r", "s"]);
  assert.deepEqual(about(db, { guest: "1", run: "s" }, boards), [
    "1 30  boards",
  ]);
  assert.deepEqual(about(db, { bag: 5 }), [
    "1 4  stowed",
    "1 12 8 Guest 1 eats 80%% !",
  ]);
  assert.deepEqual(about(db, sql`SELECT 4`, boards), ["1 20  boards"]);
});

onDatabase(
  "story() compares each gap with the usual gap of the others",
  (db) => {
    guests(db);
    const usual = (what: StoryOf) =>
      story(db, what, { eventTypes: ["boards", "waves"] })
        .map(({ gap, usual_gap, others }) => [gap, usual_gap, others]);
    assert.deepEqual(usual({ guest: "2" }), [[null, null, 0], [1, 6.5, 2]]);
    // Several entities count as others of each other.
    assert.deepEqual(usual({ guest: "1" }), [
      [null, null, 0],
      [10, 2, 2],
      [null, null, 0],
      [3, 5.5, 2],
    ]);
  },
);

onDatabase("story() joins components that no edge relates", (db) => {
  const what = { executor: "x", task: "7" };
  addSpans(db, [
    { type: "hub.task", attributes: what, events: [[1, "queued"]] },
    {
      type: "worker.task",
      attributes: { ...what, worker: "0" },
      events: [[2, "run"]],
    },
    {
      type: "hub.task",
      attributes: { executor: "y", task: "7" },
      events: [[3, "queued"]],
    },
  ]);
  assert.deepEqual(about(db, what), ["1 1  queued", "1 2 1 run !"]);
  assert.deepEqual(about(db, { task: "7" }), [
    "1 1  queued",
    "1 2 1 run !",
    "2 3  queued",
  ]);
});

onDatabase("story() terminates on cyclic nesting", (db) => {
  addSpans(db, [
    { type: "a", attributes: { name: "n" }, events: [[1, "x"]] },
    { type: "b", attributes: { name: "n" }, events: [[2, "y"]] },
  ]);
  db.exec(`INSERT INTO subspan VALUES (1, 2, NULL, NULL), (2, 1, NULL, NULL),
    (1, 1, NULL, NULL)`);
  assert.deepEqual(about(db, { name: "n" }), ["1 1  x", "1 2 1 y !"]);
});

onDatabase(
  "story() lists what there is for an unknown attribute or value",
  (db) => {
    addSpans(db, []);
    assert.deepEqual(about(db, { guest: "1" }), []);
    guests(db);
    assert.throws(() => story(db, { gest: "1" }), {
      name: "RangeError",
      message:
        'no span has the attribute "gest": there are bag, guest, run, ship',
    });
    assert.throws(() => story(db, { guest: "9" }), {
      name: "RangeError",
      message: 'there is no guest "9": there are 1, 2',
    });
    assert.throws(() => story(db, { guest: "02", ship: "b" }), {
      message: 'there is no guest "02" in ship b: there is 1',
    });
    assert.throws(() => story(db, { ship: "c" }), {
      message: 'there is no ship "c": there are a, b',
    });
    assert.throws(() => story(db, {}), { name: "TypeError" });
  },
);

onDatabase("story() gives the range of many numbers", (db) => {
  addSpans(
    db,
    Array.from({ length: 5 }, (_, i) => ({
      type: "quay.crane",
      attributes: { crane: String(3 * i) },
      events: [],
    })),
  );
  assert.throws(() => story(db, { crane: "03" }), {
    message:
      'there is no crane "03": there are 5, from 0 to 12. Did you mean 3?',
  });
});

onDatabase("story() marks gaps that are three times the usual one", (db) => {
  const events = (second: number): [number, string][] => [
    [0, "boards"],
    [second, "sits"],
    [second + 1, "leaves"],
  ];
  addSpans(
    db,
    [1, 1.2, 0.9, 5].map((second, i) => ({
      type: "deck.guest",
      attributes: { guest: String(i) },
      events: events(second),
    })),
  );
  const marks = (guest: number) =>
    story(db, { guest }).map(({ odd, largest }) => [odd, largest]);
  assert.deepEqual(marks(3), [[0, 0], [1, 1], [0, 0]]);
  assert.deepEqual(marks(1), [[0, 0], [0, 1], [0, 0]]);
});

onDatabase("story() accepts any characters in an attribute name", (db) => {
  const name = `a"b.c'; --`;
  addSpans(db, [{
    type: "a",
    attributes: { [name]: "x" },
    events: [[1, "y"]],
  }]);
  assert.deepEqual(about(db, { [name]: "x" }), ["1 1  y"]);
});
