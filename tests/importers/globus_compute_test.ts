import { importGlobusComputeLog, importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { archive, nestedTypes, withFiles } from "./logs.ts";

// Expected numbers come from grep -c over the logs.
const fixture = "tests/fixtures/globus_compute";
const utc = { timeZone: "UTC" };

Deno.test("importGlobusComputeLog() reads tasks with their states and exceptions", async () => {
  using db = await openDatabase();
  const report = await importGlobusComputeLog(db, fixture, utc);
  assert.equal(report.sources[0]?.malformed, 0);
  assert.deepEqual(
    rows(
      db,
      `SELECT event.type, count(*) FROM event JOIN span ON span.id = span_id
       WHERE span.type = 'globus_compute.task' AND named GROUP BY 1 ORDER BY 1`,
    ),
    [
      ["completed", 3],
      ["failed", 1],
      ["invoking", 3],
      ["preparing", 3],
      ["returned", 2],
      ["succeeded", 2],
    ],
  );
  assert.deepEqual(
    rows(
      db,
      `SELECT span.attributes ->> 'function', span.attributes ->> 'exception',
         span.attributes ->> 'exception_message', value
       FROM span JOIN metric ON span_id = span.id
       WHERE metric = 'globus_compute' ORDER BY value`,
    ),
    [
      ["double", null, null, 0.003226786],
      ["fail", "ValueError", "no 2", 0.003534452],
      ["double", null, null, 0.004686384],
    ],
  );
  // date -u -d "2026-11-30 03:09:11" +%s
  assert.deepEqual(
    rows(db, "SELECT min(time), key FROM event JOIN span ON span.id = span_id"),
    [
      [1796008151.803725, "effad27f-054a-4d04-a568-dd7ad2bbcdf1"],
    ],
  );
  assert.deepEqual(rows(db, nestedTypes), [
    ["globus_compute.endpoint", "globus_compute.task", 3],
    ["globus_compute.endpoint", "parsl.executor", 1],
    ["parsl.executor", "parsl.executor.block", 1],
  ]);
});

Deno.test("importGlobusComputeLog() keeps the causes of a failure in the endpoint", () =>
  withFiles(
    {
      "endpoint.log":
        "2026-11-30 03:09:11,803725 ERROR MainProcess-16826 MainThread-1401 " +
        "globus_compute_endpoint.endpoint.interchange:74 process Failed to process task 5\n" +
        `Traceback (most recent call last):
  File "a.py", line 1, in f
KeyError: 'a'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "a.py", line 3, in f
RuntimeError: b
`,
    },
    (db) =>
      assert.deepEqual(
        rows(
          db,
          `SELECT attributes ->> 'exception', attributes ->> 'exception_causes'
           FROM span WHERE type = 'globus_compute.task'`,
        ),
        [["RuntimeError", `["KeyError: 'a'"]`]],
      ),
  ));

const engine = archive("gce");

Deno.test({
  name: "importRuninfo() joins an endpoint's log with those of its engine",
  ignore: engine.ignore,
  fn: async () => {
    using db = await openDatabase();
    const { bindings } = await importRuninfo(db, engine.path, utc);
    // Without a parsl.log, there are no tries that could contain the tasks.
    assert.equal(bindings?.unbound, 0);
    assert.deepEqual(rows(db, nestedTypes), [
      ["globus_compute.endpoint", "parsl.executor", 1],
      ["parsl.executor", "parsl.executor.block", 1],
      ["parsl.executor.block", "parsl.executor.htex.manager", 1],
      [
        "parsl.executor.htex.manager",
        "parsl.executor.htex.interchange.task",
        30,
      ],
      ["parsl.executor.htex.manager", "parsl.executor.htex.manager.task", 30],
      ["parsl.executor.htex.manager", "parsl.executor.htex.worker", 2],
      ["parsl.executor.htex.worker", "parsl.executor.htex.worker.task", 30],
    ]);
    assert.deepEqual(
      rows(
        db,
        `SELECT span.attributes ->> 'job', event.type FROM span
       JOIN event ON span_id = span.id
       WHERE span.type = 'parsl.executor.block' AND event.type = 'launched'`,
      ),
      [["12910", "launched"]],
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT name, count(*) FROM metric WHERE metric = 'strategy'
         AND name = 'active_tasks'`,
      ),
      [["active_tasks", 4]],
    );
  },
});
