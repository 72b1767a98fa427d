import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook } from "../../tools/notebook.ts";
import { writeNotebook } from "../tools/notebooks.ts";

// The last value of a cell, and what the cell shows as text. Of the run in
// tests/fixtures/tz: grep -c "Task .* will be sent to" gives 62 tasks, and
// sqlite3 runinfo/monitoring.db "SELECT count(*), task_func_name FROM task
// GROUP BY 2" the numbers by app.
const cells: [string, RegExp][] = [
  ["runs(db).filter(({ failed }) => failed > 0)", /\nrun .*\n─[\s\S]*\n1 row/],
  ["runs(db).map(({ run }) => ({ run }))", /^run\n─+\n000\n1 row$/],
  ["runs(db).map(({ run }) => run)", /^\[ .*"000".* \]$/],
  ["tasks", /^task_func_name\n[\s\S]*\n62 rows, 20 of them shown/],
  ["tasks.filter((d) => d.task_func_name === 'sleeper')", /\n12 rows$/],
  [
    "tasks.groupby('task_func_name').count()",
    /^task_func_name +count\n[\s\S]*\nsleeper +12\n/,
  ],
  ["tasks.groupby('task_func_name')", /62 rows.*, grouped by task_func_name$/m],
  [
    "timesBetween",
    /^timesBetween\(.*\): Sql\n\nMeasures the times from one event/,
  ],
  [
    "twoEvents",
    /^twoEvents\(rows: .*\): Chart\n\nDraws the time from one event/,
  ],
];

Deno.test("a cell shows rows, Arquero tables and functions that end it", async () => {
  const folder = await Deno.makeTempDir({ dir: inCheckout("tests", "tools") });
  try {
    const path = await writeNotebook(folder, [
      `import { importRuninfo, openDatabase, runs, timesBetween, twoEvents } from "dnpc";
const db = await openDatabase();
await importRuninfo(db, "../../fixtures/tz/runinfo");
const tasks = db.table("SELECT task_func_name FROM monitoring_task");`,
      ...cells.map(([cell]) => cell),
    ]);
    const { cells: executed } = await executeNotebook(path);
    cells.forEach(([cell, pattern], i) => {
      const { outputs = [] } = executed[i + 1]!;
      const text = String(outputs.at(-1)?.data?.["text/plain"]);
      assert.match(text, pattern);
      // 9,912 pixels of internals have as many lines.
      assert.ok(text.split("\n").length < 30, cell);
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
