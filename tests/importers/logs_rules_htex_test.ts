import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { attributesOf, eventTexts, type Files, withFiles } from "./logs.ts";

// Events by version for the logs of the high-throughput executor and Work
// Queue.

function testEvents(
  claim: string,
  files: Record<string, readonly string[]>,
  expected: readonly string[],
  spans: Record<string, Record<string, unknown>[]> = {},
): void {
  Deno.test(claim, () => {
    const texts: Files = Object.fromEntries(
      Object.entries(files).map((
        [path, lines],
      ) => [path, lines.join("\n") + "\n"]),
    );
    return withFiles(texts, (db) => {
      assert.deepEqual(eventTexts(db), expected);
      for (const [type, attributes] of Object.entries(spans)) {
        assert.deepEqual(attributesOf(db, type), attributes);
      }
    });
  });
}

const passed = "parsl.executor.htex.interchange.task";
const manager = "parsl.executor.htex.manager";
const works = "parsl.executor.htex.worker";

testEvents(
  "interchange.log of 2023: names no time zone, and a manager's block only once",
  {
    "000/htex/interchange.log": [
      "2026-11-22 10:40:42.048 interchange:238 HTEX-Interchange(8716) Interchange-Task-Puller task_puller [DEBUG]  Fetched 1 tasks so far",
      "2026-11-22 10:40:42.780 interchange:416 HTEX-Interchange(8716) MainThread process_task_outgoing_incoming [INFO]  Adding manager: b'4c57a1f4c2bf' to ready queue",
      "2026-11-22 10:40:42.780 interchange:416 HTEX-Interchange(8716) MainThread process_task_outgoing_incoming [INFO]  Registration info for manager b'4c57a1f4c2bf': {'parsl_v': '1.3.0-dev', 'worker_count': 2, 'uid': '4c57a1f4c2bf', 'block_id': '0'}",
      "2026-11-22 10:40:42.780 interchange:478 HTEX-Interchange(8716) MainThread process_tasks_to_send [DEBUG]  Sent tasks: [1, 2] to manager b'4c57a1f4c2bf'",
      "2026-11-22 10:40:42.868 interchange:502 HTEX-Interchange(8716) MainThread process_results_incoming [DEBUG]  Got 2 result items in batch from manager b'4c57a1f4c2bf'",
      "2026-11-22 10:40:42.875 interchange:526 HTEX-Interchange(8716) MainThread process_results_incoming [DEBUG]  Removing task 2 from manager record b'4c57a1f4c2bf'",
    ],
  },
  [
    `2 ${manager} htex/0/4c57a1f4c2bf: registered`,
    `3 ${manager} htex/0/4c57a1f4c2bf: Registration info for manager %s: {%s}`,
    `4 ${passed} htex/1: interchange_to_manager`,
    `4 ${passed} htex/2: interchange_to_manager`,
    `5 ${manager} htex/0/4c57a1f4c2bf: Got %s result items in batch from manager %s`,
    `6 ${passed} htex/2: interchange_removing_task`,
  ],
  {
    [passed]: ["1", "2"].map((executor_task) => ({
      executor: "htex",
      executor_task,
      manager: "4c57a1f4c2bf",
      block: "0",
    })),
  },
);

testEvents(
  "interchange.log of 2024: has one space after the level",
  {
    "000/htex/interchange.log": [
      "2026-11-22 11:01:26.343 interchange:509 MainProcess(27361) MainThread process_tasks_to_send [DEBUG] Sent tasks: [1] to manager b'0c7dbc3946eb'",
      "2026-11-22 11:01:29.059 interchange:563 MainProcess(27361) MainThread process_results_incoming [DEBUG] Removing task 1 from manager record b'0c7dbc3946eb'",
    ],
  },
  [
    `1 ${passed} htex/1: interchange_to_manager`,
    `2 ${passed} htex/1: interchange_removing_task`,
  ],
);

const now = (message: string, level = "DEBUG") =>
  `1795344180.798023 2026-11-22 10:43:00 MainProcess-11104 \
MainThread-139724854038592 parsl.executors.high_throughput.interchange:570 \
process_tasks_to_send ${level}: ${message}`;

