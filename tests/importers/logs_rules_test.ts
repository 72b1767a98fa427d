import { strict as assert } from "node:assert";
import { attributesOf, eventTexts, type Files, withFiles } from "./logs.ts";

// Events of each log by version, as "line type key: event".

function testEvents(
  claim: string,
  path: string,
  lines: readonly string[],
  expected: readonly string[],
  spans: Record<string, Record<string, unknown>[]> = {},
): void {
  Deno.test(claim, () => {
    const files: Files = { [path]: lines.join("\n") + "\n" };
    return withFiles(files, (db) => {
      assert.deepEqual(eventTexts(db), expected);
      for (const [type, attributes] of Object.entries(spans)) {
        assert.deepEqual(attributesOf(db, type), attributes);
      }
    });
  });
}

const task = "parsl.rundir.task";
const tried = "parsl.rundir.try";

testEvents(
  "parsl.log of 2023: states are derived from other messages",
  "000/parsl.log",
  [
    "1795344041.950666 2026-11-22 10:40:41 MainProcess-8690 MainThread-140343396315200 parsl.dataflow.dflow:121 __init__ INFO: Run id is: e810cbf3-0876-4a10-bac6-ca41e176d173",
    "1795344042.048999 2026-11-22 10:40:42 MainProcess-8690 MainThread-140343396315200 parsl.dataflow.dflow:1027 submit INFO: Task 1 submitted for App left, waiting on task 0",
    "1795344042.034777 2026-11-22 10:40:42 MainProcess-8690 MainThread-140343396315200 parsl.dataflow.dflow:1035 submit DEBUG: Task 0 set to pending state with AppFuture: <AppFuture at 0x7fa43abff6d0 state=pending>",
    "1795344042.036049 2026-11-22 10:40:42 MainProcess-8690 MainThread-140343396315200 parsl.dataflow.memoization:222 check_memo DEBUG: Task 0 will not be memoized",
    "1795344042.048852 2026-11-22 10:40:42 MainProcess-8690 MainThread-140343396315200 parsl.dataflow.dflow:726 launch_task INFO: Parsl task 0 try 0 launched on executor htex_Local with executor id 1",
    "1795344057.996757 2026-11-22 10:40:57 MainProcess-8690 MainThread-140343396315200 parsl.dataflow.dflow:728 launch_task INFO: Parsl task 176 try 0 launched on executor _parsl_internal",
    "1795344042.880923 2026-11-22 10:40:42 MainProcess-8690 HTEX-Queue-Management-Thread-140343055988416 parsl.dataflow.dflow:552 _complete_task INFO: Task 0 completed (launched -> exec_done)",
    "1795344057.634114 2026-11-22 10:40:57 MainProcess-8690 MainThread-140343396315200 parsl.dataflow.dflow:552 _complete_task INFO: Task 147 completed (pending -> memo_done)",
    "1795344057.452133 2026-11-22 10:40:57 MainProcess-8690 HTEX-Queue-Management-Thread-140343055988416 parsl.dataflow.dflow:642 launch_if_ready INFO: Task 140 failed due to dependency failure",
    "1795344057.452200 2026-11-22 10:40:57 MainProcess-8690 HTEX-Queue-Management-Thread-140343055988416 parsl.dataflow.dflow:320 handle_exec_update INFO: Task 140 failed due to dependency failure so skipping retries",
  ],
  [
    "1 parsl.rundir.workflow: Run id is: %s",
    `2 ${task} 1: submitted`,
    `3 ${tried} 0/0: pending`,
    `4 ${task} 0: Task %s will not be memoized`,
    `5 ${tried} 0/0: launched`,
    `6 ${tried} 176/0: launched`,
    `7 ${tried} 0/0: exec_done`,
    `8 ${tried} 147/0: memo_done`,
    `9 ${tried} 140/0: dep_fail`,
    `10 ${task} 140: Task %s failed due to dependency failure so skipping retries`,
  ],
  {
    [tried]: [
      { task: "0", try: "0", executor: "htex_Local", executor_task: "1" },
      { task: "176", try: "0", executor: "_parsl_internal" },
      { task: "147", try: "0" },
      { task: "140", try: "0", exception: "DependencyError" },
    ].map((attributes) => ({
      ...attributes,
      run: "e810cbf3-0876-4a10-bac6-ca41e176d173",
    })),
  },
);

