import { strict as assert } from "node:assert";
import { DatabaseError } from "dnpc/sql";
import { onEngines, value } from "./engines.ts";

const table = `
  CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
  INSERT INTO t VALUES (1, 'a')`;

const errors: readonly [string, string][] = [
  ["SELEC 1", 'near "SELEC": syntax error'],
  [
    "SELECT missing FROM t",
    "no such column: missing. The table t has id, name",
  ],
  ["SELECT * FROM missing", "no such table: missing. The tables are t"],
  ["INSERT INTO t VALUES (2, 'a')", "UNIQUE constraint failed: t.name"],
  ["INSERT INTO t VALUES (2, NULL)", "NOT NULL constraint failed: t.name"],
  ["SELECT 'open", `unrecognized token: "'open"`],
  ["SELECT median(1, 2)", "wrong number of arguments to function median()"],
  ["SELECT log(1, 2, 3)", "wrong number of arguments to function log()"],
  [
    "SELECT regexp_extract('a')",
    "wrong number of arguments to function regexp_extract()",
  ],
  [
    "SELECT median(id) OVER () FROM t",
    "median() may not be used as a window function",
  ],
  [
    "SELECT abs(value) FROM (SELECT 1 value UNION ALL SELECT -9223372036854775808)",
    "integer overflow",
  ],
  [
    "SELECT name REGEXP '(' FROM t",
    "regexp(): Invalid regular expression: /(/: Unterminated group",
  ],
  ["SELECT stddev(name) FROM t", 'stddev() takes numbers, not the text "a"'],
  [
    "SELECT median(x'00') FROM t",
    "median() takes numbers, not a blob of 1 bytes",
  ],
  ["", "there is no statement in this SQL"],
  [" ; -- nothing", "there is no statement in this SQL"],
  [
    "SELECT 1; SELECT 2",
    "this takes one statement, and here are several: use exec() for a script",
  ],
];

for (const [sql, message] of errors) {
  onEngines(
    `query() explains the error in ${sql.trim() || "nothing"}`,
    (db) => {
      db.exec(table);
      for (const call of ["query", "iterate", "table", "run"] as const) {
        // iterate() may find an error at a later row.
        const read = () => {
          const result = db[call](sql);
          if (call === "iterate") [...result as Iterable<unknown>];
        };
        assert.throws(read, (error) => {
          assert.ok(error instanceof DatabaseError);
          assert.equal(error.message, `${message}\nin: ${sql.trim()}`);
          assert.equal(error.sql, sql);
          return true;
        });
      }
    },
  );
}

onEngines("DatabaseError shortens long SQL to one line", (db) => {
  const sql = `SELECT\n  1 AS one,\n  missing${", 1".repeat(1000)}`;
  assert.throws(() => db.query(sql), {
    message:
      /^no such column: missing\nin: SELECT 1 AS one, missing, 1[^\n]{1,300}…$/,
    sql,
  });
});

onEngines("run() rolls back when a function throws", (db) => {
  db.exec(table);
  const sql = `INSERT INTO t (name) SELECT 'b' UNION ALL
    SELECT regexp('(', 'x') UNION ALL SELECT 'c'`;
  for (let i = 0; i < 2; i++) {
    assert.throws(() => db.run(sql), { message: /^regexp\(\): Invalid/ });
    assert.throws(() => db.exec(sql), { message: /^regexp\(\): Invalid/ });
    assert.throws(
      () => db.query(`${sql} RETURNING id`),
      /^DatabaseError: rege/,
    );
  }
  assert.equal(value(db, "SELECT count(*) FROM t"), 1);
  db.transaction(() => {
    db.run("INSERT INTO t (name) VALUES ('kept')");
    assert.throws(() => db.run(sql), DatabaseError);
  });
  assert.equal(value(db, "SELECT count(*) FROM t"), 2);
});

onEngines(
  "run() reports the error of OR ROLLBACK into a table named log",
  (db) => {
    db.exec("CREATE TABLE log (a UNIQUE); INSERT INTO log VALUES (1)");
    const message = /^UNIQUE constraint failed: log.a/;
    const insert = () => db.run("INSERT OR ROLLBACK INTO log VALUES (1)");
    assert.throws(insert, { message });
    assert.throws(() => db.transaction(insert), { message });
    db.exec("BEGIN; SAVEPOINT log; RELEASE log; COMMIT");
  },
);

onEngines(
  "run() reports the error of a function, not its consequences",
  (db) => {
    db.exec("CREATE TABLE t (a NOT NULL)");
    assert.throws(() => db.run("INSERT INTO t VALUES ('a' REGEXP '(')"), {
      message: /^regexp\(\): Invalid/,
    });
  },
);

onEngines("query() works with the same SQL after an error", (db) => {
  const sql = "SELECT abs(?) AS a";
  assert.throws(() => db.query(sql, [-(2n ** 63n)]), { message: /overflow/ });
  assert.deepEqual([...db.query(sql, [-1])], [{ a: 1 }]);
});

onEngines(
  "exec() names the failed statement and keeps earlier ones",
  (db) => {
    assert.throws(
      () => db.exec("CREATE TABLE a (x); SELECT missing; CREATE TABLE b (x)"),
      { message: "no such column: missing\nin: SELECT missing" },
    );
    assert.equal(
      value(db, "SELECT group_concat(name) FROM sqlite_schema"),
      "a",
    );
  },
);

onEngines("close() can be called twice; other methods then throw", (db) => {
  db.query("SELECT 1");
  db.close();
  db.close();
  const calls = [
    () => db.query("SELECT 1"),
    () => db.iterate("SELECT 1"),
    () => db.run("SELECT 1"),
    () => db.exec("SELECT 1"),
    () => db.transaction(() => 1),
    () => db.save("never"),
  ];
  for (const call of calls) {
    assert.throws(call, { name: "DatabaseError", message: / is closed/ });
  }
});

onEngines(
  "query() and the other methods reject a value that is not SQL",
  (db) => {
    for (
      const [sql, found] of [[undefined, "undefined"], [null, "null"], [
        1,
        "the number 1",
      ]]
    ) {
      const expected = {
        name: "TypeError",
        message: `the SQL is text, or made by the sql tag, not ${found}`,
      };
      for (
        const call of ["query", "iterate", "table", "run", "exec"] as const
      ) {
        assert.throws(() => db[call](sql as unknown as string), expected);
      }
      assert.throws(() => db.save(sql as unknown as string), {
        name: "TypeError",
        message: /^a path is text or a URL, not /,
      });
    }
  },
);
