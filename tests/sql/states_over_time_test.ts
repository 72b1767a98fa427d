import { strict as assert } from "node:assert";
import { type Database, sql, statesOverTime } from "dnpc/sql";
import { onEngines } from "./engines.ts";
import { addSpans } from "./spans.ts";

/** Two tasks; the first has a try, and another account of it. */
function tasks(db: Database) {
  addSpans(db, [
    { type: "log.task", events: [[1, "pending"], [9, "done"], [null, "odd"]] },
    { type: "log.task", events: [[2, "pending"]] },
    { type: "log.try", events: [[3, "running"], [1, "launched"]] },
    { type: "table.task", events: [[1, "pending"], [8, "done"]] },
  ]);
  db.exec(`
    INSERT INTO subspan VALUES (1, 3, '0', NULL);
    INSERT INTO facet VALUES (4, 1, NULL);
    INSERT INTO event (span_id, time, type, named)
    VALUES (1, 4, 'Task %s waits', 0)`);
}

onEngines("statesOverTime() gives what the root's own account tells", (db) => {
  tasks(db);
  assert.deepEqual(
    db.query(statesOverTime("log.task")).map(Object.values),
    [
      [1, 1, "pending"],
      [1, 1, "launched"],
      [1, 3, "running"],
      [1, 9, "done"],
      [2, 2, "pending"],
    ],
  );
});

onEngines("statesOverTime() gives what another account tells", (db) => {
  tasks(db);
  const expected = [
    { root_id: 1, time: 1, state: "pending" },
    { root_id: 1, time: 8, state: "done" },
  ];
  const account = "table";
  const query = statesOverTime("log.task", { account });
  assert.deepEqual([...db.query(query)], expected);
  const roots = sql`SELECT id FROM span WHERE type = ${"log.task"}`;
  const same = statesOverTime(roots, { account });
  assert.deepEqual([...db.query(same)], expected);
  assert.throws(() => statesOverTime(roots), { name: "TypeError" });
});

onEngines("statesOverTime() keeps to the types asked for", (db) => {
  tasks(db);
  const count = (options: Parameters<typeof statesOverTime>[1]) =>
    db.query(sql`SELECT * FROM (${statesOverTime("log.task", options)})`)
      .length;
  assert.equal(count({ spanTypes: ["log.try"] }), 2);
  assert.equal(count({ eventTypes: ["pending", "done"] }), 3);
});
