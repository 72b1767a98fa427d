import { strict as assert } from "node:assert";
import { DatabaseError, type SqlParameters } from "dnpc/sql";
import { onEngines } from "./engines.ts";

onEngines("query() binds an array to ? in order", (db) => {
  const [row] = db.query("SELECT ? AS a, ? AS b", [1, "x"]);
  assert.deepEqual(row, { a: 1, b: "x" });
});

onEngines("query() binds an array to numbered parameters", (db) => {
  const [row] = db.query("SELECT ?2 AS a, ?1 AS b, ?2 AS c", [1, 2]);
  assert.deepEqual(row, { a: 2, b: 1, c: 2 });
});

onEngines("query() binds an object to :, $ and @ names", (db) => {
  const [row] = db.query("SELECT :a AS a, $b AS b, @c AS c, :a AS d", {
    a: 1,
    $b: 2,
    "@c": 2n ** 60n,
  });
  assert.deepEqual(row, { a: 1, b: 2, c: 2n ** 60n, d: 1 });
});

onEngines(
  "query() ignores parameters in text, names and comments",
  (db) => {
    const [row] = db.query(
      `SELECT '?:a' AS "b?", ? AS [c:d] -- ? and :e
     /* $f; */ ;`,
      [3_000_000_000],
    );
    assert.deepEqual(row, { "b?": "?:a", "c:d": 3_000_000_000 });
  },
);

const mismatches: readonly [string, SqlParameters | undefined, RegExp][] = [
  [
    "SELECT ?, ?",
    [1],
    /^the statement has 2 parameters, and 1 value was given/,
  ],
  [
    "SELECT ?",
    [1, 2],
    /^the statement has 1 parameter, and 2 values were given/,
  ],
  ["SELECT ?", undefined, /^the statement has 1 parameter, and 0 values/],
  ["SELECT :a", [1], /^the statement names its parameter :a: give an object/],
  ["SELECT :a, :b", { a: 1 }, /^no value was given for :b/],
  ["SELECT :a", { a: 1, c: 2 }, /^the statement has no parameter named c/],
  ["SELECT ?", { a: 1 }, /^the statement has the parameter \?, which has no/],
  ["SELECT :toString", {}, /^no value was given for :toString/],
];

for (const [sql, params, message] of mismatches) {
  onEngines(`query() refuses ${JSON.stringify(params)} for ${sql}`, (db) => {
    assert.throws(() => db.query(sql, params), (error) => {
      assert.ok(error instanceof DatabaseError);
      assert.equal(error.sql, sql);
      assert.match(error.message, message);
      return true;
    });
  });
}
