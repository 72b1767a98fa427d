import { openDatabase, sql } from "dnpc/sql";
import assert from "node:assert/strict";
import { inFolder, onEngines } from "./engines.ts";

/** The sum of a table, in a materialized query of its own. */
const sum = sql.materialized(
  sql`SELECT ${"all"} AS name, sum(n) AS n FROM number`,
  ["name", "n"],
  1,
);
const next = sql.materialized(sql`SELECT n + 1 AS n FROM (${sum})`, ["n"]);
const query = sql`SELECT n FROM (${next})`;

/** Each computation creates a table with a new name. */
const tables = "SELECT name FROM sqlite_temp_schema WHERE type = 'table'";

onEngines("materialized() computes a query once", (db) => {
  db.exec("CREATE TABLE number (n); INSERT INTO number VALUES (1), (2)");
  assert.deepEqual([...db.query(query)], [{ n: 4 }]);
  const before = db.query(tables);
  assert.equal(before.length, 2);
  assert.deepEqual([...db.query(query)], [{ n: 4 }]);
  assert.deepEqual([...db.query(sql`SELECT n FROM (${sum})`)], [{ n: 3 }]);
  assert.deepEqual(db.query(tables), before);
});

onEngines("materialized() notices any change", (db) => {
  db.exec("CREATE TABLE number (n); INSERT INTO number VALUES (1), (2)");
  const asked = () => db.query<{ n: number }>(query)[0]!.n;
  assert.equal(asked(), 4);
  db.run("INSERT INTO number VALUES (10)");
  assert.equal(asked(), 14);
  db.exec("UPDATE number SET n = n * 2 WHERE n = 10");
  assert.equal(asked(), 24);
  db.exec("DELETE FROM number");
  db.exec("DROP TABLE number; CREATE TABLE number AS SELECT 5 AS n");
  assert.equal(asked(), 6);
  db.exec("CREATE TEMP VIEW number AS SELECT 7 AS n");
  assert.equal(asked(), 8);
});

onEngines("materialized() follows a transaction and its rollback", (db) => {
  db.exec("CREATE TABLE number (n); INSERT INTO number VALUES (1), (2)");
  const asked = () => db.query<{ n: number }>(query)[0]!.n;
  const rolledBack = () =>
    assert.throws(() =>
      db.transaction(() => {
        db.run("INSERT INTO number VALUES (10)");
        assert.equal(asked(), 14);
        throw new Error("rolled back");
      }), /rolled back/);
  // Before the tables exist, and after.
  rolledBack();
  assert.equal(asked(), 4);
  rolledBack();
  assert.equal(asked(), 4);
  db.transaction(() => {
    rolledBack();
    assert.equal(asked(), 4);
  });
});

Deno.test("materialized() notices what another program writes", () =>
  inFolder(async (folder) => {
    using writer = await openDatabase(`${folder}/numbers.sqlite3`);
    writer.exec("CREATE TABLE number (n); INSERT INTO number VALUES (1), (2)");
    using reader = await openDatabase(`${folder}/numbers.sqlite3`, {
      readOnly: true,
    });
    assert.deepEqual([...reader.query(query)], [{ n: 4 }]);
    writer.exec("UPDATE number SET n = n + 10");
    assert.deepEqual([...reader.query(query)], [{ n: 24 }]);
  }));

Deno.test("materialized() works in a copy that is read-only", () =>
  inFolder(async (folder) => {
    const path = `${folder}/numbers.sqlite3`;
    using writer = await openDatabase(path);
    writer.exec("CREATE TABLE number (n); INSERT INTO number VALUES (1), (2)");
    for (const engine of ["native", "sqljs"] as const) {
      const bytes = Deno.readFileSync(path);
      using copy = await openDatabase(bytes, { engine, readOnly: true });
      assert.deepEqual([...copy.query(query)], [{ n: 4 }]);
      assert.throws(() => copy.run("DELETE FROM number"), /readonly/);
    }
  }));

onEngines("materialized() computes new rows while a loop reads old", (db) => {
  db.exec("CREATE TABLE number (n); INSERT INTO number VALUES (1), (2)");
  const doubled = sql.materialized(sql`SELECT n * 2 AS n FROM number`, ["n"]);
  const rows = sql`SELECT n FROM (${doubled})`;
  const seen = db.iterate<{ n: number }>(rows).map(({ n }) => {
    db.run("INSERT INTO number VALUES (10)");
    return [n, db.query(rows).length];
  });
  assert.deepEqual([...seen], [[2, 3], [4, 4]]);
  assert.equal(db.query(rows).length, 4);
  db.run("DELETE FROM number");
  assert.equal(db.query(rows).length, 0);
  assert.equal(db.query(tables).length, 1);
});

onEngines("materialized() keeps few tables", (db) => {
  for (let i = 0; i < 40; i++) {
    const one = sql.materialized(sql`SELECT ${i} AS n`, ["n"]);
    assert.deepEqual([...db.query(sql`SELECT n FROM (${one})`)], [{ n: i }]);
  }
  assert.ok(db.query(tables).length < 15);
});

onEngines("an error in a materialized query leaves nothing behind", (db) => {
  db.exec("CREATE TABLE number (n)");
  const twice = sql.materialized(
    sql`SELECT n FROM number UNION ALL SELECT n FROM number`,
    ["n"],
    1,
  );
  db.run("INSERT INTO number VALUES (1)");
  assert.throws(() => db.query(sql`SELECT * FROM (${twice})`), /UNIQUE/);
  assert.deepEqual([...db.query(tables)], []);
  db.exec("BEGIN; COMMIT");
});

Deno.test("String() of a materialized query has the query in it", () => {
  assert.equal(
    String(query),
    "SELECT n FROM (SELECT * FROM (SELECT n + 1 AS n FROM (SELECT * FROM " +
      "(SELECT 'all' AS name, sum(n) AS n FROM number))))",
  );
});
