import { strict as assert } from "node:assert";
import { type Database, insertRows, openDatabase, sql } from "dnpc/sql";
import { statesOverTime } from "dnpc/questions";
import { assertLinear, processorTime } from "../importers/growth.ts";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans } from "../sql/spans.ts";

const unnamed = { run: null, task: null, try: null, app: null };

/** Two tasks; the first has a try and a span of another component. */
function tasks(db: Database) {
  addKnownSpans(db, [
    {
      type: "parsl.rundir.task",
      events: [[1, "pending"], [9, "done"], [null, "odd"]],
    },
    { type: "parsl.rundir.task", events: [[2, "pending"]] },
    { type: "parsl.rundir.try", events: [[3, "running"], [1, "launched"]] },
    { type: "table.task", events: [[1, "pending"], [8, "done"]] },
  ]);
  db.exec(`
    INSERT INTO subspan VALUES (1, 3, '0', NULL);
    INSERT INTO facet VALUES (4, 1, NULL)`);
  insertRows(db, "event", ["span_id", "time", "type", "named"], [
    [1, 4, "Task %s waits", 0],
  ]);
}

onDatabase(
  "statesOverTime() uses the events of the root's component",
  (db) => {
    tasks(db);
    assert.deepEqual(
      db.query(statesOverTime("parsl.rundir.task"))
        .map(({ root_id, time, state, run }) => [root_id, time, state, run]),
      [
        [1, 1, "pending", null],
        [1, 1, "launched", null],
        [1, 3, "running", null],
        [1, 9, "done", null],
        [2, 2, "pending", null],
      ],
    );
  },
);

onDatabase("statesOverTime() can use the events of another component", (db) => {
  tasks(db);
  const expected = [
    { root_id: 1, time: 1, state: "pending", ...unnamed },
    { root_id: 1, time: 8, state: "done", ...unnamed },
  ];
  const component = "table";
  const query = statesOverTime("parsl.rundir.task", { component });
  assert.deepEqual([...db.query(query)], expected);
  const roots = sql`SELECT id FROM span WHERE type = ${"parsl.rundir.task"}`;
  const same = statesOverTime(roots, { component });
  assert.deepEqual([...db.query(same)], expected);
  assert.throws(() => statesOverTime(roots), { name: "TypeError" });
});

onDatabase("statesOverTime() filters by types", (db) => {
  tasks(db);
  const count = (options: Parameters<typeof statesOverTime>[1]) =>
    db.query(
      sql`SELECT * FROM (${statesOverTime("parsl.rundir.task", options)})`,
    )
      .length;
  assert.equal(count({ spanTypes: ["parsl.rundir.try"] }), 2);
  assert.equal(count({ eventTypes: ["pending", "done"] }), 3);
});

onDatabase("statesOverTime() uses templates that are asked for", (db) => {
  tasks(db);
  const asked = (options: Parameters<typeof statesOverTime>[1]) =>
    db.query(statesOverTime("parsl.rundir.task", options))
      .map(({ root_id, time, state }) => `${root_id} ${time} ${state}`);
  const template = "Task %s waits";
  assert.deepEqual(asked({ eventTypes: [template, "done"] }), [
    `1 4 ${template}`,
    "1 9 done",
  ]);
  assert.deepEqual(
    asked({
      order: ["pending", template, "done"],
      spanTypes: ["parsl.rundir.task"],
    }),
    ["1 1 pending", `1 4 ${template}`, "1 9 done", "2 2 pending"],
  );
  assert.deepEqual(asked({ order: [], eventTypes: ["done"] }), ["1 9 done"]);
});

/**
 * The states of one span with these events, both as "1 pending, 2 launched".
 */
function statesOf(
  db: Database,
  events: string,
  options?: Parameters<typeof statesOverTime>[1],
): string {
  const eventRows = events.split(", ").map((one) => {
    const [time, state] = one.split(" ");
    return [Number(time), state!] as const;
  });
  addKnownSpans(db, [{ type: "parsl.rundir.try", events: eventRows }]);
  return db.query(statesOverTime("parsl.rundir.try", options))
    .map(({ time, state }) => `${time} ${state}`).join(", ");
}

