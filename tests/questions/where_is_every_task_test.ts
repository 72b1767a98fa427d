import { statesOverTime, taskPlaces, whereIsEveryTask } from "dnpc/questions";
import { type Database, sql } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans } from "../sql/spans.ts";
import {
  countLines,
  filesNamed,
  larger,
  onLogs,
  tzLogs,
} from "../importers/logs.ts";

const where = (
  db: Database,
  options?: Parameters<typeof whereIsEveryTask>[0],
) =>
  db.query(whereIsEveryTask(options)).map((row) =>
    `${row.root_id}: ${row.time} ${row.state}`
  );

const counts = (db: Database): Record<string, number> =>
  Object.fromEntries(
    db.query<{ state: string; entered: number }>(sql`
      SELECT state, count(*) AS entered FROM (${whereIsEveryTask()})
      GROUP BY state`).map(({ state, entered }) => [state, entered]),
  );

const htex = "parsl.executor.htex";

onDatabase("whereIsEveryTask() follows a task through all components", (db) => {
  addKnownSpans(db, [
    { type: "parsl.rundir.task", events: [[0, "submitted"]] },
    {
      type: "parsl.rundir.try",
      events: [[1, "pending"], [2, "launched"], [20, "exec_done"]],
    },
    {
      type: `${htex}.interchange.task`,
      events: [
        ...[[3, "interchange_queued"], [4, "interchange_to_manager"]] as const,
        [19, "interchange_removing_task"],
      ],
    },
    { type: `${htex}.manager.task`, events: [[5, "manager_got_task"]] },
    {
      type: `${htex}.worker.task`,
      events: [[6, "worker_received_task"], [16, "worker_completed_task"]],
    },
    { type: "parsl.monitoring.try", events: [[1, "pending"], [7, "running"]] },
  ]);
  db.exec(`
    INSERT INTO subspan VALUES (1, 2, '0', NULL), (2, 3, NULL, 1),
      (2, 4, NULL, 1), (2, 5, NULL, 1), (2, 5, NULL, 2);
    INSERT INTO facet VALUES (6, 2, 1)`);
  assert.deepEqual(where(db), [
    "1: 1 waiting on dependencies",
    "1: 2 in the DFK",
    "1: 3 in the interchange",
    "1: 4 in a manager",
    "1: 6 in a worker",
    "1: 16 returning",
    "1: 20 done",
  ]);
  const places = [
    { state: "on", entered: ["parsl.rundir.try/launched"] },
    { state: "off", entered: ["parsl.rundir.try/exec_done"] },
  ];
  assert.deepEqual(where(db, { places }), ["1: 2 on", "1: 20 off"]);
  assert.deepEqual(where(db, { places: [] }), []);
});

onDatabase(
  "whereIsEveryTask() orders the places of each try, and the next try follows",
  (db) => {
    addKnownSpans(db, [
      { type: "parsl.rundir.task" },
      {
        type: "parsl.rundir.try",
        events: [[1, "pending"], [4, "launched"], [5, "fail_retryable"]],
      },
      {
        type: "parsl.rundir.try",
        events: [[5, "pending"], [6, "launched"], [9, "failed"]],
      },
      {
        type: `${htex}.worker.task`,
        events: [[3, "worker_received_task"], [7, "worker_completed_task"]],
      },
      // A try that only monitoring has.
      {
        type: "parsl.monitoring.try",
        events: [[2, "pending"], [3, "memo_done"]],
      },
    ]);
    db.exec(`
    INSERT INTO subspan VALUES (1, 2, '0', NULL), (1, 3, '1', NULL),
      (2, 4, NULL, 1)`);
    assert.deepEqual(where(db), [
      "1: 1 waiting on dependencies",
      "1: 3 in the DFK",
      "1: 3 in a worker",
      "1: 5 returning",
      "1: 5 to be tried again",
      "1: 5 waiting on dependencies",
      "1: 6 in the DFK",
      "1: 9 failed",
      "5: 2 waiting on dependencies",
      "5: 3 done",
    ]);
  },
);

