// Over 300 lines: both dialects of one log.

import { assertLinear } from "./growth.ts";
import { strict as assert } from "node:assert";
import { importTaskVineLog } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { rows } from "./databases.ts";
import {
  attributesOf,
  countLines,
  eventTexts,
  type Files,
  larger,
  onLogs,
  taskVineLogs,
  withFiles,
  wqLogs,
} from "./logs.ts";

const time = "1795344285281734 11743";
const lines = (...messages: string[]): Files => ({
  "000/wq/transaction_log": messages.map((line) => `${time} ${line}\n`).join(
    "",
  ),
});

/** Attributes of events in line order. */
const attributesByLine = (db: Parameters<typeof rows>[0]) =>
  rows(db, "SELECT attributes FROM event ORDER BY line")
    .map(([text]) => text && JSON.parse(String(text)));

Deno.test("transaction_log: a transfer is an event of its task", () =>
  withFiles(
    lines(
      "TRANSFER INPUT 41 1 0.004386 0.000071 my {data}.csv",
      "TRANSFER OUTPUT 41 0 1.500000 2.000000 result",
    ),
    (db) => {
      assert.deepEqual(eventTexts(db), [
        "1 workqueue.task wq/41: TRANSFER_INPUT",
        "2 workqueue.task wq/41: TRANSFER_OUTPUT",
      ]);
      assert.deepEqual(attributesByLine(db), [
        {
          cache_flag: "1",
          filename: "my {data}.csv",
          bytes: 4599,
          seconds: 0.000071,
        },
        {
          cache_flag: "0",
          filename: "result",
          bytes: 1.5 * 2 ** 20,
          seconds: 2,
        },
      ]);
    },
  ));

Deno.test("transaction_log: a line with JSON nested too deeply for SQLite is malformed", () => {
  const deep = `{"a":${"[".repeat(1200)}${"]".repeat(1200)}}`;
  return withFiles(
    lines(
      `TASK 7 WAITING top FIRST_RESOURCES ${deep}`,
      `WORKER worker-1 127.0.0.1:60920 RESOURCES ${deep}`,
      "TASK 7 DONE SUCCESS 0",
    ),
    (db, { sources: [source] }) => {
      assert.deepEqual(source!.malformedLines, [1, 2]);
      assert.deepEqual(eventTexts(db), ["3 workqueue.task wq/7: DONE"]);
    },
  );
});

Deno.test("transaction_log: a line of many spaces is read in linear time", () =>
  assertLinear((size) => {
    const spaces = " ".repeat(size);
    return withFiles(
      lines(
        `TASK 7 WAITING top${spaces}most FIRST_RESOURCES 1 {}`,
        `TASK 7 WAITING top${spaces}FIRST_RESOURCES${spaces}2 {}`,
        "TASK 7 WAITING FIRST_RESOURCES",
      ),
      (db) => {
        assert.deepEqual(attributesByLine(db), [
          {
            category: `top${spaces}most`,
            allocation: "FIRST_RESOURCES",
            attempt_number: "1",
          },
          {
            category: "top",
            allocation: "FIRST_RESOURCES",
            attempt_number: "2",
          },
          { category: "FIRST_RESOURCES" },
        ]);
      },
    );
  }, 25_000));

Deno.test("transaction_log: a category has limits and contains tasks", () =>
  withFiles(
    lines(
      'CATEGORY my top MAX {"cores":[4,"cores"]}',
      "CATEGORY my top MIN {}",
      'CATEGORY my top FIRST MAX_THROUGHPUT {"cores":[1,"cores"]}',
      "TASK 7 WAITING my top FIRST_RESOURCES {}",
    ),
    (db) => {
      const category = "workqueue.category wq/my top";
      assert.deepEqual(eventTexts(db), [
        `1 ${category}: MAX`,
        `2 ${category}: MIN`,
        `3 ${category}: FIRST`,
        "4 workqueue.task wq/7: WAITING",
      ]);
      assert.deepEqual(attributesByLine(db).slice(0, 3), [
        { resources: { cores: [4, "cores"] } },
        null,
        {
          allocation_mode: "MAX_THROUGHPUT",
          resources: { cores: [1, "cores"] },
        },
      ]);
      assert.deepEqual(
        rows(
          db,
          `SELECT o.type, subspan.key FROM subspan
           JOIN span o ON o.id = superspan_id
           JOIN rule ON rule.id = rule_id WHERE text LIKE '%> workqueue.task%'`,
        ),
        [["workqueue.category", "7"]],
      );
    },
  ));

