import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { larger, onLogs, withFiles } from "./logs.ts";

const line = (message: string) =>
  `1795344042.000000 2026-11-22 10:40:42 MainProcess-1 MainThread-2 parsl.x:1 f DEBUG: ${message}\n`;

const registers = (manager: string, block: string) =>
  line(`Registration info for manager b'${manager}': {'block_id': '${block}'}`);

// From a try through a span nested in it to the lost manager that contains
// that span.
const leads = `
  SELECT try.attributes ->> 'task' AS task, try.attributes ->> 'try' AS try,
    passed.attributes ->> 'executor_task' AS executor_task,
    manager.attributes ->> 'manager' AS manager
  FROM span AS try
  JOIN subspan AS down ON down.superspan_id = try.id
  JOIN span AS passed ON passed.id = down.subspan_id
  JOIN event AS cancelled
    ON cancelled.span_id = passed.id AND cancelled.type = 'manager_lost'
  JOIN subspan AS up ON up.subspan_id = passed.id
  JOIN span AS manager ON manager.id = up.superspan_id
  JOIN event AS lost ON lost.span_id = manager.id AND lost.type = 'lost'
  WHERE try.type = 'parsl.rundir.try'
    AND manager.type = 'parsl.executor.htex.manager'
  ORDER BY CAST(task AS INTEGER)`;

const parslLog = ["7", "8", "9"].map((task) =>
  line(`Task ${task} changing state from pending to launched`) +
  line(
    `Parsl task ${task} try 0 launched on executor htex with executor id 10${task}`,
  )
).join("");

for (
  const [version, missed, cancelling] of [
    [
      "text",
      "Too many heartbeats missed for manager b'aaa' - removing manager",
      "Cancelling htex tasks [107, 109] on removed manager",
    ],
    [
      "the prototype",
      "Manager b'aaa': Too many heartbeats missed - removing manager",
      "Manager b'aaa': Cancelling htex tasks [107, 109] on removed manager",
    ],
  ] as const
) {
  Deno.test(`importRuninfo() relates a try to its lost manager [${version}]`, () =>
    withFiles({
      "000/parsl.log": parslLog,
      "000/htex/interchange.log": registers("aaa", "0") +
        registers("bbb", "0") +
        line("Sent tasks: [107, 109] to manager b'aaa'") +
        line("Sent tasks: [108] to manager b'bbb'") + line(missed) +
        line("Sending message {'tasks': [107, 109]} to MonitoringHub") +
        line(cancelling) + line("Sent failure reports, unregistering manager"),
    }, (db) =>
      assert.deepEqual(rows(db, leads), [
        ["7", "0", "107", "aaa"],
        ["9", "0", "109", "aaa"],
      ])));
}

Deno.test("importRuninfo() relates a try to its lost manager if sending was not logged", () =>
  withFiles({
    "000/parsl.log": parslLog,
    "000/htex/interchange.log": registers("aaa", "0") +
      line("Too many heartbeats missed for manager b'aaa' - removing manager") +
      line("Cancelling htex tasks [107, 108] on removed manager") +
      line("Too many heartbeats missed for manager b'bbb' - removing manager") +
      line("Cancelling htex tasks [] on removed manager"),
  }, (db) =>
    assert.deepEqual(rows(db, leads), [
      ["7", "0", "107", "aaa"],
      ["8", "0", "108", "aaa"],
    ])));

onLogs(
  "importRuninfo() relates every try that failed with ManagerLost to a lost manager",
  [larger("multi-htex")],
  (db) => {
    // grep ManagerLost in parsl.log; cancelled tasks in interchange.log.
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'task', attributes ->> 'try',
           attributes ->> 'executor_task'
         FROM span WHERE type = 'parsl.rundir.try'
           AND attributes ->> 'exception' = 'ManagerLost'
         ORDER BY attributes ->> 'rundir', CAST(attributes ->> 'task' AS INTEGER)`,
      ).length,
      6,
    );
    const found = rows(db, leads).map(([, , task, manager]) =>
      `${manager} ${task}`
    );
    assert.deepEqual(found.toSorted(), [
      "82974ac1379a 126",
      "82974ac1379a 127",
      "82974ac1379a 132",
      "be0f1f4a4dfd 37",
      "be0f1f4a4dfd 54",
      "be0f1f4a4dfd 59",
    ]);
    assert.deepEqual(
      rows(
        db,
        `SELECT DISTINCT try.attributes ->> 'exception' FROM span AS try
         JOIN subspan ON superspan_id = try.id
         JOIN event ON span_id = subspan_id AND event.type = 'manager_lost'
         WHERE try.type = 'parsl.rundir.try'`,
      ),
      [["ManagerLost"]],
    );
    // Every sent task is nested in the manager that received it.
    assert.deepEqual(
      rows(
        db,
        `SELECT count(DISTINCT passed.id), sum(
           passed.attributes ->> 'block' = manager.attributes ->> 'block')
         FROM span AS passed
         JOIN subspan ON subspan_id = passed.id
         JOIN span AS manager ON manager.id = superspan_id
           AND manager.type = 'parsl.executor.htex.manager'
         WHERE passed.type = 'parsl.executor.htex.interchange.task'`,
      ),
      // Counted by a script over "Sent tasks": 122 and 162 in the two runs.
      [[284, 284]],
    );
  },
);
