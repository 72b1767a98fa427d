import { lines, story, timesBetween } from "dnpc/questions";
import { sql } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { basename } from "node:path";
import { larger, onLogs, tzLogs, withFiles } from "../importers/logs.ts";

// grep -nE "\b[Tt]ask 50\b" parsl.log, without "waiting on task 50" of others;
// and by "executor id 21" there, grep -nE "\b21\b" in the logs of htex_beta.
const expected = {
  "parsl.log": [
    719,
    724,
    725,
    726,
    953,
    2478,
    2482,
    2483,
    2484,
    2485,
    4523,
    4524,
    4525,
  ],
  "interchange.log": [89, 90, 448, 458],
  "manager.log": [228],
  "worker_0.log": [63, 64, 65],
};

onLogs(
  "story() has every line of every log about a task",
  [larger("htex-head")],
  (db, { path }) => {
    const events = story(db, { task: "50" });
    const found = Map.groupBy(events, (row) => basename(row.path!));
    assert.deepEqual(
      Object.fromEntries(
        [...found].map(([log, rows]) => [log, rows.map(({ line }) => line)]),
      ),
      expected,
    );
    // The times of lines 90 and 448 of interchange.log.
    const [largest, ...more] = events.filter((event) => event.largest);
    assert.equal(more.length, 0);
    assert.ok(Math.abs(largest!.gap! - 11.610328) < 1e-5);
    assert.equal(largest!.event_type, "interchange_to_manager");
    assert.ok(largest!.usual_gap! < largest!.gap!);

    const other = { rundir: `${path}/000`, executor: "htex_beta" };
    assert.deepEqual(
      story(db, { ...other, executor_task: "21" })
        .map(({ event_id }) => event_id)
        .filter((id) => events.every(({ event_id }) => event_id !== id)),
      [],
    );
  },
);

onLogs(
  "story() separates tasks of equal number in two executors and two runs",
  [larger("htex-head"), larger("mon-htex")],
  (db, { name }) => {
    const events = name === "htex-head"
      ? story(db, { executor_task: 21 })
      : story(db, { task: 50 });
    assert.deepEqual([...new Set(events.map(({ entity }) => entity))], [1, 2]);
    assert.equal(
      new Set(events.map(({ run }) => run)).size,
      name === "htex-head" ? 1 : 2,
    );
  },
);

onLogs(
  "story() joins components without a parsl.log",
  [larger("htex-head")],
  (db) => {
    db.exec(`
      DELETE FROM span WHERE type LIKE 'parsl.rundir.%';
      DELETE FROM subspan`);
    const events = story(db, { executor: "htex_beta", executor_task: 21 });
    assert.deepEqual(events.map(({ line, entity }) => [line, entity]), [
      [89, 1],
      [90, 1],
      [448, 1],
      [228, 1],
      [63, 1],
      [64, 1],
      [65, 1],
      [458, 1],
    ]);
  },
);

// grep -A20 "Task 41 failed after" parsl.log
onLogs(
  "story() has the traceback where it happened, and lines() folds it",
  [tzLogs],
  (db) => {
    const [failed] = story(db, { task: "41" })
      .filter(({ more }) => more?.includes("always fails"));
    assert.equal(failed?.event_type, "failed");
    assert.equal(failed.text, "Task 41 failed after 2 retry attempts");
    assert.equal(failed.exception, "ValueError: task 0 always fails");
    assert.equal(failed.level, "ERROR");
    assert.equal(failed.more!.split("\n").length, 17);
    const [line] = lines(db, [failed]);
    assert.equal(line?.more, "ValueError: task 0 always fails (17 more lines)");
    assert.match(line.text!, /Task 41 failed after 2 retry attempts$/);
  },
);

/** The lines of a task in parsl.log, without their prefixes, by number. */
const messagesOf = (path: string, pattern: RegExp) =>
  Deno.readTextFileSync(path).split("\n").flatMap((line, i) =>
    pattern.test(line)
      ? [[i + 1, line.replace(/^.*? (?:DEBUG|INFO|WARNING|ERROR): /, "")]]
      : []
  );

onLogs(
  "story() gives the text of each line, also of events with a name",
  [larger("htex-head"), larger("mon-htex")],
  (db, { path }) => {
    const parsl = `${path}/000/parsl.log`;
    const events = story(db, { task: 79 }, { run: "000" })
      .filter((event) => event.path === parsl);
    assert.ok(events.some(({ named }) => named));
    assert.deepEqual(
      events.map(({ line, text }) => [line, text]),
      messagesOf(parsl, /\b[Tt]ask 79\b(?!, task)(?<!on task 79)/),
    );
  },
);

