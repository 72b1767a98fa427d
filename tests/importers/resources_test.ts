// The sums are from the logs, by the Python in each comment.

import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import {
  attributesOf,
  eventTexts,
  largerManagerLogs,
  onLogs,
  resourceLogs,
  withFiles,
} from "./logs.ts";

/** Number and sum of an attribute of events. */
const sumOf = (db: Database, type: string, event: string, attribute: string) =>
  rows(
    db,
    `SELECT count(event.attributes ->> '${attribute}'),
       round(sum(event.attributes ->> '${attribute}'), 6)
     FROM event JOIN span ON span.id = span_id
     WHERE span.type = '${type}' AND event.type = '${event}'
       AND (instr(rundir, 'lnni') OR instr(rundir, 'wq-resources'))`
      .replaceAll("rundir", "span.attributes ->> 'rundir'"),
  )[0];

onLogs(
  "importRuninfo() keeps what tasks of Work Queue request, get and use",
  [resourceLogs],
  (db) => {
    // For each line of transaction_log that matches r"TASK \d+ (\w+) .*?({.*})":
    // json.loads of its last object, [name][0], as 10 tasks have them
    const task = "workqueue.task";
    assert.deepEqual(sumOf(db, task, "WAITING", "cores_requested"), [10, 14]);
    const requested = sumOf(db, task, "WAITING", "memory_requested_mb");
    assert.deepEqual(requested, [10, 4800]);
    assert.deepEqual(sumOf(db, task, "RUNNING", "cores"), [10, 14]);
    assert.deepEqual(sumOf(db, task, "RUNNING", "memory_mb"), [10, 4800]);
    assert.deepEqual(sumOf(db, task, "RUNNING", "disk_mb"), [10, 1600]);
    assert.deepEqual(sumOf(db, task, "RUNNING", "gpus"), [10, 0]);
    assert.deepEqual(sumOf(db, task, "DONE", "cores_measured"), [10, 3.679]);
    const measured = sumOf(db, task, "DONE", "memory_measured_mb");
    assert.deepEqual(measured, [10, 1159]);
    const cpu = sumOf(db, task, "DONE", "cpu_measured_seconds");
    assert.deepEqual(cpu, [10, 20.185729]);
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'cores', attributes ->> 'memory_mb',
           attributes ->> 'disk_mb', attributes ->> 'gpus'
         FROM span WHERE type = 'workqueue.worker'`,
      ),
      [[4, 4000, 4000, null]],
    );
    // grep -c "Got resource_specification: {'cores': 2, 'memory': 300, 'disk'"
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'cores_requested', count(*),
           sum(attributes ->> 'memory_requested_mb'),
           sum(attributes ->> 'disk_requested_mb')
         FROM span WHERE type = 'parsl.executors.workqueue.executor_task'
         GROUP BY 1`,
      ),
      [[1, 6, 3600, 1200], [2, 4, 1200, 400]],
    );
  },
);

onLogs(
  "importRuninfo() keeps the resources of TaskVine's tasks, libraries and workers",
  [largerManagerLogs],
  (db) => {
    // The same for lnni, libraries being the tasks with a line LIBRARY
    const task = "taskvine.task";
    assert.deepEqual(sumOf(db, task, "READY", "cores_requested"), [1500, 3000]);
    assert.deepEqual(sumOf(db, task, "READY", "gpus_requested"), [1500, 1500]);
    // Calls take none of what their library has.
    assert.deepEqual(sumOf(db, task, "RUNNING", "cores"), [324, 0]);
    const library = sumOf(db, "taskvine.library", "RUNNING", "memory_mb");
    assert.deepEqual(library, [366, 3_660_000]);
    // Of the last RESOURCES of each worker
    assert.deepEqual(
      rows(
        db,
        `SELECT count(*), sum(attributes ->> 'cores'),
           sum(attributes ->> 'memory_mb'), sum(attributes ->> 'disk_mb')
         FROM span WHERE type = 'taskvine.worker'
           AND instr(attributes ->> 'rundir', 'lnni')`,
      ),
      [[183, 366, 1_850_496, 12_810_187]],
    );
  },
);

const submits = (message: string) =>
  `1795344615.411096 2026-11-22 10:50:15 MainProcess-16417 MainThread-140 \
parsl.executors.workqueue.executor:422 submit DEBUG: ${message}\n`;

Deno.test("parsl.log: what a task requests precedes its first line", () =>
  withFiles({
    "000/parsl.log": [
      "Got resource_specification: {'memory': 2000, 'cores': 0.5}",
      // The executor refused the one above.
      "Got resource_specification: {'cores': 2, 'priority': 3}",
      "Creating executor task 0 for function f",
      "Parsl task 7 try 0 launched on executor wq with executor id 0",
      "Creating executor task 1 for function f",
      "Parsl task 8 try 0 launched on executor wq with executor id 1",
    ].map(submits).join(""),
  }, (db) => {
    const type = "parsl.executors.workqueue.executor_task";
    assert.deepEqual(eventTexts(db), [
      "1 parsl.rundir.workflow: Got resource_specification: {%s}",
      `2 ${type} wq/0: Got resource_specification: {%s}`,
      `3 ${type} wq/0: Creating executor task %s for function f`,
      "4 parsl.rundir.try 7/0: launched",
      `5 ${type} wq/1: Creating executor task %s for function f`,
      "6 parsl.rundir.try 8/0: launched",
    ]);
    const shared = { executor: "wq", try: "0" };
    assert.deepEqual(attributesOf(db, type), [
      { ...shared, executor_task: "0", task: "7", cores_requested: 2 },
      { ...shared, executor_task: "1", task: "8" },
    ]);
  }));

Deno.test("parsl.log: a request is kept if the log was cut behind it", () =>
  inFolder(async (folder) => {
    using db = await openDatabase();
    const log = `${folder}/000/parsl.log`;
    await Deno.mkdir(`${folder}/000`);
    for (
      const message of [
        "Got resource_specification: {'cores': 2}",
        "Creating executor task 0 for function f",
        "Parsl task 7 try 0 launched on executor wq with executor id 0",
      ]
    ) {
      await Deno.writeTextFile(log, submits(message), { append: true });
      await importRuninfo(db, folder);
    }
    const type = "parsl.executors.workqueue.executor_task";
    assert.equal(attributesOf(db, type)[0]?.cores_requested, 2);
    assert.equal(eventTexts(db).length, 3);
  }));