testEvents(
  "interchange.log of 2026: the same messages after a Unix time",
  {
    "000/htex/interchange.log": [
      now("Putting task 1 onto pending_task_queue"),
      now("Put task 1 onto pending_task_queue"),
      now("Registration info for manager b'320d': {'block_id': '1'}", "INFO"),
      now(
        "Registered manager b'320d' (py3.11, 1.3.0-dev) and added to ready queue",
        "INFO",
      ),
      now("Sent tasks: [1] to manager b'320d'"),
      now("Removing task 1 from manager"),
      now(
        "Too many heartbeats missed for manager b'320d' - removing manager",
        "WARNING",
      ),
      now("Cancelling htex tasks [37, 54] on removed manager", "WARNING"),
    ],
  },
  [
    `1 ${passed} htex/1: Putting task %s onto pending_task_queue`,
    `2 ${passed} htex/1: interchange_queued`,
    `3 ${manager} htex/1/320d: Registration info for manager %s: {%s}`,
    `4 ${manager} htex/1/320d: registered`,
    `5 ${passed} htex/1: interchange_to_manager`,
    `6 ${passed} htex/1: interchange_removing_task`,
    `7 ${manager} htex/1/320d: lost`,
    `8 ${passed} htex/37: manager_lost`,
    `8 ${passed} htex/54: manager_lost`,
  ],
);

const pool = "000/htex/block-0/4c57";

testEvents(
  "manager.log and worker_N.log of 2023 and 2024: the path identifies manager and worker",
  {
    [`${pool}/manager.log`]: [
      "2026-11-22 10:40:42.724 parsl:697 8732 MainThread [INFO]  Manager ID: 4c57a1f4c2bf",
      "2026-11-22 10:40:42.780 parsl:276 8732 Task-Puller [DEBUG]  ready workers: 0, pending tasks: 2",
      "2026-11-22 10:40:42.781 parsl:301 8732 Task-Puller [DEBUG]  Got executor tasks: [1, 2], cumulative count of tasks: 2",
    ],
    [`${pool}/worker_0.log`]: [
      "2026-11-22 10:40:42.788 worker_log:537 8742 MainThread [INFO]  Worker 0 started",
      "2026-11-22 10:40:42.798 worker_log:586 8742 MainThread [INFO]  Received executor task 1",
      "2026-11-22 10:40:42.941 worker_log:604 8742 MainThread [INFO]  Completed executor task 1",
      "2026-11-22 10:40:42.942 worker_log:615 8742 MainThread [INFO]  All processing finished for executor task 1",
    ],
  },
  [
    `1 ${manager} htex/0/4c57: Manager ID: %s`,
    `2 ${manager} htex/0/4c57: ready workers: %s, pending tasks: %s`,
    `3 ${manager}.task htex/0/4c57/1: manager_got_task`,
    `3 ${manager}.task htex/0/4c57/2: manager_got_task`,
    `1 ${works} htex/0/4c57/0: started`,
    `2 ${works}.task htex/0/4c57/0/1: worker_received_task`,
    `3 ${works}.task htex/0/4c57/0/1: worker_completed_task`,
    `4 ${works}.task htex/0/4c57/0/1: worker_all_finished_task`,
  ],
);

testEvents(
  "manager.log and worker_N.log of 2026: the same messages after a Unix time",
  {
    [`${pool}/manager.log`]: [
      "  Manager ID: 4c57a1f4c2bf",
      "1795344180.798409 2026-11-22 10:43:00 MainProcess-11130 Interchange-Communicator-140450729563840 parsl.executors.high_throughput.process_worker_pool:395 interchange_communicator DEBUG: Got executor tasks: [3], cumulative count of tasks: 3",
    ],
    [`${pool}/worker_1.log`]: [
      "1795344182.013740 2026-11-22 10:43:02 HTEX-Worker-0-11163 MainThread-140664466272320 parsl.executors.high_throughput.process_worker_pool:665 worker INFO: Worker 1 started",
      "1795344182.022583 2026-11-22 10:43:02 HTEX-Worker-0-11163 MainThread-140664466272320 parsl.executors.high_throughput.process_worker_pool:778 worker INFO: Received executor task 20",
    ],
  },
  [
    `1 ${manager} htex/0/4c57:   Manager ID: %s`,
    `2 ${manager}.task htex/0/4c57/3: manager_got_task`,
    `1 ${works} htex/0/4c57/1: started`,
    `2 ${works}.task htex/0/4c57/1/20: worker_received_task`,
  ],
);

