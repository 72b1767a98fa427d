import { importRuninfo } from "dnpc/importers";
import { steps } from "dnpc/questions";
import { createSchema, insertRows, openDatabase, sql } from "dnpc/sql";
import assert from "node:assert/strict";
import { rootValues } from "../../questions/events/root_values.ts";
import { assertLinear, processorTime } from "../importers/growth.ts";
import { onDatabase, onEngines } from "../sql/engines.ts";
import { addKnownSpans } from "../sql/spans.ts";

onDatabase("steps() numbers repeated events, and names their place", (db) => {
  const rundir = "/runinfo/000";
  const place = { rundir, executor: "htex", manager: "m" };
  addKnownSpans(db, [
    {
      type: "parsl.rundir.task",
      attributes: { rundir, app: "f" },
      events: [[1, "submitted"]],
    },
    {
      type: "parsl.rundir.try",
      attributes: { rundir, executor: "htex" },
      events: [[5, "launched"], [2, "launched"], [null, "pending"]],
    },
    {
      type: "parsl.executor.htex.worker.task",
      attributes: { ...place, block: "0", worker: "3" },
      events: [[3, "worker_received_task"]],
    },
    {
      type: "parsl.executor.htex.manager",
      attributes: { ...place, hostname: "node7" },
    },
  ]);
  db.exec(`
    INSERT INTO subspan VALUES (1, 2, NULL, NULL), (2, 3, NULL, NULL);
    INSERT INTO run (rundir) VALUES ('${rundir}')`);
  const rows = db.query(sql`
    SELECT run, time, event_type, nth, component, app, executor, block, manager,
      worker, host
    FROM (${steps("parsl.rundir.task")})`);
  const submit = "parsl.rundir";
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    ["000", null, "pending", 1, submit, "f", "htex", ...nothing(4)],
    ["000", 1, "submitted", 1, submit, "f", ...nothing(5)],
    ["000", 2, "launched", 1, submit, "f", "htex", ...nothing(4)],
    [
      "000",
      3,
      "worker_received_task",
      1,
      "parsl.executor.htex.worker",
      "f",
      "htex",
      "0",
      "m",
      "3",
      "node7",
    ],
    ["000", 5, "launched", 2, submit, "f", "htex", ...nothing(4)],
  ]);
});

const nothing = (count: number) => Array<null>(count).fill(null);

onEngines("steps() counts what each worker received", async (db) => {
  await importRuninfo(db, "tests/fixtures/tz/runinfo");
  const query = sql`
    SELECT host, worker, count(*) AS received
    FROM (${steps("parsl.rundir.task", { events: "named" })})
    WHERE event_type = 'worker_received_task'
    GROUP BY host, worker ORDER BY worker`;
  // grep -c "Received executor task" worker_*.log
  const expected = [
    { host: "vm", worker: "0", received: 41 },
    { host: "vm", worker: "1", received: 22 },
  ];
  assert.deepEqual([...db.query(query)], expected);
  assert.deepEqual([...db.query(query)], expected);
  db.exec("DELETE FROM subspan");
  assert.deepEqual([...db.query(query)], []);
});

// Also for the names by which durations and resources are grouped.
Deno.test("steps() of spans from a query takes linear time", () =>
  assertLinear(async (tasks) => {
    using db = await openDatabase();
    createSchema(db);
    const ids = Array.from({ length: tasks }, (_, i) => i + 1);
    insertRows(
      db,
      "span",
      ["id", "type", "key", "attributes"],
      ids.map((id) => [id, "a", `${id}`, `{"app":"app ${id % 3}"}`]),
    );
    insertRows(
      db,
      "event",
      ["span_id", "time", "type", "named"],
      ids.map((id) => [id, id, "x", 1]),
    );
    return processorTime(() => {
      const roots = sql`SELECT id FROM span WHERE type = 'a'`;
      assert.equal(db.query(steps(roots)).length, tasks);
      const { values } = rootValues(roots, ["app"], []);
      assert.equal(db.query(values).length, tasks);
    });
  }, 2000));
