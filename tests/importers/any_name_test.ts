import { strict as assert } from "node:assert";
import { importTaskVineLog, importWorkQueueLog } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { rows } from "./databases.ts";
import { withFiles } from "./logs.ts";

const header = "# time manager_pid TASK ";
Deno.test("importTaskVineLog() refuses a log of Work Queue in words, and the reverse", () =>
  withFiles({
    "a.log": `${header}taskid WAITING category_name\n`,
    "b.log": `${header}task_id WAITING category_name\n`,
  }, async (_db, _report, folder) => {
    using db = await openDatabase();
    await assert.rejects(importTaskVineLog(db, `${folder}/a.log`), {
      name: "TypeError",
      message: `${folder}/a.log is not a log of these formats: transactions, ` +
        `performance_log, taskgraph. ${folder}/a.log is Work Queue's ` +
        "transaction_log: importRuninfo() reads it",
    });
    await assert.rejects(
      importWorkQueueLog(db, `${folder}/b.log`),
      /b\.log is TaskVine's transactions: importRuninfo\(\) reads it/,
    );
  }));

Deno.test("importRuninfo() keeps managers apart whose logs are in one directory", () => {
  const task = "7 TASK 1 READY default FIRST_RESOURCES 1 {}\n";
  const statistics = "# timestamp workers_connected\n1795344285281734 3\n";
  return withFiles({
    "run_1_tr.log": `1795344285281734 ${task}`,
    "run_2_tr.log": `1795344299999999 ${task}`,
    "run_2.perf.log": statistics,
  }, (db, _report, folder) => {
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'rundir', type FROM span
         WHERE type IN ('taskvine.task', 'taskvine.manager') ORDER BY 1, 2`,
      ),
      [
        [`${folder}/run_1`, "taskvine.task"],
        [`${folder}/run_2`, "taskvine.manager"],
        [`${folder}/run_2`, "taskvine.task"],
      ],
    );
  });
});
