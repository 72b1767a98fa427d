import { timesBetween, workerIdleTime } from "dnpc/questions";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { attributesOf, eventTexts, withFiles } from "./logs.ts";

// Managers and workers of the high throughput executor, in the words of
// different versions of Parsl. What a version writes is in its
// high_throughput/interchange.py and process_worker_pool.py.

const lines = (...lines: string[]) => lines.join("\n") + "\n";

const manager = "parsl.executor.htex.manager";
const worker = "parsl.executor.htex.worker";

const unix = (second: number, message: string, process = "MainProcess-7") =>
  `${1795000000 + second}.000000 2026-11-18 11:0${
    6 + Math.floor((40 + second) / 60)
  }:${
    String((40 + second) % 60).padStart(2, "0")
  } ${process} MainThread-1 parsl.executors.high_throughput.process_worker_pool:1 f INFO: ${message}`;

Deno.test("importRuninfo() reads a manager of Parsl 1.1 once, and its worker's tasks", () =>
  withFiles({
    "000/htex/interchange.log": lines(
      "2021-12-01 15:54:52.019 interchange:437 [INFO]  [MAIN] Adding manager: b'abc' to ready queue",
      "2021-12-01 15:54:52.019 interchange:439 [INFO]  [MAIN] Registration info for manager b'abc': {'parsl_v': '1.1.0', 'worker_count': 1, 'block_id': '0', 'hostname': 'node1'}",
      "2021-12-01 15:54:52.020 interchange:503 [DEBUG]  [MAIN] Sent tasks: [1] to manager b'abc'",
    ),
    "000/htex/block-0/abc/manager.log": lines(
      "2021-12-01 15:54:51.984 parsl:120 Rank:0 [INFO]  Manager started",
      "2021-12-01 15:54:52.021 parsl:277 Rank:0 [DEBUG]  [TASK_PULL_THREAD] Got tasks: [1] of 1",
    ),
    "000/htex/block-0/abc/worker_0.log": lines(
      "2021-12-01 15:54:52.010 worker_log:503 Rank:0 [INFO]  Worker 0 started",
      "2021-12-01 15:54:52.023 worker_log:533 Rank:0 [INFO]  Received task 1",
      "2021-12-01 15:54:52.033 worker_log:551 Rank:0 [INFO]  Completed task 1",
    ),
  }, (db) => {
    assert.deepEqual(eventTexts(db), [
      `1 ${manager} htex/0/abc: registered`,
      `2 ${manager} htex/0/abc: Registration info for manager %s: {%s}`,
      "3 parsl.executor.htex.interchange.task htex/1: interchange_to_manager",
      `1 ${manager} htex/0/abc: Manager started`,
      `2 ${manager}.task htex/0/abc/1: manager_got_task`,
      `1 ${worker} htex/0/abc/0: started`,
      `2 ${worker}.task htex/0/abc/0/1: worker_received_task`,
      `3 ${worker}.task htex/0/abc/0/1: worker_completed_task`,
    ]);
    // The thread is written behind the level.
    assert.deepEqual(
      rows(
        db,
        `SELECT DISTINCT thread FROM origin JOIN event ON origin_id = origin.id
         WHERE event.type IN ('registered', 'manager_got_task')
         ORDER BY thread`,
      ),
      [["MAIN"], ["TASK_PULL_THREAD"]],
    );
  }));

Deno.test("importRuninfo() creates one span for a manager that ended before it registered", () =>
  withFiles({
    "000/htex/interchange.log": lines(
      unix(1, "Put task 1 onto pending_task_queue"),
      unix(
        2,
        "Processing message type 'connection_probe' from manager b'abc'",
      ),
      unix(
        3,
        "Registration info for manager b'def': {'type': 'registration', 'block_id': '1'}",
      ),
    ),
    "000/htex/block-0/abc/manager.log": lines(unix(2, "Manager initializing")),
  }, (db, { bindings }) => {
    assert.deepEqual(attributesOf(db, manager), [
      { executor: "htex", block: "1", manager: "def" },
      { executor: "htex", block: "0", manager: "abc" },
    ]);
    // A task that waits in the interchange is in no manager.
    assert.equal(bindings?.unbound, 0);
  }));

Deno.test("importRuninfo() reads the tasks of workers of Parsl 2023.1.2", () =>
  withFiles(
    {
      "000/htex/block-0/abc/worker_0.log": lines(
        "2026-11-22 10:00:00.000 worker_log:1 9 MainThread [INFO]  Worker 0 started",
        "2026-11-22 10:00:01.000 worker_log:1 9 MainThread [INFO]  Received task 1",
        "2026-11-22 10:00:02.000 worker_log:1 9 MainThread [INFO]  Completed task 1",
        "2026-11-22 10:00:02.000 worker_log:1 9 MainThread [INFO]  All processing finished for task 1",
        "2026-11-22 10:00:09.000 worker_log:1 9 MainThread [INFO]  Worker 0 exits",
      ),
    },
    (db) => assert.deepEqual(workerIdleTime(db).map(({ busy }) => busy), [1]),
  ));