onLogs(
  "story() gives the message of a JSON record",
  [larger("obs-wf")],
  (db, { path }) => {
    const file = `${path}/000/parsl.jsonlog`;
    const records = Deno.readTextFileSync(file).split("\n");
    const events = story(db, { task: 79 });
    for (const { text, line } of events.filter(({ path }) => path === file)) {
      assert.equal(text, JSON.parse(records[line! - 1]!).formatted);
    }
    // grep -n '"HTEX task 163: put onto' interchange.jsonlog
    const put = events.find(({ text }) =>
      text === "HTEX task 163: put onto pending_task_queue"
    );
    assert.equal(put?.line, 2600);
    assert.equal(put.who, "MainThread@MainProcess-1145");
  },
);

// sqlite3 monitoring.db "SELECT task_status_name FROM status WHERE task_id = 79
//   AND run_id LIKE 'e810cbf3%'": pending, launched, running, running_ended,
// exec_done; and parsl.log has all but the ones of running.
onLogs(
  "story() names the row that an account of monitoring repeats",
  [larger("mon-htex")],
  (db) => {
    const events = story(db, { task: 79 }, { run: "000" });
    const byId = new Map(events.map((event) => [event.event_id, event]));
    const repeated = events.flatMap(({ repeats, component, event_type }) =>
      repeats === null
        ? []
        : [[component, event_type, byId.get(repeats)!.component]]
    );
    assert.deepEqual(
      repeated.sort(),
      ["exec_done", "launched", "pending"]
        .map((type) => ["parsl.monitoring", type, "parsl.rundir"]),
    );
    assert.deepEqual(
      events.filter(({ event_type }) => event_type.startsWith("running"))
        .map(({ text, who }) => `${who}: ${text}`),
      [
        "monitoring: task 79, try 0: running",
        "monitoring: task 79, try 0: running ended",
      ],
    );
  },
);

onLogs(
  "story() has words for events whose log is gone",
  [larger("htex-head")],
  (db) => {
    db.exec("UPDATE source SET path = '/gone' || path");
    const events = story(db, { task: 79 }, { events: "named" });
    assert.deepEqual(
      [...new Set(events.map(({ text }) => text))].slice(0, 3),
      [
        "task 79: submitted",
        "task 79, try 0: pending",
        "task 79, try 0: launched",
      ],
    );
  },
);

Deno.test("story() tells each attempt at a resent task under its own worker", () =>
  withFiles({
    "000/wq/transaction_log": [
      "1 WORKER worker-a 127.0.0.1:9 CONNECTION",
      "2 TASK 1 WAITING app FIRST_RESOURCES 1 {}",
      "3 TASK 1 RUNNING 127.0.0.1:9  FIRST_RESOURCES {}",
      "4 WORKER worker-a 127.0.0.1:9 DISCONNECTION FAILURE",
      "5 TASK 1 WAITING app FIRST_RESOURCES 2 {}",
      "6 WORKER worker-b 127.0.0.1:9 CONNECTION",
      "7 TASK 1 RUNNING 127.0.0.1:9  FIRST_RESOURCES {}",
      "8 TASK 1 WAITING_RETRIEVAL 127.0.0.1:9",
      "9 TRANSFER OUTPUT 1 0 5 10 out",
      "10 TASK 1 RETRIEVED SUCCESS 0 {} {}",
      "11 TASK 1 DONE SUCCESS 0 {} {}",
    ].map((line) =>
      line.replace(/^\d+/, (second) => `${Number(second) + 1e9}000000 5`) + "\n"
    ).join(""),
  }, (db) => {
    const seconds = (worker: string) =>
      story(db, { worker }).map(({ time }) => time! - 1e9);
    assert.deepEqual(seconds("worker-a"), [1, 2, 3, 4, 5]);
    assert.deepEqual(seconds("worker-b"), [2, 5, 6, 7, 8, 9, 10, 11]);
    const workers = sql`SELECT id FROM span WHERE type = 'workqueue.worker'`;
    assert.deepEqual(
      story(db, workers).map(({ entity }) => entity),
      [...Array(5).fill(1), ...Array(8).fill(2)],
    );
    assert.deepEqual(
      story(db, { workqueue_task: "1" }).map(({ text }) => text),
      [
        "TASK 1 WAITING app FIRST_RESOURCES 1 {}",
        "TASK 1 RUNNING 127.0.0.1:9  FIRST_RESOURCES {}",
        "TASK 1 WAITING app FIRST_RESOURCES 2 {}",
        "TASK 1 RUNNING 127.0.0.1:9  FIRST_RESOURCES {}",
        "TASK 1 WAITING_RETRIEVAL 127.0.0.1:9",
        "TRANSFER OUTPUT 1 0 5 10 out",
        "TASK 1 RETRIEVED SUCCESS 0 {} {}",
        "TASK 1 DONE SUCCESS 0 {} {}",
      ],
    );
    // The lost worker did not finish the first, nor run the second attempt.
    const running = db.query(timesBetween({
      root: "workqueue.worker",
      from: "workqueue.task/RUNNING",
      to: "workqueue.task/WAITING_RETRIEVAL",
    }));
    assert.deepEqual(
      running.map(({ start, end }) => [start, end]),
      [[1e9 + 3, null], [1e9 + 7, 1e9 + 8]],
    );
  }));
