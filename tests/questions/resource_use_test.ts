// The numbers are from the logs, by Python and the sqlite3 shell, as each
// comment says.

import { strict as assert } from "node:assert";
import { type ResourceUse, resourceUse } from "dnpc/questions";
import { type Database, openDatabase } from "dnpc/sql";
import { assertLinear, processorTime } from "../importers/growth.ts";
import {
  archive,
  type Files,
  larger,
  largerManagerLogs,
  onLogs,
  resourceLogs,
  withFiles,
} from "../importers/logs.ts";
import { addKnownSpans } from "../sql/spans.ts";

const rounded = (value: unknown) =>
  typeof value === "number" ? Number(value.toFixed(4)) : value;

/** The resource of an app: attempts, and means and maxima of the three. */
const useOf = (rows: readonly ResourceUse[], app: string, resource: string) =>
  rows.filter((row) => row.app === app && row.resource === resource)
    .map((row) =>
      [
        row.attempts,
        row.requested_mean,
        row.requested_max,
        row.allocated_mean,
        row.allocated_max,
        row.measured_mean,
        row.measured_max,
      ].map(rounded)
    );

onLogs(
  "resourceUse() compares what Work Queue's tasks request, get and use",
  [resourceLogs],
  (db) => {
    const rows = resourceUse(db);
    // Of json.loads of the lines WAITING, RUNNING and RETRIEVED
    assert.deepEqual(useOf(rows, "burn", "cores"), [
      [6, 1, 1, 1, 1, 0.411, 0.635],
    ]);
    assert.deepEqual(useOf(rows, "nap", "cores"), [
      [4, 2, 2, 2, 2, 0.3033, 0.5],
    ]);
    assert.deepEqual(useOf(rows, "nap", "disk"), [
      [4, 100, 100, 100, 100, 1, 1],
    ]);
    assert.deepEqual(useOf(rows, "burn", "cpu time"), [
      [6, null, null, null, null, 2.3888, 2.7216],
    ]);
    // Monitoring measures more than the 129.3 and 95.75 MB of RETRIEVED:
    // max(psutil_process_memory_resident) / 1048576.0 of each task
    assert.deepEqual(useOf(rows, "burn", "memory"), [
      [6, 600, 600, 600, 600, 316.6986, 367.6641],
    ]);
    assert.deepEqual(useOf(rows, "nap", "memory"), [
      [4, 300, 300, 300, 300, 166.2295, 167.6133],
    ]);
    const [cores] = rows;
    assert.deepEqual(
      [cores!.with_request, cores!.with_allocation, cores!.with_measurement],
      [6, 6, 6],
    );
    // grep -c '"gpus":\[[1-9]' is 0
    assert.ok(rows.every(({ resource }) => resource !== "gpus"));
  },
);

onLogs(
  "resourceUse() groups by any attributes",
  [resourceLogs],
  (db) => {
    const rows = resourceUse(db, { by: ["executor", "worker"], run: "000" });
    assert.deepEqual(
      rows.map((
        { executor, worker, resource, unit, attempts },
      ) => [executor, String(worker).slice(0, 11), resource, unit, attempts]),
      [
        ["wq", "worker-eab5", "cores", "cores", 10],
        ["wq", "worker-eab5", "memory", "MB", 10],
        ["wq", "worker-eab5", "disk", "MB", 10],
        ["wq", "worker-eab5", "cpu time", "s", 10],
      ],
    );
    const [all] = resourceUse(db, { by: "run" });
    // 14 cores
    assert.equal(all!.requested_mean, 1.4);
    assert.throws(() => resourceUse(db, { by: "unit" }), {
      name: "TypeError",
      message: /^cannot count by the attribute "unit"/,
    });
  },
);

onLogs(
  "resourceUse() takes what Parsl's monitoring sampled",
  ["wq", "multi-htex"].map(larger),
  (db, { name }) => {
    const rows = resourceUse(db);
    // WITH s AS (SELECT task_func_name AS app,
    //   max(psutil_process_memory_resident) / 1048576.0 AS m, ...
    // FROM resource JOIN task USING (run_id, task_id)
    // GROUP BY run_id, task_id, try_id); CPU times only of two samples or more
    const expected: Record<string, unknown[]> = {
      wq: [
        [[20, null, null, 4000, 4000, 124.6748, 124.8203]],
        [[20, null, null, null, null, 0.0216, 0.03]],
        [[2, null, null, null, null, 2.55, 2.55]],
      ],
      // Runs 000 and 001
      "multi-htex": [
        [
          [24, null, null, null, null, 126.2292, 126.4688],
          [32, null, null, null, null, 126.3514, 126.5273],
        ],
        [
          [24, null, null, null, null, 0.0206, 0.03],
          [32, null, null, null, null, 0.0256, 0.04],
        ],
        [
          [3, null, null, null, null, 1.0933, 2.51],
          [3, null, null, null, null, 0.5433, 0.58],
        ],
      ],
    };
    assert.deepEqual([
      useOf(rows, "sleeper", "memory"),
      useOf(rows, "sleeper", "cpu time"),
      useOf(rows, "burn", "cpu time"),
    ], expected[name]);
  },
);

