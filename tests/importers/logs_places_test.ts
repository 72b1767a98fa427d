import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import {
  attributesOf,
  filesNamed,
  reached,
  tzLogs,
  withFiles,
} from "./logs.ts";

// Any file may be missing, and a path may contain anything.

const unix = (message: string) =>
  `1795344042.048852 2026-11-22 10:40:42 MainProcess-1 MainThread-2 a.b:1 f DEBUG: ${message}\n`;

/** The logs of the fixture whose names match, by path. */
const logsNamed = (name: RegExp) =>
  Object.fromEntries(
    filesNamed(tzLogs.path, name).map((path) => [
      path.slice(tzLogs.path.length + 1),
      Deno.readFileSync(path),
    ]),
  );

const newYork = { timeZone: "America/New_York" };

const alone: [name: RegExp, spans: unknown[][]][] = [
  [/^worker_\d\.log$/, [
    ["parsl.executor.htex.worker", 2],
    ["parsl.executor.htex.worker.task", 63],
  ]],
  [/^interchange\.log$/, [
    ["parsl.executor", 1],
    ["parsl.executor.htex.interchange.task", 63],
    ["parsl.executor.htex.manager", 1],
  ]],
  [/^manager\.log$/, [
    ["parsl.executor.htex.manager", 1],
    ["parsl.executor.htex.manager.task", 63],
  ]],
  [/^parsl\.log$/, [
    ["parsl.executor", 2],
    ["parsl.executor.block", 1],
    ["parsl.rundir.task", 62],
    ["parsl.rundir.try", 70],
    ["parsl.rundir.workflow", 1],
  ]],
];

for (const [name, spans] of alone) {
  Deno.test(`importRuninfo() reads ${name.source} without other logs`, () =>
    withFiles(logsNamed(name), (db, { bindings }) => {
      assert.deepEqual(
        rows(db, "SELECT type, count(*) FROM span GROUP BY type ORDER BY type"),
        spans,
      );
      assert.equal(bindings.contradicted, 0);
    }, newYork));
}

const labels = [
  "my executor",
  "Ausführer №5 任务",
  "100% sure",
  "a%2Fb",
  "it's",
  "with executor id",
  "-x.y_z-",
  "site/größe/htex",
];

/** A run of one try on an executor and its logs. */
const runOn = (label: string, task: number) => ({
  parsl: unix(`Adding executor ${label}`) +
    unix(`Task ${task} changing state from pending to launched`) +
    unix(
      `Parsl task ${task} try 0 launched on executor ${label} with executor id 1`,
    ),
  [`000/${label}/interchange.log`]: unix("Put task 1 onto pending_task_queue") +
    unix(`Executor is ${label}`),
  [`000/${label}/block-0/abc/manager.log`]:
    unix("Got executor tasks: [1], cumulative count of tasks: 1") +
    unix(`Executor is ${label}`),
  [`000/${label}/block-0/abc/worker_0.log`]: unix("Received executor task 1") +
    unix(`Executor is ${label}`),
});

for (const label of labels) {
  Deno.test(`importRuninfo() accepts the executor label ${label}`, () => {
    const { parsl, ...logs } = runOn(label, 5);
    return withFiles({ "000/parsl.log": parsl!, ...logs }, (db) => {
      const found = rows(
        db,
        `${reached} SELECT span.type, span.attributes ->> 'executor' FROM reached
         JOIN span ON span.id = reached.id ORDER BY type`,
      );
      assert.deepEqual(found, [
        ["parsl.executor.htex.interchange.task", label],
        ["parsl.executor.htex.manager.task", label],
        ["parsl.executor.htex.worker.task", label],
      ]);
      assert.deepEqual(attributesOf(db, "parsl.executor"), [
        { executor: label },
      ]);
    });
  });
}

Deno.test("importRuninfo() keeps two executors with equal task numbers apart", () => {
  const { parsl, ...logs } = runOn("one", 5);
  const { parsl: otherParsl, ...otherLogs } = runOn("two", 7);
  const files = {
    "000/parsl.log": parsl! + otherParsl!,
    ...logs,
    ...otherLogs,
  };
  return withFiles(files, (db) =>
    assert.deepEqual(
      rows(
        db,
        `${reached}
         SELECT t.attributes ->> 'task' AS task, s.attributes ->> 'executor',
           count(*) AS n
         FROM reached JOIN span t ON t.id = try_id
         JOIN span s ON s.id = reached.id GROUP BY 1, 2 ORDER BY 1`,
      ),
      [["5", "one", 3], ["7", "two", 3]],
    ));
});

const places: [path: string, block: string | undefined, manager: string][] = [
  ["000/htex/block-0/4c57/worker_3.log", "0", "4c57"],
  ["000/htex/block-any name/m é/worker_3.log", "any name", "m é"],
  ["000/htex/block-block-1/4c57/worker_3.log", "block-1", "4c57"],
  ["000/htex/block-/4c57/worker_3.log", "", "4c57"],
  ["000/htex/4c57/worker_3.log", undefined, "4c57"],
];

for (const [path, block, manager] of places) {
  Deno.test(`importRuninfo() reads executor, block, manager and worker from the path ${path}`, () =>
    withFiles({ [path]: unix("Received executor task 1") }, (db, _, folder) => {
      const [span] = rows(
        db,
        `SELECT attributes ->> 'rundir', attributes ->> 'executor' AS executor,
           attributes ->> 'block' AS block, attributes ->> 'manager' AS manager,
           attributes ->> 'worker' AS worker
         FROM span WHERE type = 'parsl.executor.htex.worker.task'`,
      );
      assert.deepEqual(span, [
        `${folder}/000`,
        "htex",
        block ?? "",
        manager,
        "3",
      ]);
    }));
}

Deno.test("importRuninfo() ignores a file that has the name of a log but not its format", () =>
  withFiles({
    "000/parsl.log": "notes of mine\n",
    "000/htex/interchange.log": Uint8Array.from({ length: 9000 }, (_, i) => i),
    "000/htex/worker_0.log": "1795344042 is a number\n",
  }, (_, { sources, notRead }) => {
    assert.deepEqual(sources, []);
    assert.equal(notRead.length, 3);
  }));

Deno.test("importRuninfo() recognizes a log with a damaged start", () =>
  withFiles({
    "000/parsl.log": "\0".repeat(300_000) + "\n" +
      unix("Task 5 changing state from launched to exec_done"),
    "000/htex/interchange.log": "x".repeat(5_000_000) + "\n" +
      unix("Put task 1 onto pending_task_queue"),
  }, (db, { sources }) => {
    const sql =
      "SELECT line, offset FROM event WHERE time IS NOT NULL ORDER BY time";
    assert.deepEqual(rows(db, sql), [[2, 300_001], [2, 5_000_001]]);
    assert.deepEqual(sources.map(({ malformed }) => malformed), [1, 0]);
  }));
