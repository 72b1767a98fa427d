import { strict as assert } from "node:assert";
import { type Database, openDatabase } from "dnpc/sql";
import type { OpenSource } from "../../importers/container/open_source.ts";
import { readRows, tablesOf } from "../../importers/formats/monitoring/read.ts";

Deno.test("readRows() reads a table with more columns than an expression has terms", async () => {
  using db = await openDatabase();
  const names = Array.from({ length: 1500 }, (_, i) => `c${i}`);
  db.exec(`CREATE TABLE wide (${names}); INSERT INTO wide (c3) VALUES (5)`);
  const [table] = tablesOf(db);
  const read = readRows({ db } as OpenSource, table!);
  assert.deepEqual(read.map(({ values }) => values![3]).toArray(), [5]);
});

for (const more of ["", "WITHOUT ROWID"]) {
  Deno.test(`readRows() holds few of many long rows at once ${more}`, async () => {
    using db = await openDatabase();
    db.exec(`CREATE TABLE long (id INT PRIMARY KEY, bytes BLOB) ${more};
      INSERT INTO long
      SELECT value, zeroblob(iif(value < 3, 1, 2e7))
      FROM json_each('[1,2,3,4,5,6]')`);
    const held: number[] = [];
    const arrays: Database["arrays"] = (...args) => {
      const rows = db.arrays(...args);
      const bytes = rows.flat().filter((value) => value instanceof Uint8Array);
      held.push(bytes.reduce((sum, { length }) => sum + length, 0));
      return rows;
    };
    const [table] = tablesOf(db);
    const read = readRows(
      { db: { query: db.query.bind(db), arrays } } as OpenSource,
      table!,
    );
    assert.deepEqual(
      read.map((
        { rowid, values },
      ) => [rowid, (values![1] as Uint8Array).length])
        .toArray(),
      [[1, 1], [2, 1], [3, 2e7], [4, 2e7], [5, 2e7], [6, 2e7]],
    );
    assert.ok(Math.max(...held) < 2 ** 25, held.join());
  });
}
