import { strict as assert } from "node:assert";
import { Sql, sql, type SqlPiece } from "dnpc/sql";
import { onEngines } from "./engines.ts";

Deno.test("sql binds values and inserts SQL fragments", () => {
  const inner = sql`SELECT id FROM span WHERE type = ${"a'b"}`;
  const outer = sql`SELECT ${1} WHERE id IN (${inner}) AND time > ${2.5}`;
  assert.equal(
    outer.text,
    "SELECT ? WHERE id IN (SELECT id FROM span WHERE type = ?) AND time > ?",
  );
  assert.deepEqual(outer.params, [1, "a'b", 2.5]);
  assert.ok(outer instanceof Sql);
});

Deno.test("sql refuses an array and suggests an alternative", () => {
  const list = [1, 2] as unknown as SqlPiece;
  assert.throws(() => sql`SELECT ${list}`, {
    name: "TypeError",
    message: /write \$\{sql\.join\(array\)\}/,
  });
});

Deno.test("sql.id() quotes any name and refuses a NUL character", () => {
  assert.equal(sql.id('a "b" ; --').text, '"a ""b"" ; --"');
  assert.throws(() => sql.id("a\0b"), { name: "RangeError" });
});

Deno.test("sql.join() joins values and fragments", () => {
  assert.equal(sql.join([1, "x", sql`now(${3})`]).text, "?, ?, now(?)");
  const conditions = sql.join([sql`a = ${1}`, sql`b = ${2}`], " AND ");
  assert.equal(conditions.text, "a = ? AND b = ?");
  assert.deepEqual(conditions.params, [1, 2]);
  assert.equal(sql.join([]).text, "");
});

Deno.test("sql.raw() inserts text verbatim", () => {
  assert.equal(
    sql`SELECT * FROM (${sql.raw("SELECT 1")})`.text,
    "SELECT * FROM (SELECT 1)",
  );
});

Deno.test("Sql is displayed as text with its values", () => {
  const piece = sql`SELECT ${1}`;
  assert.equal(`${piece}`, "SELECT 1");
  assert.equal(Deno.inspect(piece), "SELECT 1");
  const display = Symbol.for("Jupyter.display") as unknown as "toString";
  assert.deepEqual(piece[display]() as unknown, { "text/plain": "SELECT 1" });
});

onEngines("checked() refuses a query wherever it is used", (db) => {
  let isGood = false;
  const one = sql.checked(sql`SELECT ${1} AS n`, () => {
    if (!isGood) throw new RangeError("no one");
  });
  const queries = [
    one,
    sql`SELECT n FROM (${one})`,
    sql.module("SELECT n FROM (:one)", { one }),
    sql.join([one, sql`SELECT 1`], " UNION "),
    sql.materialized(one, ["n"]),
    sql.checked(one, () => {}),
  ];
  for (const query of queries) {
    const refused = { name: "RangeError", message: "no one" };
    isGood = false;
    assert.throws(() => db.query(query), refused);
    assert.throws(() => db.iterate(query).next(), refused);
    isGood = true;
    assert.deepEqual([...db.query(query)], [{ n: 1 }]);
  }
});

onEngines("query() runs an Sql with untrusted names", (db) => {
  const name = `bad "name" ]'; DROP TABLE t; --?:a`;
  const id = sql.id(name);
  db.run(sql`CREATE TABLE ${id} (${id} TEXT)`);
  db.run(sql`INSERT INTO ${id} VALUES (${"'; DROP TABLE t; --"}), (${"b"})`);
  const rows = db.query(sql`
    SELECT ${id}, ${3_000_000_000} AS n FROM ${id}
    WHERE ${id} IN (${sql.join(["b", "c"])})`);
  assert.deepEqual([...rows], [{ [name]: "b", n: 3_000_000_000 }]);
});

onEngines("query() refuses parameters in addition to an Sql", (db) => {
  assert.throws(() => db.query(sql`SELECT ${1}`, [2]), {
    name: "TypeError",
    message: /has its values inside/,
  });
});
