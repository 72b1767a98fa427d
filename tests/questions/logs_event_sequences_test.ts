import { eventSequences } from "dnpc/questions";
import { strict as assert } from "node:assert";
import { larger, onLogs, wqLogs } from "../importers/logs.ts";

// The lines "... TASK <id> <state>" of transaction_log, by Python: each state
// with the seconds since the one before.
onLogs(
  "eventSequences() measures what transaction_log says",
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

// By Python: what is reached from each task, its events in the order of time.
onLogs(
  "eventSequences() finds the orders that there are",
  [larger("htex-head")],
  (db) => {
    const rows = eventSequences(db, "parsl.rundir.task");
    assert.equal(rows.at(-1)!.sequence, 31);
    const first = rows.filter(({ step }) => step === 1);
    assert.deepEqual(first.slice(0, 4).map(({ spans }) => spans), [
      ...[100, 14, 12, 11],
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
  "eventSequences() has tries that failed in one picture with the others",
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
