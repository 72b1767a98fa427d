import { strict as assert } from "node:assert";
import { eventSequences, statesOverTime, story } from "dnpc/questions";
import { rows } from "./databases.ts";
import { eventTexts, larger, type LogSet, withFiles } from "./logs.ts";
import { measured } from "./metrics.ts";

let seconds = 0;

/** A record of a JSON log, later than the one before. */
const record = (msg: string, members: Record<string, unknown> = {}) =>
  JSON.stringify({ created: 1795908511 + seconds++, msg, ...members }) + "\n";

const run = "11111111-1111-1111-1111-111111111111";

Deno.test("fields of current Parsl: name a task whatever the message says", () =>
  withFiles({
    "000/parsl.jsonlog": [
      record(`Run id is: ${run}`),
      record("Task 0 submitted for App app, not waiting on any dependency", {
        "parsl.dfk": run,
        "parsl.task": "0",
      }),
      record("before submitter lock", { "parsl.dfk": run, "parsl.task": "0" }),
      record("Task 0 is ready", { "parsl.task": 0, "parsl.try": 0 }),
      record("With the result of task 0", { "parsl.task": "1" }),
      record("Task 0 changing state from pending to launched", {
        "parsl.task": "0",
        "parsl.task_state": "launched",
      }),
      record("It is over", {
        "parsl.task": "0",
        "parsl.task_state": "exec_done",
      }),
      record("Using the usual name", { "parsl.dfk": run }),
      record("queue", {
        "parsl.dfk": run,
        "parsl.metric": "pending",
        "parsl.queued_tasks": "17",
        "parsl.try": "1",
      }),
      record("tries", {
        "parsl.task": "1",
        "parsl.metric": "tries",
        "parsl.left": 2,
        lineno: 5,
      }),
    ].join(""),
  }, (db) => {
    const [task, tried] = ["parsl.rundir.task", "parsl.rundir.try"];
    assert.deepEqual(eventTexts(db), [
      "1 parsl.rundir.workflow: Run id is: %s",
      `2 ${task} 0: submitted`,
      `3 ${task} 0: before submitter lock`,
      `4 ${tried} 0/0: Task %s is ready`,
      `5 ${task} 0: With the result of task %s`,
      `5 ${task} 1: With the result of task %s`,
      `6 ${tried} 0/0: launched`,
      `7 ${tried} 0/0: exec_done`,
      "8 parsl.rundir.workflow: Using the usual name",
    ]);
    assert.deepEqual(measured(db), [
      "9 parsl.rundir.workflow: pending queued_tasks 17",
      `10 ${task} 1: tries left 2`,
    ]);
    assert.equal(story(db, { task: "0" }).length, 6);
    const eventTypes = ["before submitter lock", "exec_done"];
    assert.deepEqual(
      db.query(statesOverTime("parsl.rundir.task", { eventTypes }))
        .map(({ state }) => state),
      eventTypes,
    );
    assert.deepEqual(
      eventSequences(db, "parsl.rundir.task", { eventTypes })
        .map(({ event_type }) => event_type),
      eventTypes,
    );
  }));

Deno.test("fields of the prototype: name executors, blocks, managers and workers", () =>
  withFiles({
    "000/parsl.jsonlog": [
      record("growing", { parsl_executor: "htex", count: "1" }),
      record("new status", {
        parsl_executor: "htex",
        block_id: "0",
        job_id: "1641",
        status: "PENDING",
      }),
      record("a number is given", { htex_task_id: "7" }),
      record("off it goes", {
        parsl_task_id: "5",
        parsl_try_id: "1",
        parsl_executor: "htex",
        parsl_executor_id: "7",
      }),
      record("elsewhere", { htex_task_id: "7", parsl_executor: "beta" }),
    ].join(""),
    "000/htex/interchange.jsonlog": [
      record("Manager b'abc': registration info: {'block_id': '0'}"),
      record("hello", { manager_id: "b'abc'" }),
      record("one more", { htex_task_id: "7", manager_id: "b'abc'" }),
    ].join(""),
    "000/htex/block-0/abc/manager.jsonlog": [
      record("to a worker", { htex_task_id: "7" }),
      record("fresh", { worker_id: "1" }),
    ].join(""),
    "000/htex/block-0/abc/worker_1.jsonlog": [
      record("got it", { htex_task_id: "7", worker_id: "1" }),
      record("idle", { worker_id: "1" }),
      record("watched", { parsl_task_id: "5", parsl_try_id: "1" }),
    ].join(""),
  }, (db) => {
    const htex = "parsl.executor.htex";
    assert.deepEqual(eventTexts(db).toSorted(), [
      "1 parsl.executor htex: growing",
      `1 ${htex}.manager htex/0/abc: Manager %s: registration info: {%s}`,
      `1 ${htex}.manager.task htex/0/abc/7: to a worker`,
      `1 ${htex}.worker.task htex/0/abc/1/7: got it`,
      "2 parsl.executor.block htex/0: PENDING",
      `2 ${htex}.manager htex/0/abc: hello`,
      `2 ${htex}.worker htex/0/abc/1: fresh`,
      `2 ${htex}.worker htex/0/abc/1: idle`,
      `3 ${htex}.interchange.task htex/7: one more`,
      `3 ${htex}.submit.task htex/7: a number is given`,
      "3 parsl.rundir.try 5/1: watched",
      "4 parsl.rundir.try 5/1: off it goes",
      `5 ${htex}.submit.task beta/7: elsewhere`,
    ]);
    // All of them once, and nothing of the manager's own.
    assert.equal(story(db, { task: "5" }).length, 6);
  }));

