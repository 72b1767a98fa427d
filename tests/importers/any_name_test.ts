import { strict as assert } from "node:assert";
import {
  importRuninfo,
  importTaskVineLog,
  importWorkQueueLog,
} from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { rows } from "./databases.ts";
import { inFolder } from "../sql/engines.ts";
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
        `performance_log, taskgraph, debug. ${folder}/a.log is Work Queue's ` +
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

const fixtures = "tests/fixtures";
const htex = (run: string) => `${fixtures}/${run}/runinfo/000/htex_Local`;
const logs = [
  `${fixtures}/tz/runinfo/000/parsl.log`,
  `${htex("tz")}/interchange.log`,
  `${htex("tz")}/block-0/cdef75e04b07/manager.log`,
  `${htex("tz")}/block-0/cdef75e04b07/worker_0.log`,
  `${fixtures}/htex-2026/runinfo/000/parsl.log`,
  `${htex("htex-2026")}/interchange.log`,
  `${htex("htex-2026")}/block-0/73e93caa883f/manager.log`,
  `${htex("htex-2026")}/block-0/73e93caa883f/worker_1.log`,
  `${fixtures}/head-json/runinfo/000/parsl.jsonlog`,
  `${htex("head-json")}/interchange.jsonlog`,
  `${htex("head-json")}/block-0/7600315e9381/manager.jsonlog`,
  `${htex("head-json")}/block-0/7600315e9381/worker_0.jsonlog`,
  `${htex("obs-wf")}/interchange.jsonlog`,
  `${htex("obs-wf")}/block-0/37781c58f4d7/worker_0.jsonlog`,
  `${fixtures}/wq/runinfo/000/WorkQueueExecutor/debug_log`,
  `${fixtures}/wq/runinfo/000/WorkQueueExecutor/transaction_log`,
  `${fixtures}/master_log/wq/WorkQueueExecutor/master_log`,
  `${fixtures}/taskvine/lnni/vine-logs/transactions`,
  `${fixtures}/taskvine/lnni/vine-logs/performance`,
  `${fixtures}/taskvine/lnni/vine-logs/taskgraph`,
];

for (const log of logs) {
  Deno.test(`importRuninfo() recognizes ${log} by its content`, () =>
    inFolder(async (folder) => {
      await Deno.copyFile(log, `${folder}/some text.txt`);
      const read = async (path: string) => {
        using db = await openDatabase();
        const { sources } = await importRuninfo(db, path, { timeZone: "UTC" });
        assert.equal(sources.length, 1);
        const { importer, lines, matched, events, metrics } = sources[0]!;
        return { importer, lines, matched, events, metrics };
      };
      const usual = await read(log);
      assert.deepEqual(await read(`${folder}/some text.txt`), usual);
      assert.deepEqual(await read(folder), usual);
    }));
}

Deno.test("importRuninfo() reads no log with another name that may be a copy", () =>
  inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    const log = await Deno.readTextFile(logs[0]!);
    const half = log.slice(0, log.indexOf("\n", log.length / 2) + 1);
    await Deno.mkdir(`${folder}/runinfo/000`, { recursive: true });
    await Deno.writeTextFile(`${folder}/runinfo/000/parsl.log`, log);
    await Deno.writeTextFile(`${folder}/runinfo/000/parsl.log.bak`, half);
    // The user's program logged to its own file, too.
    await Deno.writeTextFile(`${folder}/workflow.log`, half);
    using db = await openDatabase();
    const { sources, notRead } = await importRuninfo(db, folder);
    const original = `${folder}/runinfo/000/parsl.log`;
    assert.deepEqual(sources.map(({ path }) => path), [original]);
    const reason = `it may be a copy of ${original}: give it alone to read it`;
    assert.deepEqual(
      notRead.map(({ path, reason }) => [path, reason]),
      [[`${folder}/workflow.log`, reason], [`${original}.bak`, reason]],
    );
    const alone = await importRuninfo(db, `${folder}/workflow.log`);
    assert.equal(alone.sources[0]!.importer, "parsl.log");
  }));

Deno.test("importRuninfo() keeps two runs apart whose logs are in one directory", () =>
  withFiles({
    "one.txt": Deno.readTextFileSync(logs[0]!),
    "two.txt": Deno.readTextFileSync(logs[4]!),
  }, (db, _report, folder) =>
    // grep -c ' submitted for App '
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'rundir', count(*) FROM span
         WHERE type = 'parsl.rundir.task' GROUP BY 1`,
      ),
      [[`${folder}/one.txt`, 62], [`${folder}/two.txt`, 62]],
    )));

Deno.test("importRuninfo() recognizes a transaction log with the name of another log", () =>
  withFiles({
    "000/htex/manager.log": Deno.readTextFileSync(
      `${fixtures}/taskvine/colmena.txn.log`,
    ),
  }, (_db, { sources }) => {
    assert.equal(sources[0]!.importer, "transactions");
    // grep -c '^[0-9]'
    assert.equal(sources[0]!.matched, 30);
  }));
