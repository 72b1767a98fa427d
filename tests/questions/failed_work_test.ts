import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { failures } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";

// Lines as Work Queue writes them, of one worker; task 3 is sent again.
Deno.test("failures() has the results of a queue without Parsl", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lines = [1, 2, 3].flatMap((task) => [
      `${task}00 9 TASK ${task} WAITING parsl-default FIRST_RESOURCES {}`,
      `${task}01 9 TASK ${task} RUNNING 10.0.0.1:99 FIRST_RESOURCES {}`,
    ]);
    const limits = '{"memory":[512,"MB"]}';
    await Deno.writeTextFile(
      `${folder}/transaction_log`,
      [
        "# time manager_pid MANAGER manager_pid START|END",
        "50 9 MANAGER 9 START",
        "60 9 WORKER worker-a 10.0.0.1:99 CONNECTION",
        ...lines,
        "400 9 TASK 1 RETRIEVED SUCCESS 0 {} {}",
        "401 9 TASK 1 DONE SUCCESS 0 {} {}",
        `402 9 TASK 2 RETRIEVED RESOURCE_EXHAUSTION 147 ${limits} {}`,
        `403 9 TASK 2 DONE RESOURCE_EXHAUSTION 147 ${limits} {}`,
        "404 9 TASK 3 RETRIEVED FORSAKEN 0 {} {}",
        "405 9 TASK 3 DONE FORSAKEN 0 {} {}",
      ].map((line) => line.replace(/^\d+/, (n) => `1795344290000${n}`)).join(
        "\n",
      ) +
        "\n",
    );
    using db = await openDatabase();
    await importRuninfo(db, folder);
    assert.deepEqual(
      failures(db).map((row) => [row.exception, row.message, row.such_as]),
      [
        [
          "RESOURCE_EXHAUSTION",
          "limits exceeded: memory N MB; exit code 147",
          "workqueue task 2",
        ],
        ["FORSAKEN", null, "workqueue task 3"],
      ],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

// The log's only "Caught an exception while executing user function" continues
// with "ValueError: ...".
Deno.test("failures() has those of programs without Parsl", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/globus_compute");
  assert.deepEqual(
    failures(db).map((row) => [row.exception, row.tries, row.apps]),
    [["ValueError", 1, "fail"]],
  );
});
