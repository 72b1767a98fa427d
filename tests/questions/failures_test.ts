import { strict as assert } from "node:assert";
import { type Failure, failures } from "dnpc/questions";
import { larger, logSet, onLogs } from "../importers/logs.ts";

// sqlite3 monitoring.db "SELECT task_fail_history, count(*), count(DISTINCT
// task_id) FROM try WHERE run_id = '...' GROUP BY 1": ValueError 12 tries of 4
// tasks, on which 4 others depend; BashExitFailure 6 of 2, RuntimeError 12 of 12.
onLogs("failures() groups the tries of a run by cause", [larger("mon-htex")], (
  db,
) => {
  const rows = failures(db, { run: "000" });
  assert.deepEqual(
    rows.map((row) => [
      row.exception,
      row.message,
      row.failed_tasks,
      row.dependents,
      row.recovered_tasks,
      row.tries,
    ]),
    [
      ["ValueError", "task N always fails", 8, 4, 0, 12],
      [
        "BashExitFailure",
        "bash_app badshell failed with unix exit code 3",
        2,
        0,
        0,
        6,
      ],
      ["RuntimeError", "flaky task N fails its first try", 0, 0, 12, 12],
    ],
  );
  const [first] = rows;
  assert.match(first!.example!, /^task \d always fails$/);
  assert.match(first!.traceback!, /^Traceback[^]*ValueError: task \d always/);
  assert.equal(first!.apps, "always_fails, after_fail");
  assert.equal(failures(db).length, 6);
  assert.throws(() => failures(db, { run: "no such run" }), {
    name: "RangeError",
  });
});

// grep -c "exception of type ManagerLost" parsl.log: 3 in each run.
onLogs("failures() counts the tries that were lost with a manager", [
  larger("multi-htex"),
], (db) => {
  const lost = failures(db).filter(({ exception }) =>
    exception === "ManagerLost"
  );
  assert.deepEqual(
    lost.map((
      { run, tries, recovered_tasks },
    ) => [run, tries, recovered_tasks]),
    [["000", 3, 3], ["001", 3, 3]],
  );
  // grep -c "changing state from .* to failed" parsl.log: 3 and 5; dep_fail: 2 and 3.
  const display = Symbol.for("Jupyter.display") as unknown as keyof object;
  const shown = failures(db)[display] as unknown as () => Record<
    string,
    string
  >;
  assert.match(
    shown()["text/plain"]!,
    /^In 2 runs: 13 tasks failed, 5 of them because another did; [^]* 2 of them have /,
  );
});

const failureLogs = logSet("failures.tar.gz", "tests/fixtures", "");

/** The rows' exceptions, messages, and numbers of what failed. */
const countsOf = (rows: readonly Failure[]) =>
  rows.map((row) => [
    row.exception,
    row.message?.slice(0, 45) ?? null,
    row.failed_tasks,
    row.tries,
    row.dependents,
    row.blocks,
    row.such_as,
  ]);