const retried = (message: string) =>
  `1795344053.179488 2026-11-22 10:40:53 \
MainProcess-8690 HTEX-Queue-Management-Thread-140343055988416 \
parsl.dataflow.dflow:304 handle_exec_update INFO: ${message}`;

testEvents(
  "parsl.log before 2026: try numbers are counted from lines about retries",
  "000/parsl.log",
  [
    retried("Task 124 set to pending state with AppFuture: <AppFuture at 0x1>"),
    retried(
      "Parsl task 124 try 0 launched on executor htex with executor id 7",
    ),
    retried("Task 124 try 0 failed with exception of type RuntimeError"),
    retried("Task 124 marked for retry"),
    retried(
      "Parsl task 124 try 1 launched on executor htex with executor id 9",
    ),
    retried("Task 124 try 1 failed"),
    retried("Task 124 failed after 1 retry attempts"),
  ],
  [
    `1 ${tried} 124/0: pending`,
    `2 ${tried} 124/0: launched`,
    `3 ${tried} 124/0: Task %s try %s failed with exception of type RuntimeError`,
    `4 ${tried} 124/0: fail_retryable`,
    `5 ${tried} 124/1: launched`,
    `6 ${tried} 124/1: Task %s try %s failed`,
    `7 ${tried} 124/1: failed`,
  ],
  {
    [tried]: [
      {
        task: "124",
        try: "0",
        executor: "htex",
        executor_task: "7",
        exception: "RuntimeError",
      },
      { task: "124", try: "1", executor: "htex", executor_task: "9" },
    ],
  },
);

const state = (message: string) =>
  `1795350924.926279 2026-11-22 10:42:54 \
MainProcess-11091 Task-Launch_0-140590343759552 parsl.dataflow.dflow:565 \
_update_task_state INFO: ${message}`;

testEvents(
  "parsl.log of 2026: each state change is an event, and a launch adds attributes",
  "000/parsl.log",
  [
    state("Task 72 initializing state to pending"),
    state("Task 72 changing state from pending to launched"),
    state(
      "Parsl task 72 try 0 launched on executor htex_many with executor id 1",
    ),
    state("Task 72 try 0 failed with exception of type ManagerLost"),
    state("Task 72 changing state from launched to fail_retryable"),
    state("Task 72 changing state from fail_retryable to pending"),
    state("Task 72 changing state from pending to launched"),
    state(
      "Parsl task 72 try 1 launched on executor htex_many with executor id 118",
    ),
    state("Task 72 changing state from launched to joining"),
    state("Task 72 changing state from joining to exec_done"),
    state("Task 73 failed due to dependency failure"),
    state("Task 73 changing state from pending to dep_fail"),
    state("Task 74 failed after 2 retry attempts"),
    state("Task 74 changing state from launched to failed"),
  ].map((line) => line.replace("1795350924", "1795344174")),
  [
    `1 ${tried} 72/0: pending`,
    `2 ${tried} 72/0: launched`,
    `3 ${tried} 72/0: Parsl task %s try %s launched on executor %s with executor id %s`,
    `4 ${tried} 72/0: Task %s try %s failed with exception of type ManagerLost`,
    `5 ${tried} 72/0: fail_retryable`,
    `6 ${tried} 72/1: pending`,
    `7 ${tried} 72/1: launched`,
    `8 ${tried} 72/1: Parsl task %s try %s launched on executor %s with executor id %s`,
    `9 ${tried} 72/1: joining`,
    `10 ${tried} 72/1: exec_done`,
    `11 ${task} 73: Task %s failed due to dependency failure`,
    `12 ${tried} 73/0: dep_fail`,
    `13 ${tried} 74/0: Task %s failed after %s retry attempts`,
    `14 ${tried} 74/0: failed`,
  ],
);