Deno.test("whereIsEveryTask() refuses an event without a span type", () => {
  const places = [{ state: "on", entered: ["launched"] }];
  assert.throws(() => whereIsEveryTask({ places }), {
    name: "TypeError",
    message: /"type\/event", not "launched"/,
  });
});

onDatabase("taskPlaces() names each event once", (db) => {
  addKnownSpans(db, []);
  assert.deepEqual(taskPlaces(db).map(({ state }) => state), [
    "waiting on dependencies",
    "in the DFK",
    "in the interchange",
    "in Work Queue",
    "in TaskVine",
    "in a manager",
    "in a worker",
    "returning",
    "joining",
    "done",
    "failed",
    "to be tried again",
  ]);
  const events = taskPlaces(db).flatMap(({ entered }) => entered);
  assert.equal(new Set(events).size, events.length);
  assert.ok(events.includes("taskvine.task/READY"));
});

onDatabase(
  "event_kind ranks pending first and fail_retryable last for tries",
  (db) => {
    addKnownSpans(db, []);
    const states = db.query<{ event_type: string }>(`
    SELECT event_type FROM event_kind WHERE span_type = 'parsl.rundir.try'
    ORDER BY rank`).map(({ event_type }) => event_type);
    assert.equal(states[0], "pending");
    assert.equal(states.at(-1), "fail_retryable");
  },
);

// Counts lines of each log.
onLogs(
  "whereIsEveryTask() enters each place as often as the logs record it",
  [tzLogs, ...["htex-head", "mon-htex", "multi-htex"].map(larger)],
  (db, { path }) => {
    const lines = (name: RegExp, pattern: RegExp) =>
      [...filesNamed(path, name)]
        .reduce((sum, file) => sum + countLines(file, pattern), 0);
    const entered = counts(db);
    assert.equal(
      entered["in the DFK"],
      lines(/^parsl\.log$/, /ask \d+ try \d+ launched on executor/),
    );
    assert.equal(
      entered["in the interchange"] ?? 0,
      lines(/^interchange\.log$/, /Put task \d+ onto/),
    );
  },
);

// Lines of each kind, counted with grep, sort and uniq; six of the 206 launched
// tries are join apps, which never reach a worker.
onLogs(
  "whereIsEveryTask() omits places without log events",
  [larger("htex-head"), larger("threads")],
  (db, { name }) => {
    const { done, failed, ...entered } = counts(db);
    const expected: Record<string, Record<string, number>> = {
      "htex-head": {
        "waiting on dependencies": 221,
        "in the DFK": 206,
        "in the interchange": 200,
        "in a manager": 200,
        "in a worker": 200,
        returning: 200,
        joining: 6,
        "to be tried again": 24,
      },
      threads: {
        "waiting on dependencies": 129,
        "in the DFK": 120,
        joining: 4,
        "to be tried again": 10,
      },
    };
    assert.deepEqual(entered, expected[name]);
    assert.equal(done! + failed!, name === "threads" ? 119 : 197);
  },
);

onLogs(
  "whereIsEveryTask() and statesOverTime() agree on how each task ends",
  [larger("head-json"), larger("obs-wf"), larger("wq")],
  (db) => {
    const [row] = db.query(sql`
      WITH placed AS (
        SELECT root_id, state, row_number() OVER (
          PARTITION BY root_id ORDER BY time DESC, state = 'returning') AS back
        FROM (${whereIsEveryTask()})),
      states AS (
        SELECT root_id, state, max(time)
        FROM (${
      statesOverTime("parsl.rundir.task", {
        spanTypes: ["parsl.rundir.try"],
      })
    }) GROUP BY root_id)
      SELECT count(*) AS tasks, sum(iif(
        states.state IN ('exec_done', 'memo_done'), placed.state = 'done',
        placed.state = 'failed')) AS alike
      FROM placed JOIN states USING (root_id) WHERE back = 1`);
    assert.equal(row!.tasks, row!.alike);
    assert.ok(Number(row!.tasks) > 100);
  },
);