const address = "127.0.0.1:60920";
const transactions = {
  "000/wq/transaction_log": [
    "# time manager_pid MANAGER START|END time_from_origin",
    "1795344285281734 11743 MANAGER START",
    `1795344285346149 11743 TASK 41 WAITING top FIRST_RESOURCES {}`,
    `1795344289461892 11743 WORKER worker-3663 ${address}  CONNECTION`,
    `1795344289462368 11743 WORKER worker-3663 RESOURCES {"cores":[2,"cores"]}`,
    `1795344289464165 11743 TASK 41 RUNNING ${address}  FIRST_RESOURCES {"cores":[2,"cores"]}`,
    `1795344290158591 11743 TASK 41 WAITING_RETRIEVAL ${address} `,
    "1795344290159198 11743 TASK 41 RETRIEVED SUCCESS  0  {} {}",
    "1795344290159313 11743 TASK 41 DONE SUCCESS  0  {} {}",
    `1795344290159413 11743 WORKER worker-3663 ${address} DISCONNECTION EXPLICIT`,
    "1795344290159513 11743 MANAGER END",
  ],
};

testEvents(
  "transaction_log: events of the manager, its workers and its tasks",
  transactions,
  [
    "2 workqueue.manager wq: START",
    "3 workqueue.task wq/41: WAITING",
    "4 workqueue.worker wq/worker-3663: CONNECTION",
    "5 workqueue.worker wq/worker-3663: RESOURCES",
    "6 workqueue.task wq/41: RUNNING",
    "7 workqueue.task wq/41: WAITING_RETRIEVAL",
    "8 workqueue.task wq/41: RETRIEVED",
    "9 workqueue.task wq/41: DONE",
    "10 workqueue.worker wq/worker-3663: DISCONNECTION",
    "11 workqueue.manager wq: END",
  ],
  {
    "workqueue.worker": [{
      executor: "wq",
      worker: "worker-3663",
      address,
      manager_pid: "11743",
      resources: { cores: [2, "cores"] },
      cores: 2,
    }],
    "workqueue.category": [{
      executor: "wq",
      category: "top",
      manager_pid: "11743",
    }],
    "workqueue.task": [{
      executor: "wq",
      workqueue_task: "41",
      category: "top",
      manager_pid: "11743",
      address,
      worker: "worker-3663",
      resources_allocated: { cores: [2, "cores"] },
      cores: 2,
      result: "SUCCESS",
      exit_code: "0",
    }],
  },
);

Deno.test("transaction_log: times keep microseconds, and resources are unchanged", () => {
  const [[path, lines]] = Object.entries(transactions) as [[string, string[]]];
  return withFiles({ [path]: lines.join("\n") + "\n" }, (db) => {
    assert.deepEqual(
      rows(
        db,
        `SELECT time, attributes ->> '$.resources.cores[0]' FROM event
         WHERE type IN ('RUNNING', 'DONE') ORDER BY time`,
      ),
      [[1795344289.464165, 2], [1795344290.159313, null]],
    );
  });
});

Deno.test("transaction_log: an address may be reused by another worker", () => {
  const lines = [
    `1795344289461892 7 WORKER worker-a ${address}  CONNECTION`,
    `1795344289464165 7 TASK 1 RUNNING ${address}  FIRST_RESOURCES {}`,
    `1795344290159413 7 WORKER worker-a ${address} DISCONNECTION FAILURE`,
    `1795344291461892 7 WORKER worker-b ${address}  CONNECTION`,
    `1795344291464165 7 TASK 2 RUNNING ${address}  FIRST_RESOURCES {}`,
  ];
  return withFiles(
    { "0/wq/transaction_log": lines.join("\n") + "\n" },
    (db) =>
      assert.deepEqual(
        attributesOf(db, "workqueue.task").map(({ worker }) => worker),
        ["worker-a", "worker-b"],
      ),
  );
});
