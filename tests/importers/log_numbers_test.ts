// Over 300 lines: a table of the metrics in log lines.

import { strict as assert } from "node:assert";
import { filesNamed, larger, logSets, onLogs, withFiles } from "./logs.ts";
import { measured, totals } from "./metrics.ts";

const before = (message: string, second = 0) =>
  `2026-11-22 10:40:${
    10 + second
  }.000 log:1 Main(1) MainThread f [DEBUG] ${message}\n`;
const unix = (message: string, second = 0, thread = "MainThread-2") =>
  `${1795344000 + second}.000000 2026-11-22 10:40:${
    String(second).padStart(2, "0")
  } MainProcess-1 ${thread} parsl.x:1 f DEBUG: ${message}\n`;

/** A line and the metrics of its span, as "family name value, name value". */
type Line = readonly [line: string, span?: string, numbers?: string];

/** Tests that the lines of a log give exactly these metrics. */
function testNumbers(
  claim: string,
  path: string,
  lines: readonly Line[],
  unmatched = 0,
): void {
  const expected = lines.flatMap(([, span, numbers = ""], i) => {
    const [, family, pairs = ""] = /^(\w+) (.*)/.exec(numbers) ?? [];
    return pairs.split(", ").filter((pair) => pair !== "")
      .map((pair) => `${i + 1} ${span}: ${family} ${pair}`);
  });
  Deno.test(claim, () =>
    withFiles(
      { [path]: lines.map(([line]) => line).join("") },
      (db, { sources: [source] }) => {
        assert.deepEqual(measured(db), expected);
        assert.equal(source!.metrics, expected.length);
        assert.equal(source!.unmatched, unmatched);
      },
    ));
}

const executor = "parsl.executor htex";
const manager = "parsl.executor.htex.manager htex/0/abc";
const managerLog = "000/htex/block-0/abc/manager.log";
const interchangeLog = "000/htex/interchange.log";

testNumbers(
  "manager.log: counts have the same names in every version",
  managerLog,
  [
    [
      before("[TASK_PULL_THREAD] ready workers:3, pending tasks:2"),
      manager,
      "manager ready_workers 3, pending_tasks 2",
    ],
    [
      before("ready workers: 1, pending tasks: 0"),
      manager,
      "manager ready_workers 1, pending_tasks 0",
    ],
    [
      before("Got executor tasks: [4, 5], cumulative count of tasks: 5"),
      manager,
      "manager cumulative_tasks 5",
    ],
    [
      before("Result send: Pushing 3 items"),
      manager,
      "manager pushed_results 3",
    ],
    [before("Result send: No items to push")],
    [
      before("Result send: check condition not met - deferring 2 result items"),
      manager,
      "manager deferred_results 2",
    ],
  ],
  1,
);

testNumbers(
  "manager.log: the seconds between heartbeats, by kind",
  managerLog,
  [
    [before("Sent heartbeat", 0)],
    [before("Got heartbeat from interchange", 1)],
    [
      before("Sent heartbeat", 30),
      manager,
      "heartbeat sent_heartbeat_gap 30",
    ],
    [
      before("Got heartbeat response from interchange", 35),
      manager,
      "heartbeat interchange_heartbeat_gap 34",
    ],
    [
      before("Sent heartbeat", 40),
      manager,
      "heartbeat sent_heartbeat_gap 10",
    ],
  ],
);

const registers =
  "Registration info for manager b'abc': {'uid': 'abc', 'block_id': '0'}";

testNumbers(
  "interchange.log: counts have the same names in every version",
  interchangeLog,
  ([
    [registers],
    [
      "Managers count (total/interesting): 3/2",
      executor,
      "managers_count ready 3, interesting 2",
    ],
    [
      "Managers count (interesting/total): 1/4",
      executor,
      "managers_count interesting 1, ready 4",
    ],
    [
      "[MAIN] leaving _ready_manager_queue section, with 5 managers still interesting",
      executor,
      "managers_count still_interesting 5",
    ],
    [
      "leaving _ready_managers section, with 6 managers still interesting",
      executor,
      "managers_count still_interesting 6",
    ],
    [
      "zmq.Again with 7 tasks in internal queue",
      executor,
      "pending_task_queue_length queued_tasks 7",
    ],
    [
      "TMP1: there are 8 tasks in the pending task queue",
      executor,
      "pending_task_queue_length queued_tasks 8",
    ],
    ["Fetched 9 tasks so far", executor, "interchange fetched_tasks 9"],
    [
      "Manager b'abc' has free capacity 10",
      manager,
      "manager_free_capacity free_capacity 10",
    ],
    [
      "Manager b'abc' is now saturated",
      manager,
      "manager_free_capacity free_capacity 0",
    ],
    [
      "Got 11 result items in batch from manager b'abc'",
      manager,
      "interchange results_in_batch 11",
    ],
    // The line above names the manager.
    [
      "Number of results in batch: 12",
      manager,
      "interchange results_in_batch 12",
    ],
    ["starting worker message section"],
    [
      "Number of results in batch: 13",
      executor,
      "interchange results_in_batch 13",
    ],
  ] as Line[]).map(([message, ...numbers]) => [before(message), ...numbers]),
  1,
);

