import { strict as assert } from "node:assert";
import type { SqlParameter } from "dnpc/sql";
import { onDatabase, onEngines, value } from "./engines.ts";

const bound: readonly [string, SqlParameter, string, unknown][] = [
  ["null", null, "null", null],
  ["true", true, "integer", 1],
  ["false", false, "integer", 0],
  ["a small integer", 5, "integer", 5],
  ["a negative integer", -2147483648, "integer", -2147483648],
  ["an integer of 33 bits", 2147483648, "integer", 2147483648],
  ["the largest safe integer", 2 ** 53 - 1, "integer", 2 ** 53 - 1],
  ["the smallest safe integer", 1 - 2 ** 53, "integer", 1 - 2 ** 53],
  ["2^53", 2 ** 53, "real", 2 ** 53],
  ["minus zero", -0, "integer", 0],
  ["a fraction", 0.1, "real", 0.1],
  ["a huge number", 1e300, "real", 1e300],
  ["infinity", Infinity, "real", Infinity],
  ["minus infinity", -Infinity, "real", -Infinity],
  ["NaN", NaN, "null", null],
  ["a small bigint", 5n, "integer", 5],
  ["2^53 as bigint", 2n ** 53n, "integer", 2 ** 53],
  ["-2^53 as bigint", -(2n ** 53n), "integer", -(2 ** 53)],
  ["2^53 + 1 as bigint", 2n ** 53n + 1n, "integer", 2n ** 53n + 1n],
  ["-2^53 - 1 as bigint", -(2n ** 53n) - 1n, "integer", -(2n ** 53n) - 1n],
  ["the largest int64", 2n ** 63n - 1n, "integer", 2n ** 63n - 1n],
  ["the smallest int64", -(2n ** 63n), "integer", -(2n ** 63n)],
  ["text", "Grüße 🙂 ' \" ; ?", "text", "Grüße 🙂 ' \" ; ?"],
  ["empty text", "", "text", ""],
  ["text with a NUL character", "a\0b", "text", "a␀b"],
  ["a lone surrogate", "a\ud800b", "text", "a\ufffdb"],
  ["a date of whole seconds", new Date(5000), "real", 5],
  ["a date with milliseconds", new Date(1500), "real", 1.5],
  ["a date after 2038", new Date(4e12), "real", 4e9],
  ["an invalid date", new Date(NaN), "null", null],
  ["bytes", new Uint8Array([0, 255]), "blob", new Uint8Array([0, 255])],
  ["no bytes", new Uint8Array(), "blob", new Uint8Array()],
];

for (const [what, input, type, expected] of bound) {
  onEngines(`query() binds ${what} as ${type} and returns it`, (db) => {
    const [row] = db.query("SELECT typeof(:x) AS type, :x AS value", {
      x: input,
    });
    assert.deepEqual(row, { type, value: expected });
  });
}

onEngines("query() binds only the viewed part of a buffer", (db) => {
  const part = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  assert.equal(value(db, "SELECT hex(?)", [part]), "0203");
});

onEngines("query() returns a copy of bytes", (db) => {
  db.exec("CREATE TABLE t (b BLOB); INSERT INTO t VALUES (x'0102')");
  (value(db, "SELECT b FROM t") as Uint8Array).fill(9);
  assert.deepEqual(value(db, "SELECT b FROM t"), new Uint8Array([1, 2]));
});

const read: readonly [string, unknown][] = [
  ["9007199254740992", 2 ** 53],
  ["9007199254740993", 2n ** 53n + 1n],
  ["-9007199254740992", -(2 ** 53)],
  ["-9007199254740993", -(2n ** 53n) - 1n],
  ["9223372036854775807", 2n ** 63n - 1n],
  ["-9223372036854775807 - 1", -(2n ** 63n)],
  ["9007199254740993.0", 2 ** 53],
  ["1e300", 1e300],
  ["-0.0", -0],
  ["9e999", Infinity],
  ["'a' || char(0) || 'b'", "a"],
  ["x''", new Uint8Array()],
  ["CAST(x'c3a9' AS TEXT)", "é"],
];

for (const [expression, expected] of read) {
  onEngines(`query() returns ${expression} as ${typeof expected}`, (db) => {
    assert.deepEqual(value(db, `SELECT ${expression}`), expected);
  });
}

onEngines("query() returns numbers although other rows have a bigint", (db) => {
  const rows = db.query("VALUES (1, 1.5), (9223372036854775807, 2), (3, 'x')");
  assert.deepEqual(rows.map(Object.values), [
    [1, 1.5],
    [2n ** 63n - 1n, 2],
    [3, "x"],
  ]);
});

onEngines(
  "query() compares a bound integer past 32 bits like any other",
  (db) => {
    db.exec(
      "CREATE TABLE t (a TEXT, b); INSERT INTO t VALUES ('3000000000', 3e9)",
    );
    const count = "SELECT count(*) FROM t WHERE";
    assert.equal(value(db, `${count} a = ?`, [3_000_000_000]), 1);
    assert.equal(value(db, `${count} b = ?`, [3_000_000_000]), 1);
    assert.equal(value(db, `${count} '3000000000' = ?`, [3_000_000_000]), 0);
  },
);

onEngines("query() divides whole seconds of a date as a REAL", (db) => {
  assert.equal(value(db, "SELECT ? / 2", [new Date(5000)]), 2.5);
});

for (const wrong of [undefined, {}, [], () => {}, Symbol("x")]) {
  onEngines(
    `query() refuses a parameter of type ${typeof wrong} ${
      JSON.stringify(wrong) ?? ""
    }`,
    (db) => {
      const parameters = [1, wrong as unknown as SqlParameter];
      assert.throws(() => db.query("SELECT ?, ?", parameters), {
        name: "TypeError",
        message: /^parameter 2 is .*, which SQLite has no type for/,
      });
    },
  );
}

onEngines("query() refuses a bigint past 64 bits", (db) => {
  for (const wrong of [2n ** 63n, -(2n ** 63n) - 1n]) {
    assert.throws(() => db.query("SELECT :x", { x: wrong }), {
      name: "RangeError",
      message: /^parameter :x is -?\d+, which does not fit/,
    });
  }
});

onDatabase(
  "query() refuses text that V8 cannot hold, which would end the process",
  (db) => {
    // 2^29 - 24 is the longest.
    assert.throws(() => db.query("SELECT printf('%.*c', 536870889, 'x')"), {
      name: "DatabaseError",
      code: "SQLITE_TOOBIG",
    });
  },
);