Deno.test("transaction_log: a task has its limits, its usage and its result", () =>
  withFiles(
    lines(
      'TASK 7 WAITING top MAX_RESOURCES {"memory":[1,"MB"]}',
      'TASK 7 RUNNING 10.0.0.1:9  MAX_RESOURCES {"memory":[2,"MB"]}',
      'TASK 7 RETRIEVED RESOURCE_EXHAUSTION  -1  {"memory":[2,"MB"]} {"memory":[3,"MB"],"wall_time":[0.5,"s"]}',
      "TASK 8 CANCELED",
      "TASK 9 WAITING_RETRIEVAL",
    ),
    (db) => {
      const [first] = attributesOf(db, "workqueue.task");
      assert.deepEqual(first, {
        executor: "wq",
        workqueue_task: "7",
        manager_pid: "11743",
        category: "top",
        address: "10.0.0.1:9",
        resources_requested: { memory: [1, "MB"] },
        memory_requested_mb: 1,
        resources_allocated: { memory: [2, "MB"] },
        memory_mb: 2,
        result: "RESOURCE_EXHAUSTION",
        exit_code: "-1",
        limits_exceeded: { memory: [2, "MB"] },
        resources_measured: { memory: [3, "MB"], wall_time: [0.5, "s"] },
        memory_measured_mb: 3,
      });
      assert.deepEqual(attributesByLine(db).slice(3), [null, null]);
    },
  ));

Deno.test("transaction_log: MASTER, as logs until 2020 say, is the manager", () =>
  withFiles(
    lines("MASTER START"),
    (db) => assert.deepEqual(eventTexts(db), ["1 workqueue.manager wq: START"]),
  ));

Deno.test("transaction_log: truncated JSON is malformed, unknown words are unmatched", () =>
  withFiles(
    lines(
      'TASK 7 WAITING top FIRST_RESOURCES {"memory":[1,"M',
      "TASK seven WAITING top FIRST_RESOURCES {}",
      "WORKER worker-a DANCES",
      "TRANSFER SIDEWAYS 1 1 1.0 1.0 x",
      "CATEGORY top MEDIAN {}",
      "toString START",
      "UNHEARD of",
    ),
    (db, { sources: [source] }) => {
      assert.deepEqual(eventTexts(db), []);
      assert.deepEqual(source!.malformedLines, [1, 6]);
      assert.equal(source!.unmatched, 5);
    },
  ));

onLogs(
  "importRuninfo() reads each line of a transaction_log",
  [wqLogs, larger("wq-2023"), larger("desc-wq")],
  (db, { path }, { sources }) => {
    const log = `${path}/000/WorkQueueExecutor/transaction_log`;
    const source = sources.find((source) => source.path === log)!;
    assert.equal(source.matched, countLines(log, /^\d/));
    assert.equal(source.unmatched + source.malformed, 0);
    const states = rows(
      db,
      `SELECT event.type, count(*) FROM event JOIN span ON span.id = span_id
       WHERE span.type = 'workqueue.task' AND named GROUP BY 1`,
    );
    assert.equal(states.length, 5);
    for (const [state, count] of states) {
      assert.equal(count, countLines(log, new RegExp(` TASK \\d+ ${state} `)));
    }
    const exits = rows(
      db,
      `SELECT attributes ->> 'exit_code', count(*) FROM span
       WHERE type = 'workqueue.task' GROUP BY 1`,
    );
    assert.deepEqual(exits, [["0", countLines(log, / DONE SUCCESS {2}0 /)]]);
  },
);

