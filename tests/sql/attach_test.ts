import { strict as assert } from "node:assert";
import { runScript } from "./scripts.ts";

// sqlite3 counts 104 rows in the table task.
const script = `
  import { openDatabase } from "dnpc/sql";
  const file = "tests/fixtures/wq/runinfo/monitoring.db";
  const bytes = await Deno.readFile(file);
  const counts = [];
  for (const engine of ["native", "sqljs"]) {
    using db = await openDatabase(undefined, { engine });
    for (const content of [bytes, bytes, file]) {
      using attached = db.attach("other's", content);
      counts.push(attached && db.query(
        'SELECT count(*) AS tasks FROM "other\\'s".task')[0].tasks);
    }
    counts.push(db.transaction(() => db.attach("other", bytes)));
    counts.push(db.query("PRAGMA database_list").length);
  }
  console.log(JSON.stringify(counts));`;

Deno.test("attach() attaches bytes and files with --allow-all until disposal", async () => {
  assert.equal(
    await runScript(script, ["--allow-all"]),
    "[104,104,104,null,1,null,null,null,null,1]",
  );
});

Deno.test("attach() returns undefined without --allow-all", async () => {
  assert.equal(
    await runScript(script, ["--allow-read"]),
    "[null,null,null,null,1,null,null,null,null,1]",
  );
});