Deno.test("fields: a value that names nothing is none", () =>
  withFiles({
    "000/parsl.jsonlog": ["None", "", "1.5", "x", "9".repeat(2000), true, {}]
      .map((task) => record("who", { "parsl.task": task })).join("") +
      record("it", { "parsl.task": "007", "parsl.try": "00" }),
  }, (db, { sources: [source] }) => {
    assert.deepEqual(eventTexts(db), ["8 parsl.rundir.try 7/0: it"]);
    assert.deepEqual([source!.matched, source!.unmatched], [1, 7]);
  }));

Deno.test("fields: a record belongs to the run that it names", () =>
  withFiles({
    "000/parsl.jsonlog": [
      record("Run id is: one"),
      record("Run id is: two"),
      record("late", { "parsl.dfk": "one", "parsl.task": "3" }),
      record("in time", { "parsl.dfk": "two", "parsl.task": "3" }),
    ].join(""),
  }, (db) =>
    assert.deepEqual(
      rows(
        db,
        `SELECT span.attributes ->> 'run', event.type
         FROM event JOIN span ON span.id = span_id
         WHERE span.type = 'parsl.rundir.task' ORDER BY line`,
      ),
      [["one", "late"], ["two", "in time"]],
    )));

Deno.test("fields: a record of an earlier run is a copy in the log of the next", () => {
  const late = record("late", { "parsl.dfk": "one", "parsl.task": "3" });
  const second = record("Run id is: two");
  return withFiles({
    "000/parsl.jsonlog": record("Run id is: one") + late + second,
    "001/parsl.jsonlog": late + second,
    "002/parsl.jsonlog": record("its start is lost", { "parsl.dfk": "three" }),
  }, (db, { sources }) => {
    assert.deepEqual(
      rows(
        db,
        `SELECT span.attributes ->> 'run', event.type
         FROM event JOIN span ON span.id = span_id ORDER BY 1, 2`,
      ),
      [
        ["one", "Run id is: one"],
        ["one", "late"],
        ["three", "its start is lost"],
        ["two", "Run id is: two"],
      ],
    );
    assert.deepEqual(sources.map(({ copies }) => copies), [1, 1, 0]);
  });
});

const head = larger("head-json");
Deno.test({
  name: "fields of current Parsl: describe the run",
  ignore: head.ignore,
  fn: () =>
    withFiles({
      "000/parsl.jsonlog": Deno.readTextFileSync(
        `${head.path}/000/parsl.jsonlog`,
      ),
    }, (db) =>
      assert.deepEqual(
        // sqlite3 monitoring.db "SELECT workflow_name, host, user FROM workflow"
        rows(db, "SELECT workflow, host, user FROM run"),
        [["sample-head-json", "vm", "root"]],
      )),
});

/** A log of a set, in which no message says anything. */
const mute = ({ path }: LogSet, log: string): string =>
  Deno.readTextFileSync(`${path}/000/${log}`).trimEnd().split("\n")
    .map((line) => JSON.parse(line))
    .map((members) => {
      const { wrap_id: _, ...rest } = members;
      return JSON.stringify({ ...rest, msg: "x", formatted: "x" }) + "\n";
    }).join("");

Deno.test({
  name: "fields of current Parsl: give all states without any message",
  ignore: head.ignore,
  fn: () =>
    withFiles(
      { "000/parsl.jsonlog": mute(head, "parsl.jsonlog") },
      (db) =>
        assert.deepEqual(
          rows(
            db,
            `SELECT event.type, count(*) FROM event
           JOIN span ON span.id = span_id
           WHERE span.type = 'parsl.rundir.try' GROUP BY 1 ORDER BY 1`,
          ),
          // jq -r '."parsl.task_state" // empty' parsl.jsonlog | sort | uniq -c
          [
            ["dep_fail", 4],
            ["exec_done", 176],
            ["fail_retryable", 24],
            ["failed", 6],
            ["joining", 6],
            ["launched", 206],
            ["memo_done", 11],
            ["pending", 221],
          ],
        ),
    ),
});

const prototype = larger("obs-wf");
Deno.test({
  name: "fields of the prototype: give all spans without any message",
  ignore: prototype.ignore,
  fn: () =>
    withFiles({
      "000/parsl.jsonlog": mute(prototype, "parsl.jsonlog"),
      "000/htex_Local/interchange.jsonlog": mute(
        prototype,
        "htex_Local/interchange.jsonlog",
      ),
    }, (db) => {
      assert.deepEqual(
        rows(
          db,
          `SELECT span.type, count(*), count(DISTINCT span.id) FROM event
           JOIN span ON span.id = span_id GROUP BY 1 ORDER BY 1`,
        ),
        // Counted in Python: records of the interchange with htex_task_id, and with
        // manager_id but neither this nor metric; of parsl.jsonlog with block_id,
        // htex_task_id, parsl_try_id, with parsl_task_id but no parsl_try_id, and
        // with parsl_dfk but none of these; 625 whose logger is zmq_pipes.
        [
          ["parsl.executor", 1, 1],
          ["parsl.executor.block", 4, 1],
          ["parsl.executor.htex.interchange.task", 600, 200],
          ["parsl.executor.htex.manager", 413, 1],
          ["parsl.executor.htex.submit.task", 400, 200],
          ["parsl.rundir.task", 4711, 197],
          ["parsl.rundir.try", 206, 206],
          ["parsl.rundir.workflow", 38 + 625, 1],
        ],
      );
    }),
});