// grep -oE "Task [0-9]+ try [0-9]+ failed with exception of type \w+" 000/parsl.log:
// AppTimeout 4 (tasks 0 and 1), BashExitFailure 6 (8, 9, 10), FileNotFoundError 6
// (5, 6, 7), KeyError 2, MemoryError 2, MissingOutputs 2, ModuleNotFoundError 2,
// ValueError 10 (12, 15, 34, 36, 38). DependencyError 6: 13 waits for 12, 14 for
// 13, 16 for 14 and 15; 17 and 19 join 34 and 36, 18 waits for 17, 20 for 19, 21
// for 20. Of task 23, a join app that returns no future, the log has no more than
// its state.
onLogs("failures() counts dependents under the task that caused it", [
  failureLogs,
], (db) => {
  const rows = failures(db, { run: "000" });
  assert.deepEqual(
    countsOf(rows),
    [
      ["ValueError", "boom number N on … at …", 13, 10, 8, 0, "task 12"],
      [
        "FileNotFoundError",
        "[Errno 2] No such file or directory: '…'",
        3,
        6,
        0,
        0,
        "task 5",
      ],
      ["AppTimeout", null, 1, 2, 0, 0, "task 0"],
      [
        "AppTimeout",
        "App bashslow exceeded walltime: N seconds",
        1,
        2,
        0,
        0,
        "task 1",
      ],
      [
        "ModuleNotFoundError",
        "No module named 'nonexistent_module_xyz'",
        1,
        2,
        0,
        0,
        "task 2",
      ],
      ["MemoryError", null, 1, 2, 0, 0, "task 4"],
      ...[["badexit", 3, 8], ["badexit", 7, 9], ["nocmd", 127, 10]].map((
        [app, code, task],
      ) => [
        "BashExitFailure",
        `bash_app ${app} failed with unix exit code ${code}`,
        1,
        2,
        0,
        0,
        `task ${task}`,
      ]),
      [
        "MissingOutputs",
        "Missing Outputs: [<File at … url=… scheme=fil",
        1,
        2,
        0,
        0,
        "task 11",
      ],
      ["KeyError", "'in the join body'", 1, 2, 0, 0, "task 22"],
      [null, null, 1, 1, 0, 0, "task 23"],
    ].map((
      row,
    ) => [row[0], row[1]?.toString().slice(0, 45) ?? null, ...row.slice(2)]),
  );
  assert.match(
    rows[0]!.traceback!,
    /^Traceback[^]*ValueError: boom number 1 on/,
  );
});

// 001: WorkerLost 2 (task 4), DependencyError 1. 002: BadStateException 4 and
// TooManyJobFailuresError 4, of tasks 0 to 3; the .sh.ec of its block is 3.
onLogs("failures() has lost workers, and executors that were given up", [
  failureLogs,
], (db) => {
  assert.deepEqual(
    countsOf(failures(db, { run: "001" })),
    [[
      "WorkerLost",
      "Task failure due to loss of worker N on host …",
      2,
      2,
      1,
      0,
      "task 4",
    ]].map((row) =>
      row.map((it) => typeof it === "string" ? it.slice(0, 45) : it)
    ),
  );
  assert.deepEqual(countsOf(failures(db, { run: "002" })), [[
    "TooManyJobFailuresError",
    "Job is marked as MISSING since the workers fa",
    4,
    8,
    0,
    1,
    "task 0",
  ]]);
});

onLogs("failures() shows as text, with tracebacks folded in a notebook", [
  failureLogs,
], (db) => {
  const rows = failures(db);
  const display = Symbol.for("Jupyter.display") as unknown as keyof object;
  const shown = rows[display] as unknown as () => Record<string, string>;
  const { "text/plain": text = "", "text/html": html = "" } = shown();
  const lines = text.split("\n");
  assert.deepEqual(lines.slice(0, 11), [
    "In 3 runs: 32 tasks failed, 9 of them because another did; 1 block failed.",
    "",
    "Run 000",
    "26 tasks failed, 8 of them because another did.",
    "2026-11-30, times in UTC",
    "",
    "13 failed  ValueError: boom number N on … at …",
    "           10 tries; 8 tasks failed because another did; 0.011 s of workers lost",
    "           apps boom, inc, add and 2 more; on vm; 17:43:18 to 17:43:19",
    "           such as task 12: boom number 1 on /scratch/node1/file1.dat at",
    "           0x7f000001",
  ]);
  assert.ok(lines.every((line) => line.length <= 80));
  assert.doesNotMatch(text, /^ *Traceback \(/m);
  // 000 has 12 causes; that of task 23 has no traceback.
  assert.equal(html.match(/<details>/g)?.length, 11 + 1 + 1);
  assert.match(html, /<pre[^>]*>Traceback \(most recent call last\):/);
  // Rows of another shape are a table.
  const counts = rows.map(({ exception, tries }) => ({ exception, tries }));
  assert.match(
    (counts[display] as unknown as typeof shown)()["text/html"]!,
    /<table/,
  );
});