Deno.test("importRuninfo() takes a manager's machine from its registration", () =>
  withFiles({
    "000/htex/interchange.log": lines(
      unix(
        2,
        `Registration info for manager b'abc': {'type': 'registration', 'worker_count': 4, 'uid': 'abc', 'block_id': '0', 'start_time': 1795000000.5, 'os': 'Linux', 'hostname': 'nid004382', 'dir': "/it's", 'cpu_count': 64, 'total_memory': 25276514304}`,
      ).replace("process_worker_pool", "interchange"),
    ),
  }, (db) =>
    assert.deepEqual(attributesOf(db, manager), [{
      executor: "htex",
      block: "0",
      manager: "abc",
      hostname: "nid004382",
      cpu_count: 64,
      worker_count: 4,
    }])));

Deno.test("importRuninfo() says which tasks of MPIExecutor wait, and their nodes", () =>
  withFiles({
    "000/mpi/block-0/abc/manager.log": lines(
      unix(1, "Got executor tasks: [1, 2], cumulative count of tasks: 2"),
      unix(1, "Not enough resources, placing task 2 into backlog"),
      // No task of this manager.
      unix(1, "Not enough resources, placing task 3 into backlog"),
    ),
    "000/mpi/block-0/abc/worker_0.log": lines(
      unix(1, "Received executor task 1"),
      unix(1, "Launching task on provisioned nodes: ['node1', 'node2']"),
    ),
  }, (db) => {
    assert.deepEqual(eventTexts(db).slice(2), [
      `2 ${manager}.task mpi/0/abc/2: backlogged`,
      `3 ${manager} mpi/0/abc: Not enough resources, placing task %s into backlog`,
      `1 ${worker}.task mpi/0/abc/0/1: worker_received_task`,
      `2 ${worker}.task mpi/0/abc/0/1: Launching task on provisioned nodes: [%s, %s]`,
    ]);
    const [task] = attributesOf(db, `${worker}.task`);
    assert.deepEqual(task?.nodes, ["node1", "node2"]);
  }));

Deno.test("importRuninfo() ends the task of a worker that died", () =>
  withFiles({
    "000/htex/block-0/abc/manager.log": lines(
      unix(0, "Got executor tasks: [1], cumulative count of tasks: 1"),
      unix(9, "Worker 0 has died"),
      unix(9, "Worker 0 was busy when it died"),
      unix(
        10,
        "Putting exception for executor task 1 in the pending result queue",
      ),
      unix(11, "Worker 0 has been restarted"),
    ),
    "000/htex/block-0/abc/worker_0.log": lines(
      unix(0, "Worker 0 started", "HTEX-Worker-0-8"),
      unix(4, "Received executor task 1", "HTEX-Worker-0-8"),
      unix(12, "Worker 0 started", "HTEX-Worker-0-9"),
      unix(20, "Received executor task 2", "HTEX-Worker-0-9"),
      unix(22, "Completed executor task 2", "HTEX-Worker-0-9"),
    ),
  }, (db) => {
    assert.deepEqual(eventTexts(db).slice(1, 6), [
      `2 ${worker} htex/0/abc/0: died`,
      `3 ${worker} htex/0/abc/0: Worker %s was busy when it died`,
      `4 ${worker}.task htex/0/abc/0/1: worker_died`,
      `4 ${manager}.task htex/0/abc/1: Putting exception for executor task %s in the pending result queue`,
      `5 ${worker} htex/0/abc/0: restarted`,
    ]);
    // From 4 until it died at 9, and from 20 to 22.
    assert.deepEqual(workerIdleTime(db).map(({ busy }) => busy), [7]);
  }));

// Globus Compute has no parsl.log.
const withoutParsl = {
  "h/interchange.log": lines(
    unix(1, "Put task 1 onto pending_task_queue"),
    unix(1, "Put task 2 onto pending_task_queue"),
    unix(2, "Sent tasks: [1, 2] to manager b'abc'"),
  ).replaceAll("process_worker_pool", "interchange"),
  "h/block-0/abc/manager.log": lines(
    unix(3, "Got executor tasks: [1, 2], cumulative count of tasks: 2"),
  ),
  "h/block-0/abc/worker_0.log": lines(
    unix(4, "Received executor task 1", "HTEX-Worker-0-8"),
  ),
  "h/block-0/abc/worker_1.log": lines(
    unix(6, "Received executor task 2", "HTEX-Worker-1-9"),
  ),
};

for (const missing of ["none", "h/block-0/abc/manager.log"]) {
  Deno.test(`importRuninfo() relates the accounts of a task without parsl.log [without ${missing}]`, () => {
    const files = Object.entries(withoutParsl)
      .filter(([path]) => path !== missing);
    return withFiles(Object.fromEntries(files), (db) => {
      const times = db.query<{ start: number; end: number }>(timesBetween({
        from: "parsl.executor.htex.interchange.task/interchange_queued",
        to: "parsl.executor.htex.worker.task/worker_received_task",
      }));
      assert.deepEqual(times.map(({ start, end }) => end - start), [3, 5]);
    });
  });
}

Deno.test("importRuninfo() nests the accounts of a task in its try, if there is one", () =>
  withFiles({
    "parsl.log": lines(
      unix(0, "Parsl task 0 try 0 launched on executor h with executor id 1")
        .replace("executors.high_throughput.process_worker_pool", "dataflow.x"),
    ),
    ...withoutParsl,
  }, (db) =>
    assert.deepEqual(
      rows(
        db,
        `SELECT DISTINCT span.attributes ->> 'executor_task' FROM facet
         JOIN span ON span.id IN (left_id, right_id)`,
      ),
      [["2"]],
    )));
