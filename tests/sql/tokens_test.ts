import { strict as assert } from "node:assert";
import { castParameters } from "../../sql/engines/sqljs.ts";
import { oneStatement, splitScript } from "../../sql/statement.ts";
import { tokenize } from "../../sql/tokens.ts";

const texts = (sql: string) => [...tokenize(sql)].map(({ text }) => text);
const parameters = (sql: string) =>
  oneStatement(sql).parameters.map(({ text, index }) => `${text}=${index}`);

Deno.test("tokenize() skips white space and comments", () => {
  assert.deepEqual(texts("select 1--;\n+/* ? */x /* open"), [
    "SELECT",
    "1",
    "+",
    "X",
  ]);
});

Deno.test("tokenize() reads literals and quoted names as one token", () => {
  assert.deepEqual(texts("'a;?' \"b;:c\" `d?` [e;] x'00' 1.5e3 0x1F 'open"), [
    "'a;?'",
    '"b;:c"',
    "`d?`",
    "[e;]",
    "X",
    "'00'",
    "1.5e3",
    "0x1F",
    "'open",
  ]);
});

Deno.test("tokenize() is fast on megabytes of text", () => {
  const sql = `SELECT '${"it''s; ".repeat(300_000)}'`;
  const start = performance.now();
  assert.equal(
    [...tokenize(sql)].filter(({ kind }) => kind === "semicolon").length,
    0,
  );
  assert.ok(performance.now() - start < 2_000);
});

Deno.test("oneStatement() numbers parameters as SQLite does", () => {
  assert.deepEqual(parameters("SELECT ?, ?3, ?, :a, @b, :a, $c"), [
    "?=1",
    "?3=3",
    "?=4",
    ":a=5",
    "@b=6",
    ":a=5",
    "$c=7",
  ]);
  assert.equal(oneStatement("SELECT ?5").parameterCount, 5);
});

Deno.test("oneStatement() detects statements that read and statements that change rows", () => {
  const kind = (sql: string) => {
    const { reads, changesRows } = oneStatement(sql);
    return [reads, changesRows];
  };
  assert.deepEqual(kind("-- a\nselect 'INSERT'"), [true, false]);
  assert.deepEqual(kind("WITH a AS (SELECT 1) SELECT * FROM a"), [true, false]);
  assert.deepEqual(kind("WITH a AS (SELECT 1) DELETE FROM a"), [false, true]);
  assert.deepEqual(kind("INSERT INTO a SELECT 1"), [false, true]);
  assert.deepEqual(kind("EXPLAIN DELETE FROM a"), [true, false]);
  assert.deepEqual(kind("CREATE TABLE a (b)"), [false, false]);
});

Deno.test("splitScript() gives each statement without its semicolon", () => {
  const script = `a 1;; b ';' ; -- c;
    CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN
      SELECT CASE 1 WHEN 1 THEN 2 END; DELETE FROM b; END; d`;
  const statements = [...splitScript(script)].map(({ sql }) => sql);
  assert.deepEqual(statements.map((sql) => sql.replace(/\s+/g, " ")), [
    "a 1",
    "b ';'",
    "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE 1 WHEN 1 " +
    "THEN 2 END; DELETE FROM b; END",
    "d",
  ]);
});

Deno.test("castParameters() casts the selected parameters", () => {
  const statement = oneStatement("/* ? */ SELECT ?, '?', ?2 + ?, :a;");
  assert.equal(
    castParameters(statement, [undefined, "INTEGER", "REAL", undefined]),
    "SELECT ?, '?', +CAST(?2 AS INTEGER) + +CAST(? AS REAL), :a",
  );
});