testEvents(
  "parsl.log: events of blocks and executors",
  "000/parsl.log",
  [
    state("Adding executor htex_many of type HighThroughputExecutor"),
    state("Adding executor htex_many"),
    state("[Scaling executor htex_many] Scaling out by 2 blocks"),
    state("[Scaling executor htex_many] Allocated block ID 0"),
    state("[Scaling executor htex_many] Launched block 0 with job ID 10268"),
    state("Launched block 1 on executor htex_many with job ID 10278"),
  ].map((line) => line.replace("1795350924", "1795344174")),
  [
    "1 parsl.executor htex_many: added",
    "2 parsl.executor htex_many: Adding executor %s",
    "3 parsl.executor htex_many: scaling out",
    "4 parsl.executor.block htex_many/0: [Scaling executor %s] Allocated block ID %s",
    "5 parsl.executor.block htex_many/0: launched",
    "6 parsl.executor.block htex_many/1: launched",
  ],
  {
    "parsl.executor": [
      { executor: "htex_many", executor_type: "HighThroughputExecutor" },
    ],
    "parsl.executor.block": [
      { executor: "htex_many", block: "0", job: "10268" },
      { executor: "htex_many", block: "1", job: "10278" },
    ],
  },
);

const submits = (message: string) =>
  `1795344615.411096 2026-11-22 10:50:15 \
MainProcess-16417 MainThread-140570803093568 \
parsl.executors.workqueue.executor:496 submit DEBUG: ${message}`;

testEvents(
  "parsl.log: a Work Queue executor's tasks get its label from the launch",
  "000/parsl.log",
  [
    submits(
      "Creating executor task 3 for function <function top at 0x7f1479f236a0> with args (3, 0.02)",
    ),
    submits("Constructing map for local filenames at worker for task 3"),
    submits("Placing executor task 3 on message queue"),
    submits("Parsl task 0 try 0 launched on executor wq with executor id 3"),
    submits("Executor task 3 submitted as Work Queue task 4"),
    submits("Completed Work Queue task 4, executor task 3"),
    submits("Updating Future for executor task 3"),
  ],
  [
    `1 parsl.executors.workqueue.executor_task wq/3: Creating executor task %s for function %s with args (%s, %s)`,
    `2 parsl.executors.workqueue.executor_task wq/3: Constructing map for local filenames at worker for task %s`,
    `3 parsl.executors.workqueue.executor_task wq/3: executor_submitted`,
    `4 ${tried} 0/0: launched`,
    `5 parsl.executors.workqueue.executor_task wq/3: Executor task %s submitted as Work Queue task %s`,
    `6 parsl.executors.workqueue.executor_task wq/3: Completed Work Queue task %s, executor task %s`,
    `7 parsl.executors.workqueue.executor_task wq/3: executor_completed`,
  ],
  {
    "parsl.executors.workqueue.executor_task": [{
      executor: "wq",
      executor_task: "3",
      workqueue_task: "4",
      task: "0",
      try: "0",
    }],
  },
);

testEvents(
  "parsl.log: Work Queue executors with equal task numbers are kept apart",
  "000/parsl.log",
  [
    submits("Creating executor task 0 for function f"),
    submits("Parsl task 7 try 0 launched on executor one with executor id 0"),
    submits("Creating executor task 0 for function g"),
    submits("Parsl task 8 try 0 launched on executor two with executor id 0"),
  ],
  [
    "1 parsl.executors.workqueue.executor_task one/0: Creating executor task %s for function f",
    `2 ${tried} 7/0: launched`,
    "3 parsl.executors.workqueue.executor_task two/0: Creating executor task %s for function g",
    `4 ${tried} 8/0: launched`,
  ],
);

const first = (second: number, message: string) =>
  `2021-12-01 15:54:${second}.019 parsl.dataflow.dflow:587 [INFO]  ${message}`;

testEvents(
  "parsl.log of Parsl 1.1: a launch names neither its try nor the executor's task",
  "000/parsl.log",
  [
    first(50, "Task 3 submitted for App a, not waiting on any dependency"),
    first(51, "Task 3 launched on executor htex"),
    first(52, "Task 3 try 0 failed"),
    first(52, "Task 3 marked for retry"),
    first(53, "Task 3 launched on executor htex"),
    first(54, "Task 3 completed (launched -> exec_done)"),
  ],
  [
    `1 ${task} 3: submitted`,
    `2 ${tried} 3/0: launched`,
    `3 ${tried} 3/0: Task %s try %s failed`,
    `4 ${tried} 3/0: fail_retryable`,
    `5 ${tried} 3/1: launched`,
    `6 ${tried} 3/1: exec_done`,
  ],
  {
    [tried]: ["0", "1"].map((number) => ({
      task: "3",
      try: number,
      executor: "htex",
    })),
  },
);
