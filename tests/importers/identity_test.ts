import { strict as assert } from "node:assert";
import { spanKey, spanKeySql, sql } from "dnpc/sql";
import { onDatabase } from "../sql/engines.ts";

const keys: [values: string[], key: string][] = [
  [["run"], "run"],
  [["run", "5", "0"], "run/5/0"],
  [["a/b", "c"], "a%2Fb/c"],
  [["a", "b/c"], "a/b%2Fc"],
  [["a%2Fb", "c"], "a%252Fb/c"],
  [["", "a"], "/a"],
  [["ünï '\"\n", "🙂"], "ünï '\"\n/🙂"],
];

for (const [values, key] of keys) {
  onDatabase(
    `spanKeySql() gives the same key as spanKey() for ${
      JSON.stringify(values)
    }`,
    (db) => {
      assert.equal(spanKey(values), key);
      const made = spanKeySql(values.map((value) => sql`${value}`));
      assert.equal(db.query(sql`SELECT ${made} AS key`)[0]?.key, key);
    },
  );
}
