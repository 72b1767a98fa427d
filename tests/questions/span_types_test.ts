import { strict as assert } from "node:assert";
import { createSchema, insertRows } from "dnpc/sql";
import { relatedTypes, spanTypes } from "dnpc/questions";
import { logSet, onLogs } from "../importers/logs.ts";
import { onDatabase } from "../sql/engines.ts";
import { addSpans } from "../sql/spans.ts";

onDatabase("spanTypes() counts spans and events separately", (db) => {
  addSpans(db, [
    {
      type: "port.ship",
      attributes: { name: "Ida", tons: 5 },
      events: [[10, "leaves"], [90, "arrives"], [null, "sinks"]],
    },
    { type: "port.ship", attributes: { flag: "no" } },
    { type: "guest" },
  ]);
  insertRows(db, "event", ["span_id", "time", "type", "named"], [
    [2, 5, "x %s", 0],
  ]);
  assert.deepEqual([...db.query(spanTypes())], [
    {
      type: "guest",
      spans: 1,
      events: 0,
      named: 0,
      first: null,
      last: null,
      attributes: "[]",
      component: "guest",
    },
    {
      type: "port.ship",
      spans: 2,
      events: 4,
      named: 3,
      first: 5,
      last: 90,
      attributes: '["flag","name","tons"]',
      component: "port",
    },
  ]);
});

onDatabase(
  "relatedTypes() counts a pair once, even if several rules relate it",
  (db) => {
    addSpans(db, [
      { type: "ship" },
      { type: "cabin" },
      { type: "cabin" },
      { type: "booking" },
    ]);
    db.exec(`
    INSERT INTO rule VALUES (1, 'b'), (2, 'a'), (3, 'c'), (4, 'd'), (5, 'e');
    INSERT INTO subspan VALUES (1, 2, '12', NULL), (1, 2, '12', 1),
      (1, 3, '13', 1), (1, 3, '13', 2), (3, 1, NULL, 3),
      (1, 99, NULL, NULL);
    INSERT INTO facet VALUES (4, 2, NULL), (2, 4, 4), (4, 3, 4),
      (2, 3, 5), (3, 2, 5)`);
    assert.deepEqual(db.query(relatedTypes()).map(Object.values), [
      ["booking", "equals", "cabin", 2, 1, 2, 1, '["d"]'],
      ["cabin", "equals", "cabin", 1, 1, 1, 0, '["e"]'],
      ["cabin", "holds", "ship", 1, 1, 1, 0, '["c"]'],
      ["ship", "holds", "cabin", 2, 1, 2, 1, '["a","b"]'],
    ]);
  },
);

onDatabase(
  "spanTypes() and relatedTypes() have no rows without spans",
  (db) => {
    createSchema(db);
    assert.deepEqual([...db.query(spanTypes())], []);
    assert.deepEqual([...db.query(relatedTypes())], []);
  },
);

// sqlite3 monitoring.db "SELECT count(*) FROM task" by run_id: 119 and 155; of
// try: 135 and 178.
onLogs(
  "spanTypes() and relatedTypes() select a run",
  [logSet("multi-htex.tar.gz", "tests/fixtures", "")],
  (db) => {
    for (const [run, tasks, tries] of [["000", 119, 135], ["001", 155, 178]]) {
      const types = db.query<{ type: string; spans: number }>(
        spanTypes({ run: String(run) }),
      );
      const related = db.query<
        { type: string; related_type: string; pairs: number }
      >(relatedTypes({ run: String(run) }));
      assert.equal(
        types.find(({ type }) => type === "parsl.monitoring.task")?.spans,
        tasks,
      );
      assert.equal(
        related.find(({ type, related_type }) =>
          type === "parsl.monitoring.task" &&
          related_type === "parsl.monitoring.try"
        )?.pairs,
        tries,
      );
    }
    assert.throws(() => db.query(spanTypes({ run: "no" })), /there is no run/);
  },
);
