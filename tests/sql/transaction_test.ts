import { strict as assert } from "node:assert";
import type { Database } from "dnpc/sql";
import { onEngines, value } from "./engines.ts";

const insert = (db: Database, n: number) =>
  db.run("INSERT INTO t VALUES (?)", [n]);
const all = (db: Database) =>
  db.query<{ a: number }>("SELECT a FROM t").map(({ a }) => a);
const fail = () => {
  throw new Error("undo");
};

onEngines(
  "transaction() commits and returns the result of its function",
  (db) => {
    db.exec("CREATE TABLE t (a)");
    const result = db.transaction(() => {
      insert(db, 1);
      return "done";
    });
    assert.equal(result, "done");
    assert.deepEqual(all(db), [1]);
  },
);

onEngines("transaction() rolls back everything on an error", (db) => {
  db.exec("CREATE TABLE t (a)");
  assert.throws(() =>
    db.transaction(() => {
      insert(db, 1);
      db.exec("CREATE TABLE other (a)");
      fail();
    }), { message: "undo" });
  assert.deepEqual(all(db), []);
  assert.equal(value(db, "SELECT count(*) FROM sqlite_schema"), 1);
});

onEngines("transaction() rolls back only the inner transaction", (db) => {
  db.exec("CREATE TABLE t (a)");
  db.transaction(() => {
    insert(db, 1);
    assert.throws(() =>
      db.transaction(() => {
        insert(db, 2);
        db.transaction(() => insert(db, 3));
        fail();
      }), { message: "undo" });
    db.transaction(() => insert(db, 4));
  });
  assert.deepEqual(all(db), [1, 4]);
});

onEngines("transaction() nests in the user's BEGIN", (db) => {
  db.exec("CREATE TABLE t (a); BEGIN");
  db.transaction(() => insert(db, 1));
  assert.throws(() => db.transaction(fail), { message: "undo" });
  db.exec("ROLLBACK");
  assert.deepEqual(all(db), []);
});

onEngines("transaction() refuses a promise and rolls back", async (db) => {
  db.exec("CREATE TABLE t (a)");
  const refused = {
    name: "TypeError",
    message: /^transaction\(\) takes a function that returns no promise/,
  };
  assert.throws(() =>
    db.transaction(async () => {
      insert(db, 1);
      await Promise.reject(new Error("later"));
    }), refused);
  assert.deepEqual(all(db), []);
  // An unhandled rejection would end the process.
  await new Promise((resolve) => setTimeout(resolve, 1));
});

onEngines(
  "transaction() throws the original error even if SQLite has rolled back",
  (db) => {
    db.exec("CREATE TABLE t (a UNIQUE)");
    assert.throws(() =>
      db.transaction(() => {
        insert(db, 1);
        db.run("INSERT OR ROLLBACK INTO t VALUES (1)");
      }), { message: /^UNIQUE constraint failed: t.a/ });
    assert.deepEqual(all(db), []);
    db.transaction(() => insert(db, 2));
    assert.deepEqual(all(db), [2]);
  },
);