onLogs(
  "importRuninfo() reads TaskVine's transactions",
  [taskVineLogs],
  (db) => {
    assert.deepEqual(
      eventTexts(db).map((event) =>
        event.replace(/^\d+ taskvine\./, "").replace(
          /TaskVineExecutor\/| TaskVineExecutor(?=:)/,
          "",
        )
      ),
      [
        "manager: START",
        "category parsl-default: MAX",
        "category parsl-default: MIN",
        "category parsl-default: FIRST",
        "task 1: WAITING",
        "manager: APPLICATION",
        "worker worker-aaaa: CONNECTION",
        "worker worker-aaaa: RESOURCES",
        "worker worker-aaaa: TRANSFER_INPUT",
        "worker worker-aaaa: CACHE_UPDATE",
        "library 3: SENT",
        "library 3: STARTED",
        "task 1: RUNNING",
        "worker worker-aaaa: DISCONNECTION",
        "task 1: WAITING",
        "worker worker-bbbb: CONNECTION",
        "task 1: RUNNING",
        "task 1: WAITING_RETRIEVAL",
        "worker worker-bbbb: TRANSFER_OUTPUT",
        "task 1: RETRIEVED",
        "task 1: DONE",
        "manager: END",
      ],
    );
    assert.deepEqual(attributesOf(db, "taskvine.task"), [{
      executor: "TaskVineExecutor",
      taskvine_task: "1",
      manager_pid: "4711",
      category: "parsl-default",
      attempt_number: "2",
      worker: "worker-bbbb",
      // On the first worker.
      library: "3",
      result: "SUCCESS",
      exit_code: "0",
      resources_requested: { cores: [1, "cores"] },
      cores_requested: 1,
      resources_allocated: { cores: [4, "cores"], memory: [4000, "MB"] },
      cores: 4,
      memory_mb: 4000,
      resources_measured: { cores: [1, "cores"], wall_time: [0.62, "s"] },
      cores_measured: 1,
    }]);
  },
);

const vine = (message: string) =>
  "1795344290.000000 2026-11-22 10:44:50 MainProcess-1 MainThread-2 " +
  `parsl.executors.taskvine.executor:9 submit DEBUG: ${message}\n`;

const transactions = `${time} TASK 4 DONE SUCCESS 0\n`;

Deno.test("importRuninfo() binds TaskVine's tasks by parsl.log", () =>
  withFiles({
    "000/parsl.log": [
      "Creating executor task 3 with function at: /f, argument at: /a,                 and result to be found at: /r",
      "Placing task 3 on message queue",
      "Parsl task 0 try 0 launched on executor vine with executor id 3",
      "Executor task 3 submitted as TaskVine task with id 4",
      "Updating Future for Parsl Task: 3. Task 3 has result_received set to True",
    ].map(vine).join(""),
    "000/vine/2026-11-22T10:44:45/vine-logs/transactions": transactions,
  }, (db, { bindings }) => {
    const type = "parsl.executors.taskvine.executor_task";
    assert.deepEqual(eventTexts(db), [
      `1 ${type} vine/3: Creating executor task %s with function at: %s, argument at: %s,                 and result to be found at: %s`,
      `2 ${type} vine/3: executor_submitted`,
      "3 parsl.rundir.try 0/0: launched",
      `4 ${type} vine/3: Executor task %s submitted as TaskVine task with id %s`,
      `5 ${type} vine/3: executor_completed`,
      "1 taskvine.task vine/4: DONE",
    ]);
    assert.deepEqual(
      rows(
        db,
        `SELECT outer_.type AS one, inner_.type AS other FROM subspan
         JOIN span outer_ ON outer_.id = superspan_id
         JOIN span inner_ ON inner_.id = subspan_id
         WHERE inner_.type LIKE '%taskvine%' ORDER BY 1`,
      ),
      [[type, "taskvine.task"], ["parsl.rundir.try", type]],
    );
    assert.equal(bindings.contradicted, 0);
  }));

Deno.test("importTaskVineLog() keeps managers outside of run directories apart", () =>
  withFiles({
    "vine/2026-11-22T10:44:45/vine-logs/transactions": transactions,
    "vine/2026-11-22T11:00:00/vine-logs/transactions": transactions +
      transactions,
  }, async (_, __, folder) => {
    using db = await openDatabase();
    await importTaskVineLog(db, folder);
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'rundir', attributes ->> 'executor'
         FROM span WHERE type = 'taskvine.task' ORDER BY 1`,
      ),
      [
        [`${folder}/vine/2026-11-22T10:44:45`, "vine"],
        [`${folder}/vine/2026-11-22T11:00:00`, "vine"],
      ],
    );
  }));
