// TaskVine's logs lie beside the run directory of Parsl: what relates them.

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { importRuninfo } from "dnpc/importers";
import { attempts, story, whereIsEveryTask } from "dnpc/questions";
import { type Database, openDatabase } from "dnpc/sql";
import { sets, unpacked } from "../questions/workers_by_hand/by_hand.ts";
import { rows } from "./databases.ts";
import { onLogs, reached, withFiles } from "./logs.ts";

const setNamed = (name: string) => sets.find((set) => set.name === name)!;
const slots = setNamed("taskvine-slots");
const library = setNamed("taskvine-library");
/** No call ended, so no taskgraph lists any. */
const failing = setNamed("taskvine-library-failing");

onLogs(
  "attempts() knows the run and the app of tasks that TaskVine executed",
  [slots, library, failing],
  (db, { name }) => {
    const all = attempts(db);
    assert.deepEqual([...new Set(all.map(({ run }) => run))], ["000"]);
    assert.equal(all.filter(({ app }) => app === null).length, 0);
    // grep -c 'failed with exception of type' parsl.log: each try once
    const failed = all.filter(({ outcome }) => outcome === "failed");
    assert.equal(failed.length, name === failing.name ? 0 : 8);
  },
);

onLogs(
  "importRuninfo() nests TaskVine's tasks in the tries of their run",
  [slots, library, failing],
  (db, { name }) => {
    // In Python, from the inputs of each TASK in taskgraph, the FILE that is the
    // function, and "launched on executor vine with executor id" in parsl.log:
    // the pairs, those of a second try, and the sum of the products of numbers.
    // For calls that did not end, from "needs file" and "tx to" in debug.
    const pairs = rows(
      db,
      `${reached}
       SELECT count(*), sum(try.attributes ->> 'try'),
         sum((try.attributes ->> 'task') * (work.attributes ->> 'taskvine_task'))
       FROM reached JOIN span AS try ON try.id = try_id
         JOIN span AS work ON work.id = reached.id
       WHERE work.type = 'taskvine.task'`,
    );
    const counted = {
      [slots.name]: [44, 4, 24_430],
      [library.name]: [44, 4, 24_718],
      [failing.name]: [18, 0, 1938],
    };
    assert.deepEqual(pairs, [counted[name]]);
  },
);

onLogs(
  "whereIsEveryTask() and story() reach TaskVine's events",
  [slots, library],
  (db) => {
    // Distinct tasks in lines with " READY sleeper" or " RUNNING worker-"
    // without those of libraries: 44 each
    const counts = rows(
      db,
      `SELECT state, count(*) FROM (${whereIsEveryTask()})
       WHERE state IN ('in TaskVine', 'in a worker') GROUP BY 1`,
    );
    assert.deepEqual(counts, [["in TaskVine", 44], ["in a worker", 44]]);
    // grep " TASK 20 " transactions; Parsl launched its task 19 as number 19.
    const events = story(db, { task: "19" })
      .filter(({ span_type }) => span_type === "taskvine.task")
      .map(({ event_type }) => event_type)
      .filter((event) => event === event.toUpperCase());
    assert.deepEqual(events, [
      "READY",
      "RUNNING",
      "READY",
      "RUNNING",
      "WAITING_RETRIEVAL",
      "RETRIEVED",
      "DONE",
    ]);
  },
);

/** Spans and edges by keys, in any order. */
const content = (db: Database): string[] =>
  [
    ...rows(db, "SELECT type, key, attributes FROM span").map((
      [type, key, attributes],
    ) => [type, key, Object.entries(JSON.parse(String(attributes))).sort()]),
    ...rows(
      db,
      `SELECT outer.key, inner.type, inner.key, text FROM subspan
         JOIN span AS outer ON outer.id = superspan_id
         JOIN span AS inner ON inner.id = subspan_id
         LEFT JOIN rule ON rule.id = rule_id`,
    ),
  ].map((row) => JSON.stringify(row)).sort();

Deno.test("importRuninfo() relates TaskVine's logs to a run in any order", async () => {
  const runinfo = await unpacked(library);
  const imported = async (...folders: string[]) => {
    const db = await openDatabase();
    for (const folder of folders) {
      await importRuninfo(db, join(runinfo, folder));
    }
    return db;
  };
  using first = await imported("000", "vine");
  using second = await imported("vine", "000");
  assert.deepEqual(content(second), content(first));
  assert.equal(attempts(second).filter(({ task }) => task !== null).length, 48);
});

Deno.test("importRuninfo() keeps runs apart whose executors share a label", async () => {
  using db = await openDatabase();
  for (const set of [slots, library]) {
    const { bindings } = await importRuninfo(db, await unpacked(set));
    assert.equal(bindings.contradicted, 0);
  }
  // "Run id is" in each parsl.log, and the manager's number in transactions
  assert.deepEqual(
    rows(
      db,
      `SELECT attributes ->> 'manager_pid', attributes ->> 'run' FROM span
       WHERE type = 'taskvine.manager' ORDER BY 1`,
    ),
    [
      ["18083", "e9956f0b-75a0-422b-bc35-ed08e34138e1"],
      ["25982", "bb05d007-f2f4-476f-9a43-f843b9ac6847"],
    ],
  );
  assert.equal(
    attempts(db).filter(({ outcome }) => outcome === "failed").length,
    16,
  );
});

const directory = "/tmp/my-vine-me-20261130123304308060-betak04s";
const line = (message: string, logger = "parsl.dataflow.dflow") =>
  `1796041984.3 2026-11-30 12:33:04 MainProcess-1 MainThread-2 ${logger}:1 f INFO: ${message}\n`;
