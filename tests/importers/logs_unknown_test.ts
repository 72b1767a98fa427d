import { type ImportOptions, importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import { inFolder, value } from "../sql/engines.ts";
import { eventTexts, onLogs, tzLogs, withFiles } from "./logs.ts";

const line = (level: string, message: string) =>
  `1795344440.100000 2026-11-22 10:47:20 MainProcess-1 T-1 a.b:1 f ${level}: ` +
  `${message}\n`;

const known = line("INFO", "DFK cleanup complete");
const log = line("DEBUG", "Looked 5 times") +
  line("WARNING", "Disk 7 is slow") +
  known;
const json =
  `{"created": 1795344440, "name": "a", "formatted": "Disk 7 is slow",
"levelname": "ERROR", "processName": "P", "process": 1}`.replace("\n", "") +
  "\n";
const debug =
  "2026/11/22 10:44:50.15 work_queue_python[11743] dns: found vm 5\n";

const manager = "htex/block-0/4c57";
const files = {
  "000/parsl.log": log,
  "000/htex/interchange.log": log,
  [`000/${manager}/manager.log`]: log,
  [`000/${manager}/worker_1.log`]: log,
  "000/wq/debug_log": debug,
  "000/wq/transaction_log": "1795344285281734 11743 STATS 5\n",
  "001/parsl.jsonlog": json,
};

const unknownIn = (db: Database) =>
  eventTexts(db).filter((text) => /%s/.test(text)).toSorted();

const kept = (options: ImportOptions, expected: readonly string[]) =>
  withFiles(files, (db, { sources }) => {
    assert.deepEqual(unknownIn(db), expected);
    // They are still lines that no rule knows.
    assert.equal(
      sources.reduce((sum, { unmatched }) => sum + unmatched, 0),
      14,
    );
  }, { timeZone: "UTC", ...options });

const warnings = [
  "1 parsl.rundir.workflow: Disk %s is slow",
  "2 parsl.executor htex: Disk %s is slow",
  "2 parsl.executor.htex.manager htex/0/4c57: Disk %s is slow",
  "2 parsl.executor.htex.worker htex/0/4c57/1: Disk %s is slow",
  "2 parsl.rundir.workflow: Disk %s is slow",
];

Deno.test("importRuninfo() makes unknown warnings events of the process that wrote them", () =>
  kept({}, warnings));

Deno.test("importRuninfo() makes all unknown lines events, with unknown: all", () =>
  kept(
    { unknown: "all" },
    [
      ...warnings,
      "1 parsl.executor htex: Looked %s times",
      "1 parsl.executor.htex.manager htex/0/4c57: Looked %s times",
      "1 parsl.executor.htex.worker htex/0/4c57/1: Looked %s times",
      "1 parsl.rundir.workflow: Looked %s times",
      "1 workqueue.manager wq: STATS %s",
      "1 workqueue.manager wq: found vm %s",
    ].toSorted(),
  ));

Deno.test("importRuninfo() only counts unknown lines, with unknown: count", () =>
  kept({ unknown: "count" }, []));

Deno.test("importRuninfo() reads logs again if unknown changes", () =>
  inFolder(async (folder) => {
    const path = `${folder}/parsl.log`;
    await Deno.writeTextFile(path, log);
    using db = await openDatabase();
    const read = async (options: ImportOptions) => {
      const { sources } = await importRuninfo(db, path, options);
      return [sources[0]!.outcome, value(db, "SELECT count(*) FROM event")];
    };
    assert.deepEqual(await read({}), ["imported", 2]);
    assert.deepEqual(await read({ unknown: "warnings" }), ["unchanged", 2]);
    assert.deepEqual(await read({ unknown: "all" }), ["replaced", 3]);
    assert.deepEqual(await read({ unknown: "count" }), ["replaced", 1]);
    // Only the origins of the last import are there.
    assert.equal(value(db, "SELECT count(*) FROM origin"), 1);
  }));

Deno.test("importRuninfo() refuses another value of unknown", () =>
  assert.rejects(
    withFiles({}, () => {}, { unknown: "some" } as unknown as ImportOptions),
    {
      name: "TypeError",
      message: 'unknown must be "count", "warnings" or "all"; it is "some"',
    },
  ));

// Each line is there as an event, a number, or part of the event above.
onLogs(
  "importRuninfo() loses no line, with unknown: all",
  [tzLogs],
  async (_, { path }) => {
    using db = await openDatabase();
    await importRuninfo(db, path, { unknown: "all" });
    const lost = db.query(
      `SELECT path, lines, continued, count(DISTINCT found.line) AS found
       FROM source JOIN (
         SELECT source_id, line FROM event
         UNION SELECT source_id, line FROM metric
       ) AS found ON source_id = source.id
       WHERE importer LIKE '%.log'
       GROUP BY source.id HAVING found <> lines - continued`,
    );
    assert.deepEqual([...lost], []);
  },
);

Deno.test("importRuninfo() keeps the origin of each line once", () =>
  withFiles({
    "000/parsl.log": [
      "1795344041.9 2026-11-22 10:40:41 P-8690 Thread 1 (run)-14 parsl.dfk:1 f INFO: Task 1 a",
      "1795344041.9 2026-11-22 10:40:41 P-8690 Thread 1 (run)-14 parsl.dfk:2 g INFO: Task 1 b",
      "1795344041.9 2026-11-22 10:40:41 P-8690 Thread 1 (run)-14 parsl.dfk:3 h ERROR: Task 1 c",
    ].join("\n") + "\n",
    "000/htex/interchange.log":
      "2026-11-22 10:40:42.780 interchange:478 HTEX-Interchange(8716) MainThread f [DEBUG]  Put task 5 onto pending_task_queue\n",
    [`000/${manager}/worker_1.log`]:
      "2026-11-22 10:40:42.780 worker_log:586 8742 MainThread [INFO]  Received executor task 5\n",
    "000/database_manager.log":
      "2026-11-22 10:40:41.946 database_manager:278 [INFO] [MainThread 140343] Starting dbm\n",
    "000/wq/debug_log": debug.replace("dns: found vm", "wq: task"),
    "001/parsl.jsonlog": json.replace("Disk", "Task").replace(
      "}",
      ', "threadName": "T", "thread": 9}',
    ),
  }, (db) => {
    const origins = db.query<Record<string, string | number>>(
      `SELECT process, thread, logger, level, count(*) AS events
       FROM event JOIN origin ON origin.id = origin_id
       GROUP BY origin.id ORDER BY process, logger, level`,
    );
    assert.deepEqual(origins.map((row) => Object.values(row)), [
      [null, "MainThread-140343", "database_manager", "INFO", 1],
      ["11743", null, "wq", null, 1],
      ["8742", "MainThread", "worker_log", "INFO", 1],
      ["HTEX-Interchange(8716)", "MainThread", "interchange", "DEBUG", 1],
      ["P-1", "T-9", "a", "ERROR", 1],
      ["P-8690", "Thread 1 (run)-14", "parsl.dfk", "ERROR", 1],
      ["P-8690", "Thread 1 (run)-14", "parsl.dfk", "INFO", 2],
    ]);
  }));

Deno.test("importRuninfo() makes the lines of ZMQ pipes events of their process", () =>
  withFiles({
    "000/parsl.log":
      "1795344042.048852 2026-11-22 10:40:42 MainProcess-1 MainThread-2 parsl.executors.high_throughput.zmq_pipes:77 run DEBUG: Sending command client command\n",
  }, (db, { sources }) => {
    assert.deepEqual(eventTexts(db), [
      "1 parsl.rundir.workflow: Sending command client command",
    ]);
    assert.equal(sources[0]!.unmatched, 0);
  }));
