import { strict as assert } from "node:assert";
import { sql } from "dnpc/sql";
import { onEngines, value } from "./engines.ts";

const table = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO t VALUES (1, 'a'), (2, 'b')`;

onEngines("query() returns plain objects in an array", (db) => {
  const rows = db.query("SELECT 1 AS a, NULL AS b");
  assert.ok(Array.isArray(rows));
  assert.equal(Object.getPrototypeOf(rows[0]), Object.prototype);
  assert.deepEqual([...rows], [{ a: 1, b: null }]);
});

onEngines(
  "query() returns an array that is displayed as a table",
  async (db) => {
    const rows = db.query("SELECT 'sea' AS place, 5 AS n");
    const display = Symbol.for(
      "Jupyter.display",
    ) as unknown as keyof typeof rows;
    const bundle = await (rows[display] as unknown as () => unknown)();
    assert.match(JSON.stringify(bundle), /text\/html.*place.*sea/);
    assert.deepEqual(Object.keys(rows), ["0"]);
  },
);

onEngines(
  "query() makes duplicate column names unique, as a subquery does",
  (db) => {
    const twice = `SELECT 1 AS a, 2 AS b, 3 AS a, 4 AS a, 5 AS "a:1"`;
    const rows = [{ a: 1, b: 2, "a:2": 3, "a:3": 4, "a:1": 5 }];
    assert.deepEqual([...db.query(twice)], rows);
    assert.deepEqual([...db.iterate(twice)], rows);
    assert.deepEqual(db.table(twice).objects(), rows);
    const plain = "SELECT 1 AS a, 2 AS b, 3 AS a, 4 AS a";
    assert.deepEqual(
      [...db.query(plain)],
      [...db.query(`SELECT * FROM (${plain})`)],
    );
  },
);

onEngines("query() returns a column named __proto__", (db) => {
  const [row] = db.query("SELECT 1 AS __proto__, 2 AS constructor");
  assert.deepEqual(Object.entries(row!), [["__proto__", 1], [
    "constructor",
    2,
  ]]);
  assert.equal(Object.getPrototypeOf(row), Object.prototype);
});

onEngines("query() follows added, renamed and dropped columns", (db) => {
  db.exec(table);
  const all = () => Object.keys(db.query("SELECT * FROM t WHERE id = 1")[0]!);
  assert.deepEqual(all(), ["id", "name"]);
  db.exec("ALTER TABLE t ADD COLUMN age");
  assert.deepEqual(all(), ["id", "name", "age"]);
  db.run("ALTER TABLE t RENAME COLUMN name TO label");
  assert.deepEqual(all(), ["id", "label", "age"]);
  assert.throws(() =>
    db.transaction(() => {
      db.exec("ALTER TABLE t DROP COLUMN age");
      assert.deepEqual(all(), ["id", "label"]);
      throw new Error("undo");
    }), { message: "undo" });
  assert.deepEqual(all(), ["id", "label", "age"]);
});

onEngines("query() writes once and returns the rows of RETURNING", (db) => {
  db.exec(table);
  const sql = "INSERT INTO t VALUES (?, 'c') RETURNING id";
  assert.deepEqual([...db.query(sql, [2n ** 60n])], [{ id: 2n ** 60n }]);
  assert.equal(value(db, "SELECT count(*) FROM t"), 3);
});

onEngines("query() accepts a comment and a semicolon at the end", (db) => {
  assert.equal(value(db, "SELECT 1; -- one;\n /* and ; no more */ ;"), 1);
});

onEngines("iterate() yields the rows of query(), in their order", (db) => {
  db.exec(`CREATE TABLE t AS WITH RECURSIVE n (i) AS
    (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50)
    SELECT i, i * 7 % 50 AS j, i * 0.5 AS half, 'x' || i AS text,
      i << 55 AS large, x'00ff' AS bytes, NULL AS none FROM n`);
  for (
    const query of [
      "SELECT * FROM t ORDER BY j",
      "SELECT j, -i AS time, i AS time FROM t ORDER BY 2 -- last",
      "SELECT half, text FROM t ORDER BY text DESC LIMIT 7 OFFSET 2",
      "SELECT i FROM t UNION ALL SELECT 99 ORDER BY 1 DESC",
      "SELECT i % 3 AS k, max(j) FROM t GROUP BY k ORDER BY 2;",
      "WITH w AS (SELECT j FROM t) SELECT * FROM w ORDER BY j LIMIT 5",
      "SELECT i, row_number() OVER (ORDER BY j) AS n FROM t ORDER BY n DESC",
      "VALUES (3, NULL), (1, NULL), (NULL, NULL)",
      'SELECT i AS "2", j AS "1" FROM t WHERE i > 99',
      "PRAGMA table_info(t)",
    ]
  ) {
    const rows = db.iterate(query);
    assert.deepEqual(rows.columns, db.table(query).columnNames());
    assert.deepEqual([...rows], [...db.query(query)], query);
  }
});

onEngines(
  "iterate() holds one row: a query without an end can be left",
  (db) => {
    const endless = `WITH RECURSIVE n (i) AS
    (SELECT :from UNION ALL SELECT i + 1 FROM n) SELECT i FROM n`;
    const rows = db.iterate<{ i: number }>(endless, { from: 5 });
    // The same SQL within the loop.
    const others = db.iterate<{ i: number }>(endless, { from: 7 });
    assert.deepEqual([...rows.take(2)], [{ i: 5 }, { i: 6 }]);
    assert.deepEqual([...others.take(1)], [{ i: 7 }]);
    for (const _ of db.iterate(endless, { from: 0 })) break;
    db.transaction(() => db.exec("CREATE TABLE t (a)"));
  },
);

onEngines("iterate() throws at the row that has an error", (db) => {
  db.exec(
    "CREATE TABLE t (a); INSERT INTO t VALUES ('1'), ('2'), ('{'), ('4')",
  );
  const seen: unknown[] = [];
  assert.throws(() => {
    for (const { a } of db.iterate("SELECT json(a) AS a FROM t")) seen.push(a);
  }, { name: "DatabaseError", message: /^malformed JSON/ });
  assert.deepEqual(seen, ["1", "2"]);
  db.define("odd", (value) => {
    if (value === "{") throw new Error("a bracket");
    return 1;
  });
  assert.throws(
    () => [...db.iterate("SELECT odd(a) FROM t")],
    { name: "DatabaseError", message: /a bracket/ },
  );
});

onEngines("iterate() follows what its loop does to the database", (db) => {
  db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)");
  const query = "SELECT * FROM t";
  const left = db.iterate(query);
  left.return!();
  assert.deepEqual(left.next(), { value: undefined, done: true });
  for (const _ of db.iterate(query).take(1)) {
    db.exec("ALTER TABLE t ADD COLUMN b");
  }
  assert.deepEqual([...db.iterate(query)][0], { a: 1, b: null });
  const closed = db.iterate(query);
  closed.next();
  db.close();
  assert.throws(() => closed.next(), {
    name: "DatabaseError",
    message: /^the database .*is closed/,
  });
  closed.return!();
  const one = sql.materialized(sql`SELECT 1 AS n`, ["n"]);
  assert.throws(() => db.query(one), { message: /closed\nin: SELECT/ });
});

onEngines("table() returns an Arquero table", (db) => {
  const table = db.table("SELECT 1 AS a, 'x' AS __proto__ UNION SELECT 2, 'y'");
  assert.deepEqual(table.columnNames(), ["a", "__proto__"]);
  assert.deepEqual(table.array("a"), [1, 2]);
  assert.deepEqual(table.array("__proto__"), ["x", "y"]);
});

onEngines("table() keeps the columns of an empty result", (db) => {
  const table = db.table("SELECT 1 AS a, 2 AS b, 3 AS a WHERE 0");
  assert.deepEqual(table.columnNames(), ["a", "b", "a:1"]);
  assert.equal(table.numRows(), 0);
});

onEngines("run() returns the number of changes and the last rowid", (db) => {
  db.exec(table);
  assert.deepEqual(db.run("INSERT INTO t (name) VALUES ('c'), ('d')"), {
    changes: 2,
    lastInsertRowid: 4,
  });
  const results = [
    db.run("UPDATE t SET name = 'x' WHERE id > ?", [1]).changes,
    db.run("WITH w AS (SELECT 1 AS id) DELETE FROM t WHERE id IN w").changes,
    db.run("INSERT INTO t (name) VALUES ('e'), ('f') RETURNING id").changes,
    db.run("SELECT * FROM t").changes,
    db.run("CREATE TABLE other (a)").changes,
  ];
  assert.deepEqual(results, [3, 1, 2, 0, 0]);
});

onEngines("run() returns a rowid past 2^53 as a bigint", (db) => {
  db.exec(table);
  const { lastInsertRowid } = db.run("INSERT INTO t VALUES (?, 'x')", [
    2n ** 63n - 1n,
  ]);
  assert.equal(lastInsertRowid, 2n ** 63n - 1n);
});

onEngines("exec() runs a script with triggers, text and comments", (db) => {
  db.exec(`
    CREATE TABLE t (a); -- a comment; with a semicolon
    CREATE TABLE log (text);
    CREATE TRIGGER logged AFTER INSERT ON t BEGIN
      INSERT INTO log VALUES (CASE new.a WHEN 1 THEN 'one;' ELSE 'more' END);
      INSERT INTO log VALUES ('it''s; done');
    END;
    /* ; */ INSERT INTO t VALUES (1), (2);;`);
  assert.equal(
    value(db, "SELECT group_concat(text) FROM log"),
    "one;,it's; done,more,it's; done",
  );
});

onEngines("run() accepts CREATE TRIGGER as one statement", (db) => {
  db.exec("CREATE TABLE t (a)");
  db.run(`CREATE TEMP TRIGGER doubled AFTER INSERT ON t BEGIN
    UPDATE t SET a = 2 * a; END;`);
  db.run("INSERT INTO t VALUES (4)");
  assert.equal(value(db, "SELECT a FROM t"), 8);
});

onEngines(
  "query() does not enforce foreign keys and accepts double-quoted text",
  (db) => {
    db.exec("CREATE TABLE t (a REFERENCES t (a)); INSERT INTO t VALUES (5)");
    assert.equal(value(db, 'SELECT "no such column"'), "no such column");
  },
);
