// TaskVine's tasks are related to tries by the functions of Parsl's executor.

import { strict as assert } from "node:assert";
import type { Database } from "dnpc/sql";
import { rows } from "./databases.ts";
import { withFiles } from "./logs.ts";

const directory = "/tmp/my-vine-me-20261130123304308060-betak04s";
const line = (message: string, logger = "parsl.dataflow.dflow") =>
  `1796041984.3 2026-11-30 12:33:04 MainProcess-1 MainThread-2 ${logger}:1 f INFO: ${message}\n`;
const parslLog = (functions: string) =>
  line("Run id is: r1") +
  line("Adding executor my-vine of type T") +
  line(
    `Function data directory: ${functions}, log directory: /home/me/runinfo/000/my-vine`,
    "parsl.executors.taskvine.executor",
  ) +
  line("Parsl task 7 try 1 launched on executor my-vine with executor id 16");

const graph = (...lines: string[]) =>
  ["# taskvine taskgraph version 2", ...lines, ""].join("\n");
const graphPath = "my-vine/2026-11-30T123305/vine-logs/taskgraph";

const executorTasks = (db: Database, type = "taskvine.graph.task") =>
  rows(
    db,
    `SELECT attributes ->> 'taskvine_task', attributes ->> 'executor_task',
       attributes ->> 'task', attributes ->> 'try'
     FROM span WHERE type = '${type}' ORDER BY 1`,
  );

Deno.test("taskgraph: an input that is an executor's function gives the try", () =>
  withFiles({
    "000/parsl.log": parslLog(directory),
    [graphPath]: graph(
      `FILE file-meta-a "${directory}/0016/function" 9`,
      `FILE file-meta-b "/home/me/0003/function" 9`,
      `FILE file-meta-c "${directory}/0016/argument" 9`,
      `TASK T3 "python3" INPUTS file-meta-a file-meta-c OUTPUTS `,
      `TASK T4 "python3" INPUTS file-meta-b OUTPUTS `,
    ),
  }, (db) =>
    assert.deepEqual(executorTasks(db), [
      ["3", "16", "7", "1"],
      ["4", null, null, null],
    ])));

Deno.test("taskgraph: a file that is several functions gives no try", () =>
  withFiles({
    "000/parsl.log": parslLog(directory),
    [graphPath]: graph(
      `FILE file-md5-a "${directory}/0016/function" 9`,
      `FILE file-md5-a "${directory}/0017/function" 9`,
      `TASK T3 "python3" INPUTS file-md5-a OUTPUTS `,
    ),
  }, (db) => assert.deepEqual(executorTasks(db), [["3", null, null, null]])));

Deno.test("taskgraph: functions of two executors in one log are a contradiction", () =>
  withFiles({
    "000/parsl.log": parslLog(directory),
    "001/parsl.log": parslLog(`${directory}2`).replace("r1", "r2")
      .replace("betak04s2", "other000"),
    [graphPath]: graph(
      `FILE file-meta-a "${directory}/0016/function" 9`,
      `FILE file-meta-b "${
        directory.replace("betak04s", "other000")
      }/0016/function" 9`,
      `TASK T3 "python3" INPUTS file-meta-a OUTPUTS `,
      `TASK T4 "python3" INPUTS file-meta-b OUTPUTS `,
    ),
    "my-vine/2026-11-30T123305/vine-logs/transactions":
      "1796041985458063 25982 TASK 3 READY sleeper FIRST_RESOURCES 1 {}\n",
  }, (db, { bindings: { contradictions } }) => {
    assert.ok(
      contradictions.some(({ rule }) =>
        rule === "implies: rundir, executor => function_data"
      ),
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'run' FROM span WHERE type = 'taskvine.task'`,
      ),
      [[null]],
    );
  }));

Deno.test("TaskVine's logs in a run directory are of its tries, without the functions", () =>
  withFiles({
    "000/parsl.log": parslLog(directory).replace(
      /.*Function data.*\n/,
      line(
        "Executor task 16 submitted as TaskVine task with id 3",
        "parsl.executors.taskvine.executor",
      ),
    ),
    "000/my-vine/2026-11-30T123305/vine-logs/transactions":
      "1796041985458063 25982 TASK 3 READY sleeper FIRST_RESOURCES 1 {}\n" +
      "1796041985458064 25982 TASK 4 READY sleeper FIRST_RESOURCES 1 {}\n",
  }, (db) =>
    assert.deepEqual(executorTasks(db, "taskvine.task"), [
      ["3", "16", "7", "1"],
      ["4", null, null, null],
    ])));

const debugPath = "my-vine/2026-11-30T123305/vine-logs/debug";
const debug = (...messages: string[]) =>
  messages.map((message) =>
    `2026/11/30 12:33:09.33 vine_manager[25982]vine: ${message}\n`
  ).join("");
const needs = (worker: string, number: string) =>
  `node1 (${worker}) needs file ${directory}/${number}/function as function`;
const sends = (worker: string, task: number) =>
  `tx to node1 (${worker}): task ${task}`;

for (
  const [claim, messages, expected] of [
    [
      "a task is sent after the function that its worker needs",
      [needs("h:1", "0016"), needs("h:2", "0017"), sends("h:1", 3)],
      [["3", "16", "7", "1"]],
    ],
    [
      "a task without a function, as a library, is of no executor",
      [sends("h:1", 3), needs("h:2", "0016"), sends("h:1", 4)],
      [],
    ],
    [
      "a worker that left needs nothing",
      [needs("h:1", "0016"), "worker node1 (h:1) removed", sends("h:1", 3)],
      [],
    ],
    [
      "a task that was sent with two functions is of neither",
      ["0016", "0017"].flatMap((number) => [
        needs("h:1", number),
        sends("h:1", 3),
      ]),
      [],
    ],
  ] as const
) {
  Deno.test(`TaskVine's debug: ${claim}`, () =>
    withFiles({
      "000/parsl.log": parslLog(directory),
      [debugPath]: debug(...messages),
    }, (db, { sources }) => {
      const log = sources.find(({ importer }) => importer === "debug")!;
      assert.equal(log.matched, messages.length);
      assert.deepEqual(
        executorTasks(db, "taskvine.task"),
        expected.map((row) => [...row]),
      );
    }));
}

Deno.test("TaskVine's debug: a contradiction with taskgraph binds nothing", () =>
  withFiles({
    "000/parsl.log": parslLog(directory),
    [graphPath]: graph(
      `FILE file-meta-a "${directory}/0016/function" 9`,
      `TASK T3 "python3" INPUTS file-meta-a OUTPUTS `,
    ),
    [debugPath]: debug(needs("h:1", "0017"), sends("h:1", 3)),
  }, (db, { bindings: { contradictions } }) => {
    assert.ok(
      contradictions.some(({ rule, on }) =>
        rule === "implies: rundir, executor, taskvine_task => executor_task" &&
        on.taskvine_task === "3"
      ),
    );
    const bound = rows(
      db,
      `SELECT count(*) FROM subspan JOIN span ON span.id = subspan_id
       WHERE type = 'taskvine.task'`,
    );
    assert.deepEqual(bound, [[0]]);
  }));