onLogs(
  "resourceUse() counts the nodes of MPIExecutor's tasks",
  [archive("p26-mpi")],
  (db) => {
    // The 23 lines "Launching task on provisioned nodes" name 39 nodes, at most 3.
    const rows = resourceUse(db, { by: "run" })
      .map((row) => [
        row.resource,
        row.attempts,
        row.allocated_mean,
        row.allocated_max,
      ]);
    assert.deepEqual(rows, [["nodes", 23, 39 / 23, 3]]);
  },
);

onLogs(
  "resourceUse() counts the attempts of managers' logs by category",
  [largerManagerLogs],
  (db) => {
    // Libraries and tasks that only wait are no attempts: 1500 READY, 324 RUNNING
    const calls = resourceUse(db, { run: "lnni" });
    assert.deepEqual(useOf(calls, "parsl-default", "cores"), [
      [324, 2, 2, 0, 0, 0, 0],
    ]);
    assert.equal(calls[0]!.with_measurement, 231);
    assert.deepEqual(useOf(calls, "parsl-default", "gpus"), [
      [324, 1, 1, 0, 0, 0, 0],
    ]);
    // With the sums of json.loads of the 1228 lines RUNNING
    const colmena = resourceUse(db, { run: "wq-colmena", by: "run" });
    const memory = colmena.find(({ resource }) => resource === "memory");
    assert.equal(memory!.attempts, 1228);
    assert.equal(memory!.allocated_mean, 4_913_056 / 1228);
    assert.equal(memory!.allocated_max, 4096);
  },
);

const time = "1795344285281734 11743";
const transactions = (...lines: string[]): Files => ({
  "000/wq/transaction_log": lines.map((line) => `${time} ${line}\n`).join(""),
});

const cores = (db: Database) =>
  resourceUse(db, { by: "run" }).filter(({ resource }) => resource === "cores")
    .map((row) => [
      row.attempts,
      row.requested_mean,
      row.allocated_mean,
      row.measured_mean,
    ]);

Deno.test("resourceUse() counts a task that was sent again as two attempts", () =>
  withFiles(
    transactions(
      'TASK 1 WAITING top FIRST_RESOURCES {"cores":[1,"cores"]}',
      'TASK 1 RUNNING 10.0.0.1:9  FIRST_RESOURCES {"cores":[2,"cores"]}',
      'TASK 1 WAITING top MAX_RESOURCES {"cores":[3,"cores"]}',
      'TASK 1 RUNNING 10.0.0.2:9  MAX_RESOURCES {"cores":[4,"cores"]}',
      'TASK 1 DONE SUCCESS  0  {} {"cores":[2.5,"cores"]}',
      // Never sent.
      'TASK 2 WAITING top FIRST_RESOURCES {"cores":[64,"cores"]}',
    ),
    (db) => assert.deepEqual(cores(db), [[2, 2, 3, 2.5]]),
  ));

Deno.test("resourceUse() takes requests from parsl.log alone", () =>
  withFiles({
    "000/parsl.log": [
      "dataflow.dflow:1 submit INFO: Task 7 submitted for App f, not waiting on any dependency",
      "executors.workqueue.executor:1 submit DEBUG: Got resource_specification: {'cores': 2}",
      "executors.workqueue.executor:1 submit DEBUG: Creating executor task 0 for function f",
      "dataflow.dflow:1 launch_task INFO: Parsl task 7 try 0 launched on executor wq with executor id 0",
    ].map((line) =>
      `1795344615.411096 2026-11-22 10:50:15 MainProcess-1 MainThread-2 parsl.${line}\n`
    ).join(""),
  }, (db) => {
    assert.deepEqual(useOf(resourceUse(db), "f", "cores"), [
      [1, 2, 2, null, null, null, null],
    ]);
  }));

Deno.test("resourceUse() takes linear time", () =>
  assertLinear(async (tasks) => {
    using db = await openDatabase(undefined, { engine: "native" });
    addKnownSpans(
      db,
      Array.from({ length: tasks }, () => ({
        type: "workqueue.task",
        attributes: { rundir: "/r", cores: 2, category: "top" },
        events: [[1, "WAITING"], [2, "RUNNING"], [3, "DONE"]] as const,
      })),
    );
    db.run(`UPDATE event_row SET attributes = '{"cores":2}' WHERE time = 2`);
    return processorTime(() =>
      assert.deepEqual(cores(db), [[tasks, null, 2, null]])
    );
  }, 2_000));
