import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { assertLinear } from "./growth.ts";
import { attributesOf, eventTexts, type Files, withFiles } from "./logs.ts";

Deno.test("transactions: a task with resources is not in the library of its worker", () =>
  withFiles({
    "vine-logs/transactions": [
      "TASK 9 RUNNING worker-a  FIRST_RESOURCES {}",
      "LIBRARY 9 STARTED worker-a",
      'TASK 1 READY call FIRST_RESOURCES 1 {"cores":[1,"cores"]}',
      'TASK 1 RUNNING worker-a  FIRST_RESOURCES {"cores":[0,"cores"]}',
      'TASK 2 READY plain FIRST_RESOURCES 1 {"cores":[1,"cores"]}',
      'TASK 2 RUNNING worker-a  FIRST_RESOURCES {"cores":[1,"cores"]}',
      "LIBRARY 10 STARTED worker-a",
      'TASK 3 READY call FIRST_RESOURCES 1 {"cores":[1,"cores"]}',
      'TASK 3 RUNNING worker-a  FIRST_RESOURCES {"cores":[0,"cores"]}',
    ].map((line, i) => `179534428528173${i} 7 ${line}\n`).join(""),
  }, (db) => {
    // The third could be in either of two.
    assert.deepEqual(
      attributesOf(db, "taskvine.task").map(({ library }) => library),
      ["9", undefined, undefined],
    );
  }));

Deno.test("transactions: a task that never waited is a task without a library's line", () =>
  withFiles({
    "vine-logs/transactions": [
      "TASK 4 RUNNING worker-a  FIRST_RESOURCES {}",
      "TASK 5 RUNNING worker-a  FIRST_RESOURCES {}",
      "TASK 4 DONE SUCCESS 0",
    ].map((line, i) => `179534428528173${i} 7 ${line}\n`).join(""),
  }, (db) => {
    assert.deepEqual(
      eventTexts(db).map((text) => text.replace(/taskvine\.task \S+\//, "")),
      ["1 4: RUNNING", "2 5: RUNNING", "3 4: DONE"],
    );
  }));

/** Lines of a transaction log, each a microsecond after the one above. */
const log = (...lines: string[]): Files => ({
  "vine-logs/transactions": lines.map((line, i) =>
    `${1677000000000000 + i} 42 ${line}\n`
  ).join(""),
});

/** Files that were moved or cached. */
const transfers = `
  SELECT substr(span.type, 10), event.type, event.attributes ->> 'filename',
    event.attributes ->> 'bytes', event.attributes ->> 'seconds'
  FROM event JOIN span ON span.id = span_id
  WHERE event.attributes ->> 'filename' IS NOT NULL ORDER BY event.id`;

Deno.test("transactions: a pre-release names workers by address and writes megabytes", () =>
  withFiles(
    log(
      "MANAGER START",
      "WORKER (null) CACHE-UPDATE . 0.000000 -2056.493340",
      "WORKER worker-a 10.0.0.1:38530  CONNECTION",
      "TASK 1 WAITING default FIRST_RESOURCES {}",
      "TRANSFER INPUT 0 1 0.000000 0.000078 input",
      "TRANSFER INPUT 1 0 0.500000 0.000057 query.file",
      "TASK 1 RUNNING 10.0.0.1:38530  FIRST_RESOURCES {}",
      "WORKER worker-a CACHE-UPDATE url-0-blast.tar.gz 2.000000 7.153254",
      'TASK 1 RETRIEVED SUCCESS  0  {} {"vine_output_time":[0.25,"s"],"vine_input_size":[0.5,"MB"]}',
    ),
    (db, { sources }) => {
      assert.equal(sources[0]!.unmatched + sources[0]!.malformed, 0);
      assert.deepEqual(
        rows(db, transfers),
        [
          // Nobody's cache is the manager's to report, and it had no start.
          ["manager", "CACHE_UPDATE", ".", 0, null],
          // No task has the number 0.
          ["manager", "TRANSFER_INPUT", "input", 0, 0.000078],
          ["task", "TRANSFER_INPUT", "query.file", 2 ** 19, 0.000057],
          ["worker", "CACHE_UPDATE", "url-0-blast.tar.gz", 2 ** 21, 7.153254],
        ],
      );
      const [task] = attributesOf(db, "taskvine.task");
      assert.equal(task!.worker, "worker-a");
      assert.deepEqual([task!.output_seconds, task!.input_bytes], [
        0.25,
        2 ** 19,
      ]);
    },
  ));

Deno.test("transactions: 7.5.0 writes megabytes, seconds, and DUTY for a library", () =>
  withFiles(
    log(
      "WORKER worker-a CONNECTION 10.0.0.1:40001",
      "WORKER worker-a TRANSFER INPUT a function 0.004802 0.000063",
      "WORKER worker-a CACHE_UPDATE task-md5-1 247.687966 1.886442",
      "DUTY 7 SENT worker-a",
      "DUTY 7 STARTED worker-a",
      "WORKER (null) DISCONNECTION FAILURE",
    ),
    (db, { sources }) => {
      assert.equal(sources[0]!.unmatched + sources[0]!.malformed, 0);
      // 0.004802 and 247.687966 times 2^20
      assert.deepEqual(
        rows(db, transfers),
        [
          ["worker", "TRANSFER_INPUT", "a function", 5035, 0.000063],
          ["worker", "CACHE_UPDATE", "task-md5-1", 259_719_657, 1.886442],
        ],
      );
      assert.deepEqual(
        attributesOf(db, "taskvine.library").map(({ worker }) => worker),
        ["worker-a"],
      );
      assert.deepEqual(
        attributesOf(db, "taskvine.worker").map(({ worker }) => worker),
        ["worker-a"],
      );
    },
  ));

Deno.test("transactions: lines of names and numbers are read in linear time", () =>
  assertLinear((size) => {
    const [words, digits] = [" 1".repeat(size), "1".repeat(size)];
    return withFiles(
      log(
        `WORKER worker-a TRANSFER INPUT${words} x`,
        `WORKER worker-a CACHE_UPDATE f ${digits}. ${digits}`,
        `WORKER${words}`,
        `LIBRARY 7${words}`,
        `TASK 7 RUNNING${words}`,
      ),
      (_db, { sources }) => assert.equal(sources[0]!.lines, 5),
    );
  }, 25_000));

Deno.test("transaction_log, master_log: each manager that appends has tasks of its own", () => {
  const tasks = (second: number) =>
    [
      "MANAGER START",
      "TASK 1 WAITING app FIRST_RESOURCES {}",
      "MANAGER END",
    ].map((line) => `16765772${second}0000000 ${second} ${line}\n`).join("");
  const statistics = (second: number) =>
    "# timestamp workers_connected workers_fast_aborted\n" +
    `16765772${second}0000000 ${second} 0\n`;
  return withFiles({
    "000/wq/transaction_log": tasks(18) + tasks(19),
    "000/wq/master_log": statistics(18) + statistics(19),
  }, (db, _report, folder) => {
    const [first, second] = [`${folder}/000`, `${folder}/000#2`];
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'rundir', attributes ->> 'manager_pid', value
         FROM span JOIN metric ON span_id = span.id
         WHERE type = 'workqueue.manager' AND name = 'workers_connected'
         ORDER BY 1`,
      ),
      [[first, "18", 18], [second, "19", 19]],
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT span.attributes ->> 'rundir', count(*) FROM event
           JOIN span ON span.id = span_id
         WHERE span.type = 'workqueue.task' GROUP BY 1`,
      ),
      [[first, 1], [second, 1]],
    );
  });
});
