import { strict as assert } from "node:assert";
import { createSchema, insertRows, type SqlParameter } from "dnpc/sql";
import { onEngines, value } from "./engines.ts";

function* numbers(count: number): Generator<SqlParameter[]> {
  for (let i = 0; i < count; i++) yield [i, `name ${i}`];
}

for (const count of [0, 1, 63, 64, 65, 149, 1000]) {
  onEngines(`insertRows() inserts ${count} rows in order`, (db) => {
    db.exec("CREATE TABLE t (a, b)");
    assert.equal(insertRows(db, "t", ["a", "b"], numbers(count)), count);
    const rows = db.query("SELECT a, b FROM t ORDER BY rowid");
    assert.deepEqual(
      rows.map(({ a, b }) => [a, b]),
      [...numbers(count)],
    );
  });
}

onEngines("insertRows() keeps the type of each value", (db) => {
  db.exec("CREATE TABLE t (a)");
  const values = [1, 3e9, 2n ** 60n, 1.5, "x", null, true, new Date(5000)];
  const rows = Array.from({ length: 200 }, (_, i) => [values[i % 8]!]);
  insertRows(db, "t", ["a"], rows);
  const found = db.query(
    "SELECT typeof(a) AS type, a, count(*) AS n FROM t GROUP BY 1, 2 ORDER BY a",
  );
  assert.deepEqual([...found].map(Object.values), [
    ["null", null, 25],
    ["integer", 1, 50],
    ["real", 1.5, 25],
    ["real", 5, 25],
    ["integer", 3e9, 25],
    ["integer", 2n ** 60n, 25],
    ["text", "x", 25],
  ]);
});

onEngines(
  "insertRows() quotes names and accepts tables of many columns",
  (db) => {
    const columns = Array.from({ length: 1500 }, (_, i) => `column "${i}"; --`);
    const names = columns.map((name) => `"${name.replaceAll('"', '""')}"`);
    db.exec(`CREATE TABLE "t; --" (${names.join(", ")})`);
    const rows = Array.from({ length: 40 }, () => columns.map((_, i) => i));
    assert.equal(insertRows(db, "t; --", columns, rows), 40);
    assert.equal(
      value(db, `SELECT sum(${names[1499]}) FROM "t; --"`),
      40 * 1499,
    );
  },
);

onEngines("insertRows() inserts nothing if a row is invalid", (db) => {
  db.exec("CREATE TABLE t (a UNIQUE)");
  const wrong = [{ name: "RangeError", row: [1, 2] }, {
    name: "TypeError",
    row: [undefined as unknown as SqlParameter],
  }, { name: "DatabaseError", row: [0] }];
  for (const { name, row } of wrong) {
    const rows = [...Array.from({ length: 100 }, (_, i) => [i]), row];
    assert.throws(() => insertRows(db, "t", ["a"], rows), { name });
    assert.equal(value(db, "SELECT count(*) FROM t"), 0);
  }
});

onEngines("insertRows() takes part in an open transaction", (db) => {
  db.exec("CREATE TABLE t (a)");
  assert.throws(() =>
    db.transaction(() => {
      insertRows(db, "t", ["a"], [[1]]);
      throw new Error("undo");
    })
  );
  assert.equal(value(db, "SELECT count(*) FROM t"), 0);
});

onEngines("insertRows() refuses an empty list of columns", (db) => {
  assert.throws(() => insertRows(db, "t", [], []), { name: "RangeError" });
});

onEngines("insertRows() stores each type and name of a view once", (db) => {
  createSchema(db);
  insertRows(db, "event", ["type", "time", "span_id"], [
    ["sent", 5, 1],
    ["sent", 6, 2],
  ]);
  insertRows(db, "event", ["span_id", "named", "type"], [
    [1, 0, "sent"],
    [1, 1, "sent"],
  ]);
  const rows = (sql: string) => db.query(sql).map(Object.values);
  const events = "SELECT span_id, time, type, named FROM event ORDER BY id";
  assert.deepEqual(rows(events), [
    [1, 5, "sent", 1],
    [2, 6, "sent", 1],
    [1, null, "sent", 0],
    [1, null, "sent", 1],
  ]);
  assert.equal(value(db, "SELECT count(*) FROM event_type"), 2);
  insertRows(db, "metric", ["span_id", "metric", "name", "value"], [
    [1, "post", "letters", 3],
    [1, "post", "letters", 4],
    [1, "bank", "letters", 5],
  ]);
  assert.deepEqual(rows("SELECT metric, name, value FROM metric ORDER BY id"), [
    ["post", "letters", 3],
    ["post", "letters", 4],
    ["bank", "letters", 5],
  ]);
  assert.equal(value(db, "SELECT count(*) FROM metric_name"), 2);
  assert.throws(() => insertRows(db, "event", ["span_id"], [[1]]), {
    message: /NOT NULL constraint failed: event_type\.type/,
  });
});

onEngines("insertRows() knows what SQLite stores as the same type", (db) => {
  createSchema(db);
  const rows = [["5", 1], [5, true], ["a\0", 0], ["a\u2400", false]];
  insertRows(db, "Event", ["span_id", "Type", "NAMED"], [
    ...rows.map((row) => [1, ...row]),
    [1, 5n, null],
  ]);
  insertRows(db, "event", ["span_id", "type", "named"], [[1, "a\0", 0]]);
  const types = db.query(
    "SELECT type, named, count(*) AS n FROM event GROUP BY 1",
  );
  assert.deepEqual(types.map(Object.values), [["5", 1, 3], ["a\u2400", 0, 3]]);
});

onEngines("insertRows() inserts into the user's own table event", (db) => {
  db.exec("CREATE TABLE event (type)");
  insertRows(db, "event", ["type"], [["sent"]]);
  assert.equal(value(db, "SELECT type FROM event"), "sent");
});