testNumbers(
  "interchange.log: the seconds between a manager's heartbeats and before its loss",
  interchangeLog,
  [
    [unix(registers, 10)],
    [unix(registers.replaceAll("abc", "xyz"), 10)],
    [unix("Processing message type 'heartbeat' from manager b'abc'", 12)],
    [unix("Processing message type 'heartbeat' from manager b'xyz'", 13)],
    [
      unix("Manager b'abc' sent heartbeat via tasks connection", 14),
      manager,
      "heartbeat heartbeat_gap 2",
    ],
    [unix("Manager b'abc' sent heartbeat via results connection", 15)],
    [
      unix("Manager b'xyz': Processing message type 'heartbeat'", 18),
      manager.replace("abc", "xyz"),
      "heartbeat heartbeat_gap 5",
    ],
    [
      unix("Too many heartbeats missed for manager b'abc' - removing", 44),
      manager,
      "heartbeat heartbeat_gap 30",
    ],
  ],
);

const scaling = (message: string, second: number) =>
  unix(`[Scaling executor htex] ${message}`, second);

testNumbers(
  "parsl.log: the strategy's counts belong to the executor that a later line names",
  "000/parsl.log",
  [
    [
      unix(
        "Slot ratio calculation: active_slots = 2, active_tasks = 41",
        1,
        "T-1",
      ),
      executor,
      "slot_ratio active_slots 2, active_tasks 41",
    ],
    [
      unix(
        "Executor other has 1 active tasks and 0/1 running/pending blocks",
        1,
      ),
      "parsl.executor other",
      "strategy active_tasks 1, running_blocks 0, pending_blocks 1",
    ],
    [
      unix(
        "Executor htex has 41 active tasks, 1/0 running/pending blocks, and 3 connected workers",
        1,
        "T-1",
      ),
      executor,
      "strategy active_tasks 41, running_blocks 1, pending_blocks 0, " +
      "connected_workers 3",
    ],
    [
      unix("Counted 4 outstanding tasks with 8 outstanding slots", 2),
      executor,
      "strategy outstanding_tasks 4, outstanding_slots 8",
    ],
    [scaling("Allocated block ID 0", 2)],
    [
      scaling(
        "Executor 4 active tasks, 2 active slots, and 1/0 running/pending blocks",
        2,
      ),
      executor,
      "strategy active_tasks 4, active_slots 2, running_blocks 1, " +
      "pending_blocks 0",
    ],
    [
      scaling(
        "Slot ratio calculation: active_slots = 5, active_tasks = 6",
        3,
      ),
      executor,
      "slot_ratio active_slots 5, active_tasks 6",
    ],
    [
      scaling(
        "Executor htex has 6 active tasks and 1/2 running/pending blocks",
        3,
      ),
      executor,
      "strategy active_tasks 6, running_blocks 1, pending_blocks 2",
    ],
    // No line names its executor.
    [
      unix("Counted 7 outstanding tasks", 4),
      "parsl.rundir.workflow",
      "strategy outstanding_tasks 7",
    ],
    [
      unix("Counted 9 outstanding tasks", 5),
      executor,
      "strategy outstanding_tasks 9",
    ],
    [
      scaling(
        "Executor 9 active tasks, 2 active slots, and 1/0 running/pending blocks",
        5,
      ),
      executor,
      "strategy active_tasks 9, active_slots 2, running_blocks 1, " +
      "pending_blocks 0",
    ],
  ],
);

// By family and name: the files and the pattern that finds the number.
const numbers: Record<string, [file: RegExp, number: RegExp]> = {
  "manager ready_workers": [/^manager\./, /ready workers: (\d+)/],
  "manager pending_tasks": [/^manager\./, /pending tasks: (\d+)/],
  "manager cumulative_tasks": [
    /^manager\./,
    /cumulative count of tasks: (\d+)/,
  ],
  "managers_count interesting": [
    /^interchange\./,
    /Managers count \(interesting.total\): (\d+)/,
  ],
  "managers_count ready": [/^interchange\./, /Managers count .*: \d+\/(\d+)/],
  "managers_count still_interesting": [
    /^interchange\./,
    /with (\d+) managers still interesting/,
  ],
  "interchange fetched_tasks": [/^interchange\./, /Fetched (\d+) tasks so far/],
  "interchange results_in_batch": [
    /^interchange\./,
    /(?:results in batch: |Got (?=\d+ result items))(\d+)/,
  ],
  "pending_task_queue_length queued_tasks": [
    /^interchange\./,
    /there are (\d+) tasks in the pending/,
  ],
  "strategy active_tasks": [
    /^parsl\./,
    /(\d+) active tasks(?:,| and) \d+/,
  ],
};

onLogs(
  "importRuninfo() has every metric of text and JSON logs",
  [...logSets, larger("obs-wf"), larger("head-json")],
  (db, { path }, report) => {
    const found = totals(db);
    for (const [name, [file, pattern]] of Object.entries(numbers)) {
      let [count, sum] = [0, 0];
      for (const log of filesNamed(path, file)) {
        for (const line of Deno.readTextFileSync(log).split("\n")) {
          // A JSON line repeats its message; only one copy is formatted.
          const text = line.startsWith("{") ? JSON.parse(line).formatted : line;
          const [, value] = pattern.exec(text) ?? [];
          if (value === undefined) continue;
          count++;
          sum += Number(value);
        }
      }
      assert.deepEqual(found.get(name) ?? [0, 0], [count, sum], name);
    }
    assert.equal(
      report.metrics,
      db.query<{ n: number }>("SELECT count(*) AS n FROM metric")[0]!.n,
    );
  },
);
