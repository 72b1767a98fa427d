import { strict as assert } from "node:assert";
import { createSchema, type Database, openDatabase } from "dnpc/sql";
import { shownClock, zoneClock } from "../../importers/clock/clock.ts";
import { directoryKey } from "../../importers/store/directory_key.ts";
import { SpanWriter } from "../../importers/store/span_writer.ts";
import { onDatabase } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { assertLinear } from "./growth.ts";

const at = { time: 1.5, line: 3, offset: 40 };
/** The run directory in keys. */
const inA = directoryKey("/a");

/** Writes spans and events as one source. */
function source(db: Database, id: number, write: (writer: SpanWriter) => void) {
  createSchema(db);
  const writer = new SpanWriter(db, id, { site: "cori" });
  write(writer);
  writer.finish();
  return writer;
}

const triesOf = (writer: SpanWriter) =>
  writer.kind("try", { rundir: "/a" }, ["task", "try"]);

onDatabase("SpanWriter reuses a span of an earlier source", (db) => {
  let first = 0;
  let second = 0;
  source(db, 1, (writer) => {
    first = triesOf(writer).id("5", "0");
    assert.equal(triesOf(writer).id("5", "0"), first);
    writer.add(first, { executor: "htex", app: undefined });
    writer.add(first, { executor: undefined, exit: 0 });
    writer.event(first, "launched", at);
  });
  const { spans, events } = source(db, 2, (writer) => {
    second = triesOf(writer).id("5", "0");
    writer.add(second, { worker: "3", executor: undefined });
    writer.add(second, { worker: undefined, tags: ["a"] });
    writer.message(second, "Task 5 is 'done'", at);
  });
  assert.equal(second, first);
  assert.deepEqual([spans, events], [0, 1]);
  const [[id, key, attributes, by]] = rows(
    db,
    "SELECT id, key, attributes, source_id FROM span",
  ) as [unknown[]];
  assert.deepEqual([id, key, by], [first, `${inA}/5/0`, 1]);
  assert.deepEqual(JSON.parse(String(attributes)), {
    site: "cori",
    rundir: "/a",
    task: "5",
    try: "0",
    executor: "htex",
    exit: 0,
    worker: "3",
    tags: ["a"],
  });
});

onDatabase(
  "SpanWriter writes events with their line, offset and source",
  (db) => {
    source(db, 7, (writer) => {
      const id = triesOf(writer).id("5", "0");
      writer.event(id, "launched", at);
      writer.event(id, "done", { ...at, line: 4 }, { code: 0 });
      writer.message(id, "Task 5 is 'done'", { ...at, line: 5 });
    });
    assert.deepEqual(
      rows(
        db,
        `SELECT type, named, time, line, offset, attributes, source_id
       FROM event ORDER BY line`,
      ),
      [
        ["launched", 1, 1.5, 3, 40, null, 7],
        ["done", 1, 1.5, 4, 40, '{"code":0}', 7],
        ["Task %s is %s", 0, 1.5, 5, 40, '{"values":["5","\'done\'"]}', 7],
      ],
    );
  },
);

onDatabase(
  "SpanWriter keeps identities apart and writes each nesting once",
  (db) => {
    for (const id of [1, 2]) {
      source(db, id, (writer) => {
        const tries = triesOf(writer);
        const ids = [["5/0", ""], ["5", "0/"], ["5", "0"], ["50", ""]]
          .map((values) => tries.id(...values));
        assert.equal(new Set(ids).size, 4);
        writer.nest(ids[0]!, ids[1]!, "x");
        writer.nest(ids[0]!, ids[1]!, "x");
      });
    }
    assert.deepEqual(rows(db, "SELECT count(*) FROM span"), [[4]]);
    assert.deepEqual(rows(db, "SELECT key, rule_id FROM subspan"), [[
      "x",
      null,
    ]]);
  },
);

onDatabase("SpanWriter finds a span by any of its kinds", (db) => {
  source(db, 1, (writer) => {
    const ids = [
      writer.kind("worker", { rundir: "/a" }, ["block", "worker"]).id("0", "7"),
      writer.kind("worker", { rundir: "/a", block: "0" }, ["worker"]).id("7"),
      writer.kind("worker", { rundir: "/a", block: "0", worker: "7" }, []).id(),
      writer.kind("worker", {}, ["a", "b", "c"]).id(inA, "0", "7"),
    ];
    assert.equal(new Set(ids).size, 1);
    const others = ["07", "7.0", " 7", "-7", "", "007", "7000000007", "٧"];
    const kind = writer.kind("worker", { rundir: "/a", block: "0" }, [
      "worker",
    ]);
    const made = others.map((worker) => kind.id(worker));
    assert.equal(new Set([...ids, ...made]).size, 1 + others.length);
    assert.deepEqual(others.map((worker) => kind.id(worker)), made);
  });
  assert.deepEqual(
    rows(db, "SELECT key FROM span ORDER BY id LIMIT 2"),
    [[`${inA}/0/7`], [`${inA}/0/07`]],
  );
});