const ordered: Record<string, [events: string, states: string]> = {
  "keeps states that are in order": [
    "1 pending, 2 launched, 3 running, 4 running_ended, 5 exec_done",
    "1 pending, 2 launched, 3 running, 4 running_ended, 5 exec_done",
  ],
  "launches a span no later than it runs": [
    "1 pending, 2 running, 3 launched, 4 running_ended, 5 exec_done",
    "1 pending, 2 launched, 2 running, 4 running_ended, 5 exec_done",
  ],
  "launches a span no later than it is done": [
    "1 pending, 2 exec_done, 3 launched",
    "1 pending, 2 launched, 2 exec_done",
  ],
  "ends a span at its final state, even if another clock is late": [
    "1 pending, 2 launched, 5 exec_done, 60 running, 63 running_ended",
    "1 pending, 2 launched, 5 running, 5 running_ended, 5 exec_done",
  ],
  "ignores a repeated state": [
    "1 pending, 2 dep_fail, 3 dep_fail",
    "1 pending, 2 dep_fail",
  ],
  "ignores a repeated state that comes late": [
    "1 pending, 2 launched, 3 running, 4 launched, 5 exec_done",
    "1 pending, 2 launched, 3 running, 5 exec_done",
  ],
  "orders simultaneous states": [
    "1 exec_done, 1 running, 1 launched, 1 pending",
    "1 pending, 1 launched, 1 running, 1 exec_done",
  ],
  "starts over after a retry": [
    "1 pending, 2 running, 3 launched, 4 fail_retryable, 4 pending, " +
    "5 running, 6 launched, 7 fail_retryable, 8 pending, 9 exec_done",
    "1 pending, 2 launched, 2 running, 4 fail_retryable, 4 pending, " +
    "5 launched, 5 running, 7 fail_retryable, 8 pending, 9 exec_done",
  ],
  "allows states without an order to repeat": [
    "1 idle, 2 busy, 3 idle, 4 idle, 5 busy",
    "1 idle, 2 busy, 3 idle, 5 busy",
  ],
};

for (const [claim, [events, expected]] of Object.entries(ordered)) {
  onDatabase(`statesOverTime() ${claim}`, (db) => {
    assert.equal(statesOf(db, events), expected);
  });
}

onDatabase("statesOverTime() accepts another order, or none", (db) => {
  const events = "1 b, 2 a, 3 b, 4 launched, 5 pending";
  assert.equal(
    statesOf(db, events, { order: ["a", "b", "c"] }),
    "1 a, 1 b, 4 launched, 5 pending",
  );
  const query = statesOverTime("parsl.rundir.try", { order: [] });
  assert.equal(
    db.query(query).map(({ state }) => state).join(),
    "b,a,b,launched,pending",
  );
});

onDatabase(
  "statesOverTime() orders the states of each span separately",
  (db) => {
    addKnownSpans(db, [
      { type: "parsl.rundir.task" },
      {
        type: "parsl.rundir.try",
        events: [[1, "pending"], [5, "fail_retryable"]],
      },
      { type: "parsl.rundir.try", events: [[5, "pending"], [6, "failed"]] },
    ]);
    db.exec(
      "INSERT INTO subspan VALUES (1, 2, '0', NULL), (1, 3, '1', NULL)",
    );
    assert.deepEqual(
      db.query(statesOverTime("parsl.rundir.task")).map(({ state }) => state),
      ["pending", "fail_retryable", "pending", "failed"],
    );
  },
);

Deno.test("statesOverTime() takes linear time", () =>
  assertLinear(async (tries) => {
    using db = await openDatabase(undefined, { engine: "native" });
    const states = ["pending", "running", "launched", "joining", "exec_done"];
    addKnownSpans(
      db,
      Array.from({ length: tries }, (_, i) => ({
        type: "parsl.rundir.try",
        events: states.map((state, j) => [i + j, state] as const),
      })),
    );
    return processorTime(() => {
      const [row] = db.query(sql`
        SELECT count(*) AS changes, sum(time) AS sum
        FROM (${statesOverTime("parsl.rundir.try")})`);
      // Each try is launched one second before its launched event.
      const sum = 5 * tries * (tries - 1) / 2 + 9 * tries;
      assert.deepEqual({ ...row }, { changes: 5 * tries, sum });
    });
  }, 2_500));
