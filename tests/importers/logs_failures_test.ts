import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import { logSet, onLogs, withFiles } from "./logs.ts";

// In the words of different versions of Parsl.

let second = 0;
const line = (message: string, thread = "T-1") =>
  `${1795344440 + ++second % 10}.100000 2026-11-22 10:47:2${second % 10} ` +
  `MainProcess-1 ${thread} parsl.dataflow.dflow:390 f INFO: ${message}`;

const submitted = (task: number, rest: string) =>
  line(`Task ${task} submitted for App ${rest}`);

const traceback = (exception: string) =>
  `Traceback (most recent call last):\n  File "a.py", line 1\n${exception}`;

/** By try, its exception, with its message and its causes. */
const exceptionsIn = (db: Database) =>
  Object.fromEntries(
    db.query<{ key: string; exception: string }>(
      `SELECT attributes ->> 'task' || '/' || (attributes ->> 'try') AS key,
         concat_ws(': ', attributes ->> 'exception',
           attributes ->> 'exception_message',
           attributes ->> 'exception_causes') AS exception
       FROM span WHERE type = 'parsl.rundir.try' ORDER BY id`,
    ).map(({ key, exception }) => [key, exception]),
  );

const failures = (
  claim: string,
  lines: readonly string[],
  expected: Record<string, string>,
) =>
  Deno.test(`parsl.log: a try knows ${claim}`, () =>
    withFiles(
      { "000/parsl.log": lines.join("\n") + "\n" },
      (db) => assert.deepEqual(exceptionsIn(db), expected),
    ));

failures("its exception from 2023's lines", [
  line("Reraising exception of type <class 'a.b.Gone'>"),
  line("Task 5 completed (launched -> exec_done)", "T-2"),
  line("Task 7 try 0 failed"),
  line("Task 7 marked for retry"),
  line("Task 7 try 1 failed"),
  line("Task 7 failed after 1 retry attempts"),
  traceback("a.b.Gone: disk full"),
], { "5/0": "", "7/0": "Gone", "7/1": "Gone: disk full" });

failures("its exception from 2026's lines", [
  line("Task 7 changing state from pending to launched"),
  line("Task 7 try 0 failed with exception of type Gone"),
  line("Task 7 changing state from launched to fail_retryable"),
  line("Task 7 try 1 failed with exception of type Gone"),
  line("Task 7 failed after 1 retry attempts"),
  traceback("a.b.Gone: disk full"),
  line("Task 7 changing state from launched to failed"),
], { "7/0": "Gone", "7/1": "Gone: disk full" });

failures("why it could not be launched", [
  line("Got an exception launching task"),
  traceback("a.b.BadSpecification: no nodes"),
  line("Task 8 try 0 failed with exception of type Gone", "T-2"),
  line("Task 7 try 0 failed with exception of type BadSpecification"),
  line("Task 9 try 0 failed with exception of type BadSpecification"),
], {
  "8/0": "Gone",
  "7/0": "BadSpecification: no nodes",
  "9/0": "BadSpecification",
});

failures("the causes of a dependency failure", [
  submitted(0, "f, not waiting on any dependency"),
  submitted(1, "g, waiting on task 0"),
  submitted(2, "g, waiting on task 1"),
  line("Task 0 failed after 0 retry attempts"),
  traceback("OSError: disk full"),
  line("Task 1 failed due to dependency failure"),
  line("Task 2 failed due to dependency failure"),
], {
  "0/0": "OSError: disk full",
  "1/0": 'DependencyError: ["OSError: disk full"]',
  "2/0": 'DependencyError: ["OSError: disk full","DependencyError"]',
});

const joined = (wording: string) => [
  line("Task 1 set to pending state with AppFuture: <AppFuture at 0x7f>"),
  line("A joinable future <AppFuture at 0x7f> is not done for task 0"),
  line("Task 1 failed after 0 retry attempts"),
  traceback("OSError: disk full"),
  line(`Task 0 failed due to failure of ${wording}`),
];

failures(
  "of which inner task a join app failed",
  joined(
    "an inner join future",
  ),
  { "1/0": "OSError: disk full", "0/0": 'JoinError: ["OSError: disk full"]' },
);

failures(
  "the exception of the inner task, in 2023-01",
  joined(
    "inner join future",
  ),
  { "1/0": "OSError: disk full", "0/0": "OSError: disk full" },
);

Deno.test("parsl.log before 2026: the failure of an inner task ends a join app", () =>
  withFiles(
    { "000/parsl.log": joined("an inner join future").join("\n") + "\n" },
    (db) => {
      const [last] = db.query(
        `SELECT event.type, line FROM event JOIN span ON span.id = span_id
         WHERE span.attributes ->> 'task' = '0' ORDER BY event.id DESC`,
      );
      assert.deepEqual({ ...last }, { type: "failed", line: 7 });
    },
  ));

Deno.test("worker.log: a task knows the exception around its function", () =>
  withFiles({
    "000/htex/block-0/4c57/worker_1.log": [
      "2026-11-22 10:40:42.780 worker_log:1 8742 MainThread [INFO]  Received executor task 5",
      "2026-11-22 10:40:42.790 worker_log:2 8742 MainThread [INFO]  Caught an exception: cannot pickle",
      "this one",
      "",
    ].join("\n"),
  }, (db) => {
    const [task] = db.query(
      `SELECT attributes ->> 'exception_message' AS message FROM span
       WHERE type = 'parsl.executor.htex.worker.task'`,
    );
    assert.equal(task?.message, "cannot pickle\nthis one");
  }));

Deno.test("monitoring.db: a try knows its exception", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo/monitoring.db");
  // sqlite3 monitoring.db "SELECT DISTINCT task_fail_history FROM try"
  const rows = db.query<{ exception: string; message: string; tries: number }>(
    `SELECT attributes ->> 'exception' AS exception,
       attributes ->> 'exception_message' AS message, count(*) AS tries
     FROM span WHERE attributes ->> 'exception' IS NOT NULL
     GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    ["BashExitFailure", "'badshell', 3", 3],
    ["DependencyError", "[(ValueError('task 0 always fails'), 41)], 42", 1],
    ...[0, 1, 2, 3].map((i) => [
      "RuntimeError",
      `flaky task ${i} fails its first try`,
      1,
    ]),
    ["ValueError", "task 0 always fails", 3],
  ]);
});

// Task 14 waits for 13, which waits for 12: "Task 12 try 1 failed with exception
// of type ValueError", then two lines about the failure of each of the others.
onLogs("parsl.log: a try knows the cause behind other dependencies", [
  logSet("failures.tar.gz", "tests/fixtures", ""),
], (db) => {
  const [row] = db.query<{ causes: string }>(`
    SELECT span.attributes ->> 'exception_causes' AS causes
    FROM span WHERE type = 'parsl.rundir.try'
      AND attributes ->> 'task' = '14' AND attributes ->> 'rundir' LIKE '%/000'`);
  assert.deepEqual(JSON.parse(row!.causes), [
    "ValueError: boom number 1 on /scratch/node1/file1.dat at 0x7f000001",
    "DependencyError",
  ]);
});