onDatabase("SpanWriter writes more events than one chunk holds", (db) => {
  source(db, 1, (writer) => {
    for (let i = 0; i < 10_000; i++) {
      writer.event(triesOf(writer).id(String(i % 7), "0"), "e", at);
    }
  });
  assert.deepEqual(
    rows(db, "SELECT count(*), count(DISTINCT span_id) FROM event"),
    [[10_000, 7]],
  );
});

const hour = 3600;

Deno.test("shownClock() reads times by the shown offset", () => {
  const offsets = [{ since: 1000, shown: 1000, offset: -5 * hour }];
  const clock = shownClock({ offsets, first: 1000, last: 2000 });
  assert.equal(clock.unix(1500.25 - 5 * hour), 1500.25);
  assert.equal(clock.unix(-5 * hour), 0);
  assert.equal(clock.name, "UTC-05:00, as parsl.log shows");
  assert.equal(clock.ambiguous, 0);
});

const fallingBack = (first: number, last: number, certain = 0) =>
  shownClock({
    first,
    last,
    offsets: [
      { since: first, shown: first, offset: 2 * hour },
      { since: -certain, shown: certain, offset: hour },
    ],
  });

Deno.test("shownClock() picks the one of two readings that is within the run", () => {
  const clock = fallingBack(-600, 600);
  assert.equal(clock.unix(2 * hour - 601), -601);
  assert.equal(clock.unix(2 * hour - 10), -10);
  assert.equal(clock.unix(hour + 10), 10);
  assert.equal(clock.ambiguous, 1);
  assert.equal(fallingBack(-600, 600).unix(2 * hour - 600), -600);
});

Deno.test("shownClock() counts ambiguous times", () => {
  const clock = fallingBack(-5000, 5000);
  assert.equal(clock.unix(2 * hour - 1800), -1800);
  assert.equal(clock.ambiguous, 1);
  assert.equal(clock.unix(2 * hour + 1), hour + 1);
  assert.equal(clock.unix(hour - 1), -hour - 1);
  assert.equal(clock.ambiguous, 1);
});

Deno.test("shownClock() reads times around a clock change whose moment is uncertain", () => {
  const clock = fallingBack(-600, 600, 100);
  assert.equal(clock.unix(hour + 50), 50);
  assert.equal(clock.unix(2 * hour - 50), -50);
  assert.equal(clock.name, "UTC+02:00, then UTC+01:00, as parsl.log shows");
});

Deno.test("shownClock() reads times in the hour skipped by daylight saving", () => {
  const clock = shownClock({
    first: -600,
    last: 600,
    offsets: [
      { since: -600, shown: -600, offset: 0 },
      { since: 0, shown: 0, offset: hour },
    ],
  });
  assert.equal(clock.unix(-1), -1);
  assert.equal(clock.unix(hour), 0);
  assert.ok(Number.isFinite(clock.unix(1800)));
});

Deno.test("zoneClock() reads times by the zone and keeps fractions", () => {
  const clock = zoneClock("America/New_York");
  const local = Date.parse("2026-11-22T06:33:04Z") / 1000;
  assert.equal(clock.unix(local + 0.25), 1795347184.25);
  assert.equal(clock.name, "America/New_York");
  assert.equal(clock.ambiguous, 0);
  clock.unix(Date.parse("2026-11-01T01:30:00Z") / 1000);
  assert.equal(clock.ambiguous, 1);
});

Deno.test("SpanWriter replaces an implied attribute with one from a source", async () => {
  using db = await openDatabase();
  createSchema(db);
  db.exec(`INSERT INTO span (id, type, key, attributes, implied)
    VALUES (1, 'ship', 'a', '{"ship":"a","port":"x","flag":"z"}',
            '["port","flag"]')`);
  const writer = new SpanWriter(db, 1);
  writer.add(writer.kind("ship", { ship: "a" }, []).id(), { port: "y" });
  writer.finish();
  assert.deepEqual([...db.query("SELECT attributes, implied FROM span")], [
    { attributes: '{"ship":"a","port":"y","flag":"z"}', implied: '["flag"]' },
  ]);
});

Deno.test("SpanWriter takes linear time for many contexts of one type", async () => {
  using db = await openDatabase(undefined, { engine: "native" });
  createSchema(db);
  await assertLinear((count) => {
    db.run("DELETE FROM span");
    const writer = new SpanWriter(db, 1, {});
    for (let i = 0; i < count; i++) {
      const manager = `node-${i}`.padStart(60, "0");
      const workers = writer.kind("worker", { manager }, ["worker"]);
      for (let worker = 0; worker < 50; worker++) workers.id(String(worker));
    }
    writer.finish();
  }, 300);
});
