import { strict as assert } from "node:assert";
import { runScript } from "./scripts.ts";

// sqlite3 counts 104 rows in the table task.
const script = `
  import { openDatabase } from "dnpc/sql";
  const bytes = await Deno.readFile("tests/fixtures/wq/runinfo/monitoring.db");
  const counts = [];
  for (const engine of ["native", "sqljs"]) {
    using db = await openDatabase(undefined, { engine });
    for (let i = 0; i < 2; i++) {
      using attached = db.attach("other's", bytes);
      counts.push(attached && db.query(
        'SELECT count(*) AS tasks FROM "other\\'s".task')[0].tasks);
    }
    counts.push(db.transaction(() => db.attach("other", bytes)));
    counts.push(db.query("PRAGMA database_list").length);
  }
  console.log(JSON.stringify(counts));`;

Deno.test("attach() attaches bytes with --allow-all until disposal", async () => {
  assert.equal(
    await runScript(script, ["--allow-all"]),
    "[104,104,null,1,null,null,null,1]",
  );
});

Deno.test("attach() returns undefined without --allow-all", async () => {
  assert.equal(
    await runScript(script, ["--allow-read"]),
    "[null,null,null,1,null,null,null,1]",
  );
});
