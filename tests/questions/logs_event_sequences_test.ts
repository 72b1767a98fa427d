import { eventSequences } from "dnpc/questions";
import { strict as assert } from "node:assert";
import { larger, onLogs, wqLogs } from "../importers/logs.ts";

// Computed with Python from the lines "... TASK <id> <state>" of
// transaction_log: the seconds between states.
onLogs(
  "eventSequences() agrees with transaction_log",
  [wqLogs],
  (db) => {
    const near = (value: number | null | undefined, expected: number) =>
      assert.ok(Math.abs(value! - expected) < 2e-6, `${value} ${expected}`);
    const rows = eventSequences(db, "workqueue.task");
    assert.deepEqual(rows.map(({ spans }) => spans), [104, 104, 104, 104, 104]);
    const [, running, waiting] = rows;
    near(running!.since_before_mean, 16.984540);
    near(running!.since_before_p50, 3.249827);
    near(running!.since_before_p95, 56.209843);
    near(waiting!.since_before_minimum, 0.499398);
    near(waiting!.since_before_maximum, 3.180957);
  },
);

// Computed with Python: events of all spans reached from a task, by time.
onLogs(
  "eventSequences() finds all orders",
  [larger("htex-head")],
  (db) => {
    const rows = eventSequences(db, "parsl.rundir.task");
    assert.equal(rows.at(-1)!.sequence, 31);
    const first = rows.filter(({ step }) => step === 1);
    assert.deepEqual(first.slice(0, 4).map(({ spans }) => spans), [
      100,
      14,
      12,
      11,
    ]);
    assert.equal(first.reduce((sum, { spans }) => sum + spans, 0), 197);
    assert.deepEqual(
      rows.filter(({ sequence }) => sequence === 4)
        .map(({ event_type }) => event_type),
      ["submitted", "pending", "memo_done"],
    );
  },
);

// grep "launched on executor": 182 tasks once, 18 of them twice, 6 three times.
onLogs(
  "eventSequences() merges failed tries with the others",
  [larger("htex-head")],
  (db) => {
    const rows = eventSequences(db, "parsl.rundir.task", { align: "step" });
    assert.deepEqual(
      rows.filter(({ event_type }) => event_type === "launched")
        .map(({ nth, spans }) => [nth, spans]),
      [[1, 182], [2, 18], [3, 6]],
    );
    const before = (a: string, b: string, nth = 1) => {
      const place = (type: string, n: number) =>
        rows.find((row) => row.event_type === type && row.nth === n)!.step;
      assert.ok(place(a, 1) < place(b, nth), `${a} before ${b}`);
    };
    before("launched", "interchange_to_manager");
    before("worker_completed_task", "exec_done");
    before("fail_retryable", "launched", 2);
  },
);