const parslLog = (functions: string) =>
  line("Run id is: r1") +
  line("Adding executor my-vine of type T") +
  line(
    `Function data directory: ${functions}, log directory: /home/me/runinfo/000/my-vine`,
    "parsl.executors.taskvine.executor",
  ) +
  line("Parsl task 7 try 1 launched on executor my-vine with executor id 16");

const graph = (...lines: string[]) =>
  ["# taskvine taskgraph version 2", ...lines, ""].join("\n");
const graphPath = "my-vine/2026-11-30T123305/vine-logs/taskgraph";

const executorTasks = (db: Database, type = "taskvine.graph.task") =>
  rows(
    db,
    `SELECT attributes ->> 'taskvine_task', attributes ->> 'executor_task',
       attributes ->> 'task', attributes ->> 'try'
     FROM span WHERE type = '${type}' ORDER BY 1`,
  );

Deno.test("taskgraph: an input that is an executor's function gives the try", () =>
  withFiles({
    "000/parsl.log": parslLog(directory),
    [graphPath]: graph(
      `FILE file-meta-a "${directory}/0016/function" 9`,
      `FILE file-meta-b "/home/me/0003/function" 9`,
      `FILE file-meta-c "${directory}/0016/argument" 9`,
      `TASK T3 "python3" INPUTS file-meta-a file-meta-c OUTPUTS `,
      `TASK T4 "python3" INPUTS file-meta-b OUTPUTS `,
    ),
  }, (db) =>
    assert.deepEqual(executorTasks(db), [
      ["3", "16", "7", "1"],
      ["4", null, null, null],
    ])));

Deno.test("taskgraph: a file that is several functions gives no try", () =>
  withFiles({
    "000/parsl.log": parslLog(directory),
    [graphPath]: graph(
      `FILE file-md5-a "${directory}/0016/function" 9`,
      `FILE file-md5-a "${directory}/0017/function" 9`,
      `TASK T3 "python3" INPUTS file-md5-a OUTPUTS `,
    ),
  }, (db) => assert.deepEqual(executorTasks(db), [["3", null, null, null]])));

Deno.test("taskgraph: functions of two executors in one log are a contradiction", () =>
  withFiles({
    "000/parsl.log": parslLog(directory),
    "001/parsl.log": parslLog(`${directory}2`).replace("r1", "r2")
      .replace("betak04s2", "other000"),
    [graphPath]: graph(
      `FILE file-meta-a "${directory}/0016/function" 9`,
      `FILE file-meta-b "${
        directory.replace("betak04s", "other000")
      }/0016/function" 9`,
      `TASK T3 "python3" INPUTS file-meta-a OUTPUTS `,
      `TASK T4 "python3" INPUTS file-meta-b OUTPUTS `,
    ),
    "my-vine/2026-11-30T123305/vine-logs/transactions":
      "1796041985458063 25982 TASK 3 READY sleeper FIRST_RESOURCES 1 {}\n",
  }, (db, { bindings: { contradictions } }) => {
    assert.ok(
      contradictions.some(({ rule }) =>
        rule === "implies: rundir, executor => function_data"
      ),
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'run' FROM span WHERE type = 'taskvine.task'`,
      ),
      [[null]],
    );
  }));

const debugPath = "my-vine/2026-11-30T123305/vine-logs/debug";
const debug = (...messages: string[]) =>
  messages.map((message) =>
    `2026/11/30 12:33:09.33 vine_manager[25982]vine: ${message}\n`
  ).join("");
const needs = (worker: string, number: string) =>
  `node1 (${worker}) needs file ${directory}/${number}/function as function`;
const sends = (worker: string, task: number) =>
  `tx to node1 (${worker}): task ${task}`;

for (
  const [claim, messages, expected] of [
    [
      "a task is sent after the function that its worker needs",
      [needs("h:1", "0016"), needs("h:2", "0017"), sends("h:1", 3)],
      [["3", "16", "7", "1"]],
    ],
    [
      "a task without a function, as a library, is of no executor",
      [sends("h:1", 3), needs("h:2", "0016"), sends("h:1", 4)],
      [],
    ],
    [
      "a worker that left needs nothing",
      [needs("h:1", "0016"), "worker node1 (h:1) removed", sends("h:1", 3)],
      [],
    ],
    [
      "a task that was sent with two functions is of neither",
      ["0016", "0017"].flatMap((number) => [
        needs("h:1", number),
        sends("h:1", 3),
      ]),
      [],
    ],
  ] as const
) {
  Deno.test(`TaskVine's debug: ${claim}`, () =>
    withFiles({
      "000/parsl.log": parslLog(directory),
      [debugPath]: debug(...messages),
    }, (db, { sources }) => {
      const log = sources.find(({ importer }) => importer === "debug")!;
      assert.equal(log.matched, messages.length);
      assert.deepEqual(
        executorTasks(db, "taskvine.task"),
        expected.map((row) => [...row]),
      );
    }));
}

Deno.test("TaskVine's debug: a contradiction with taskgraph binds nothing", () =>
  withFiles({
    "000/parsl.log": parslLog(directory),
    [graphPath]: graph(
      `FILE file-meta-a "${directory}/0016/function" 9`,
      `TASK T3 "python3" INPUTS file-meta-a OUTPUTS `,
    ),
    [debugPath]: debug(needs("h:1", "0017"), sends("h:1", 3)),
  }, (db, { bindings: { contradictions } }) => {
    assert.ok(
      contradictions.some(({ rule, on }) =>
        rule === "implies: rundir, executor, taskvine_task => executor_task" &&
        on.taskvine_task === "3"
      ),
    );
    const bound = rows(
      db,
      `SELECT count(*) FROM subspan JOIN span ON span.id = subspan_id
       WHERE type = 'taskvine.task'`,
    );
    assert.deepEqual(bound, [[0]]);
  }));
