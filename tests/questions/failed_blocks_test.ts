import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { failures, summary } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import { larger, onLogs } from "../importers/logs.ts";

Deno.test("failures() shows a run whose blocks failed before any task", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using db = await openDatabase();
    const unpack = new Deno.Command("tar", {
      args: ["xzf", "tests/fixtures/failures.tar.gz", "-C", folder],
    });
    assert.equal((await unpack.output()).code, 0);
    const run = `${folder}/runinfo/002`;
    const log = await Deno.readTextFile(`${run}/parsl.log`);
    const withoutTasks = log.split("\n")
      .filter((line) => !/\b[Tt]ask \d/.test(line));
    await Deno.writeTextFile(`${run}/parsl.log`, withoutTasks.join("\n"));
    await importRuninfo(db, run);
    const [row, ...others] = failures(db);
    assert.equal(others.length, 0);
    assert.equal(row!.exception, "TooManyJobFailuresError");
    assert.match(row!.message!, /^Job is marked as MISSING since the workers/);
    assert.deepEqual([row!.tries, row!.blocks], [0, 1]);
    assert.equal(row!.block_ends, "exit code 3");
    assert.equal(row!.such_as, "block 0 of htex_Local");
    assert.match(String(summary(db)), /1 block\s+failed, such as block 0 of/);

    // Without parsl.log, the exit code of the submit script remains.
    using other = await openDatabase();
    await Deno.remove(`${run}/parsl.log`);
    await importRuninfo(other, run);
    assert.deepEqual(
      failures(other).map(({ exception, message, such_as }) => [
        exception,
        message,
        such_as,
      ]),
      [[null, "block ended: exit code 3", "block 0 of htex_Local"]],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

// sqlite3 monitoring.db "SELECT state, count(*) FROM block ...": each run has one
// block that FAILED; the .ec of its submit script is 137. The accounting is made.
onLogs("failures() says how blocks ended, as the batch system knows it", [
  larger("multi-htex"),
], async (db) => {
  const blocks = () =>
    failures(db, { run: "000" }).filter(({ blocks }) => blocks > 0)
      .map(({ message, block_ends }) => [message, block_ends]);
  assert.deepEqual(blocks(), [
    ["block ended: FAILED, exit code 137", "FAILED, exit code 137"],
  ]);
  const [{ job }] = db.query<{ job: string }>(`
    SELECT attributes ->> 'job' AS job FROM span
    WHERE type = 'parsl.executor.block' AND attributes ->> 'exit_code' = 137
      AND attributes ->> 'rundir' LIKE '%/000'`) as [{ job: string }];
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/sacct.txt`,
      "JobID|Submit|Start|End|State|ExitCode\n" +
        `${job}|2026-11-22T12:35:00|2026-11-22T12:35:01|` +
        "2026-11-22T12:35:22|OUT_OF_MEMORY|0:125\n",
    );
    await importRuninfo(db, folder, { timeZone: "UTC" });
    assert.deepEqual(blocks(), [
      [
        "block ended: OUT_OF_MEMORY, exit code 137",
        "OUT_OF_MEMORY, exit code 137",
      ],
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("failures() says how the blocks ended with which tries were lost", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/slurm/timeout.tar.gz");
  // sacct says TIMEOUT of jobs 25 and 26, and Parsl ManagerLost of tasks 0 to 3.
  assert.deepEqual(
    failures(db).map((row) => [
      row.exception,
      row.failed_tasks,
      row.blocks,
      row.block_ends,
    ]),
    [["ManagerLost", 4, 0, "TIMEOUT"], [null, 0, 2, "TIMEOUT"]],
  );
  assert.match(
    String(summary(db)).replace(/\s+/g, " "),
    /4 tasks failed, lost with their block \(TIMEOUT\), such as task 0/,
  );
});
