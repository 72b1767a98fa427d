import { strict as assert } from "node:assert";
import fc from "fast-check";
import { openDatabase, sql, type SqlParameter } from "dnpc/sql";
import { inSqliteShell } from "../tools/needs.ts";

// Uses the parser of sqlite3 to check literals with another program.
function shell(script: string): string {
  const { code, stdout, stderr } = new Deno.Command("sqlite3", {
    args: ["-batch", ":memory:", script],
  }).outputSync();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function assertPrintsAsBound(values: readonly SqlParameter[]) {
  using db = await openDatabase();
  db.exec("CREATE TABLE bound (value)");
  const rows = sql.join(values.map((value) => sql`(${value})`));
  db.run(sql`INSERT INTO bound VALUES ${rows}`);
  const path = await Deno.makeTempFile();
  try {
    db.save(path);
    const wrong = shell(`
      ATTACH '${path}' AS file;
      CREATE TABLE printed (value);
      INSERT INTO printed VALUES ${rows};
      SELECT printed.rowid, printed.value, bound.value
      FROM printed JOIN file.bound ON bound.rowid = printed.rowid
      WHERE printed.value IS NOT bound.value
        OR typeof(printed.value) <> typeof(bound.value)`);
    assert.equal(wrong, "");
  } finally {
    await Deno.remove(path);
  }
}

Deno.test(
  "String(query) prints each kind of value as bound",
  inSqliteShell,
  async () => {
    await assertPrintsAsBound([
      null,
      true,
      false,
      NaN,
      Infinity,
      -Infinity,
      0,
      -0,
      5,
      -5,
      0.1,
      -0.1,
      1 / 3,
      2 ** 53,
      2 ** 53 - 1,
      1604446731.098894,
      1604446731.0988941,
      2n ** 63n - 1n,
      -(2n ** 63n),
      2n ** 53n + 1n,
      new Date(5000),
      new Date(5001),
      new Date(NaN),
      new Uint8Array([0, 255, 16]),
      "",
      "it's",
      "'",
      "''",
      "a\0b",
      "a\r\nb\x1b[31m",
      "-- no",
      "?",
      "\ud800",
      "\u202eabc",
      ":name",
      "日本語 🎉",
      "\n",
    ]);
  },
);

Deno.test("String(query) prints numbers exactly", inSqliteShell, async () => {
  const time = fc.double({ min: 1e9, max: 2e9, noNaN: true });
  const numbers = fc.sample(fc.oneof(time, fc.double({ min: -1, max: 1 })), {
    numRuns: 2000,
    seed: 1,
  }).filter((number) => Math.abs(number) > 1e-3);
  await assertPrintsAsBound(numbers);
});

Deno.test("String(query) prints any text", inSqliteShell, async () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  await assertPrintsAsBound(fc.sample(text, { numRuns: 200, seed: 1 }));
});

Deno.test("String(query) keeps question marks that are not parameters", () => {
  assert.equal(
    String(sql`SELECT '?', "?", ${"?"} -- ?`),
    `SELECT '?', "?", '?' -- ?`,
  );
});

Deno.test("String(query) encloses a negative number in parentheses", () => {
  assert.equal(String(sql`SELECT 1 -${-5}`), "SELECT 1 -(-5)");
});

Deno.test("sql.module() requires an argument for each placeholder, and no others", () => {
  const text = "-- Head: :n\nSELECT :n AS ':n', :n -- last\n";
  const query = sql.module(text, { n: sql`${1} + ${2}` });
  assert.equal(query.text, "SELECT ? + ? AS ':n', ? + ? -- last");
  assert.deepEqual(query.params, [1, 2, 1, 2]);
  assert.throws(() => sql.module(text, {}), {
    message: "no argument was given for :n",
  });
  assert.throws(() => sql.module(text, { n: 1, m: 2 }), {
    message: "the SQL has no placeholder :m",
  });
});
