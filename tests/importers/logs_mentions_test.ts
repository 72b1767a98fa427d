import assert from "node:assert/strict";
import { attributesOf, withFiles } from "./logs.ts";

const line = (message: string, logger = "dataflow.dflow") =>
  "1795341601.000000 2026-11-22 10:00:01 MainProcess-1 MainThread-1 " +
  `parsl.${logger}:1 f INFO: ${message}\n`;

const spansOf = (files: Record<string, string>, expected: readonly string[]) =>
  withFiles(files, (db) => {
    const spans = db.query<{ type: string; key: string }>(
      "SELECT type, key FROM span ORDER BY type, key",
    ).map(({ type, key }) => `${type} ${key.split("/").slice(1).join("/")}`);
    assert.deepEqual(spans, expected);
  });

const texts = [
  "task 99999 of night 3",
  "executor task 5",
  "Task 7: failed after 2 retry attempts",
  "METRIC STRATEGY htex active_tasks=3",
];

Deno.test("parsl.log: text of the user names no task of Parsl", () =>
  spansOf({
    "000/parsl.log": line("Task 0 changing state from pending to launched") +
      texts.map((text) =>
        line(
          `Pushing function <function f at 0x7f> to queue with args ('${text}',)`,
        ) +
        line(`Standard out for task 0 will be redirected to /home/${text}`)
      ).join(""),
  }, [
    "parsl.rundir.task 0",
    "parsl.rundir.try 0/0",
    "parsl.rundir.workflow ",
  ]));

Deno.test("parsl.log: a task that others mention first is not lost", () =>
  withFiles({
    "000/parsl.log": line("Standard out for task 5 will not be redirected.") +
      line("Task 5 changing state from pending to launched") +
      line("Standard out for task 5 will not be redirected."),
  }, (db) =>
    assert.deepEqual(
      db.query<{ line: number }>(
        "SELECT line FROM event WHERE NOT named ORDER BY id",
      ).map(({ line }) => line),
      [3],
    )));

const pool = (message: string) =>
  line(message, "executors.high_throughput.process_worker_pool");

Deno.test("logs of the executor: a mention makes no task", () =>
  spansOf({
    "000/htex/interchange.log": [
      "Lost the result of task 8",
      "Put task 5 onto pending_task_queue",
    ].map((message) => line(message, "executors.high_throughput.interchange"))
      .join(""),
    "000/htex/block-0/4c57/manager.log": pool("No room for executor task 8"),
    "000/htex/block-0/4c57/worker_1.log":
      (pool("Received executor task 5") + pool("The user says: task 9"))
        .replaceAll("MainProcess", "HTEX-Worker-1"),
  }, [
    "parsl.executor.htex.interchange.task htex/5",
    "parsl.executor.htex.manager htex/0/4c57",
    "parsl.executor.htex.worker.task htex/0/4c57/1/5",
  ]));

const apps: Record<string, [app: string, depends?: string[]]> = {
  "solve, then plot, not waiting on any dependency": ["solve, then plot"],
  "x, waiting on task 0, not waiting on any dependency": [
    "x, waiting on task 0",
  ],
  "x, waiting on task 0, waiting on task 1, DataFuture from task 2": [
    "x, waiting on task 0",
    ["1", "2"],
  ],
  "two\nlines, waiting on task 3": ["two\nlines", ["3"]],
  "old, waiting on tasks [4]": ["old", ["4"]],
  "f, in other words": ["f"],
};

Deno.test("parsl.log: the name of an app is everything before the dependencies", () =>
  withFiles({
    "000/parsl.log": Object.keys(apps).map((text, i) =>
      line(`Task ${i} submitted for App ${text}`)
    ).join(""),
  }, (db) =>
    assert.deepEqual(
      attributesOf(db, "parsl.rundir.task")
        .map(({ app, depends }) => depends ? [app, depends] : [app]),
      Object.values(apps),
    )));
