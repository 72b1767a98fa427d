import { strict as assert } from "node:assert";
import { importWorkQueueLog } from "dnpc/importers";
import { story } from "dnpc/questions";
import { type Database, openDatabase } from "dnpc/sql";
import { rows } from "./databases.ts";
import {
  attributesOf,
  eventTexts,
  larger,
  onLogs,
  withFiles,
  wqLogs,
} from "./logs.ts";

/** The Work Queue task of each try, by its executor task. */
const bindings = (db: Database): [string, string][] =>
  rows(
    db,
    `SELECT y.attributes ->> 'executor_task', w.attributes ->> 'workqueue_task'
     FROM span y JOIN subspan one ON one.superspan_id = y.id
     JOIN span e ON e.id = one.subspan_id
     JOIN subspan two ON two.superspan_id = e.id
     JOIN span w ON w.id = two.subspan_id
     WHERE y.type = 'parsl.rundir.try' AND w.type = 'workqueue.task'
       AND e.type = 'parsl.executors.workqueue.executor_task'
     ORDER BY CAST(y.attributes ->> 'executor_task' AS INTEGER)`,
  ) as [string, string][];

// In these runs, a Work Queue task is the executor's number plus one; checked
// with awk over debug_log.
const inOrder = (tasks: number): [string, string][] =>
  Array.from({ length: tasks }, (_, i) => [String(i), String(i + 1)]);

for (
  const { set, tasks, lines, unknown } of [
    { set: larger("wq"), tasks: 104, lines: 4685, unknown: 10 },
    { set: larger("wq-2023"), tasks: 63, lines: 2863, unknown: 10 },
    { set: larger("desc-wq"), tasks: 63, lines: 3375, unknown: 10 },
  ]
) {
  onLogs(
    "importRuninfo() binds tries to Work Queue's tasks by debug_log",
    [set],
    (db, _, { sources, bindings: { contradicted } }) => {
      assert.deepEqual(bindings(db), inOrder(tasks));
      assert.equal(contradicted, 0);
      const log = sources.find(({ importer }) => importer === "debug_log")!;
      // No rule matches lines of sockets and name servers.
      assert.deepEqual(
        [log.lines, log.matched, log.unmatched, log.events, log.malformed],
        [lines, lines - unknown, unknown, lines - unknown, 0],
      );
      assert.equal(log.clock, "UTC, as parsl.log shows");
    },
  );
}

onLogs(
  "importRuninfo() binds the tries that a truncated debug_log names",
  [wqLogs],
  // Of 600 lines, as grep -c "tx to .*: task" finds.
  (db) => assert.equal(bindings(db).length, 12),
);

/** The files of a set, with a changed debug_log. */
const withDebugLog = (
  path: string,
  change: (text: string) => string,
) => {
  const executor = "000/WorkQueueExecutor";
  const text = (name: string) => Deno.readTextFileSync(`${path}/${name}`);
  return {
    "000/parsl.log": text("000/parsl.log"),
    [`${executor}/transaction_log`]: text(`${executor}/transaction_log`),
    [`${executor}/debug_log`]: change(text(`${executor}/debug_log`)),
  };
};

const exchanged = (text: string, pattern: RegExp, one: string, other: string) =>
  text.replace(pattern, (found) => found.endsWith(one) ? other : one);

const swaps: [whose: string, swap: (text: string) => string][] = [
  [
    "of Work Queue",
    (text) => exchanged(text, /(?<=: task )4[12]$/gm, "41", "42"),
  ],
  [
    "of the executor",
    (text) => exchanged(text, /(?<=function_data\/)004[01]/g, "0040", "0041"),
  ],
];

for (const [whose, swap] of swaps) {
  const { path, ignore } = larger("wq");
  Deno.test({
    name:
      `importRuninfo() swaps two bindings with two ids ${whose} in debug_log`,
    ignore,
    fn: () =>
      withFiles(withDebugLog(path, swap), (db) => {
        const expected = inOrder(104);
        expected[40] = ["40", "42"];
        expected[41] = ["41", "41"];
        assert.deepEqual(bindings(db), expected);
      }),
  });
}

const at = "2026/11/22 10:44:50.15 work_queue_python[7] wq:";
const needs = (address: string, number: string, file = "function") =>
  `${at} vm (${address}) needs file /some where/function_data/${number}/${file} (offset 0 length 72) as 'file-1-x-${file}'`;
const sends = (address: string, task: number) =>
  `${at} tx to vm (${address}): task ${task}`;

const pairs = (
  claim: string,
  lines: string[],
  expected: Record<string, string | undefined>,
  contradicted = 0,
) =>
  Deno.test(`debug_log: ${claim}`, () =>
    withFiles(
      { "000/wq/debug_log": lines.join("\n") + "\n" },
      (db, report) => {
        const found = attributesOf(db, "workqueue.task")
          .map((task) => [task.workqueue_task, task.executor_task]);
        assert.deepEqual(Object.fromEntries(found), expected);
        assert.equal(report.bindings.contradicted, contradicted);
      },
    ));

const [a, b] = ["10.0.0.1:9", "10.0.0.2:9"];

pairs("lines of workers interleave", [
  needs(a, "0039"),
  needs(b, "0002"),
  needs(a, "0039", "map"),
  sends(b, 3),
  sends(a, 40),
], { 3: "2", 40: "39" });

pairs("a task that is sent twice keeps its executor task", [
  needs(a, "12345"),
  sends(a, 40),
  needs(b, "12345"),
  sends(b, 40),
], { 40: "12345" });

pairs("a file that another task needed is not used", [
  needs(a, "0039"),
  `${at} vm (${a}) failed to send file-1-x-function (0 bytes sent).`,
  sends(a, 41),
  needs(b, "0040"),
  `${at} worker vm (${b}) removed`,
  sends(b, 42),
  sends(a, 43),
], { 41: undefined, 42: undefined, 43: undefined });

pairs(
  "a task that was sent with two functions gets no executor task",
  [
    needs(a, "0039"),
    sends(a, 40),
    needs(a, "0050"),
    sends(a, 40),
  ],
  { 40: undefined },
  1,
);

pairs(
  "a function that was sent as two tasks is a contradiction",
  [
    needs(a, "0039"),
    sends(a, 40),
    needs(a, "0039"),
    sends(a, 41),
  ],
  { 40: "39", 41: "39" },
  1,
);

Deno.test("debug_log: a contradiction with parsl.log is reported and binds nothing", () => {
  const submitted =
    "1795344290.000000 2026-11-22 10:44:50 P-1 T-2 parsl.executors.workqueue.executor:9 f INFO: ";
  return withFiles({
    "000/parsl.log": [
      `${submitted}Creating executor task 39 for function f with args ()`,
      `${submitted}Parsl task 0 try 0 launched on executor wq with executor id 39`,
      `${submitted}Executor task 39 submitted as Work Queue task 40`,
    ].join("\n") + "\n",
    "000/wq/debug_log": [needs(a, "0038"), sends(a, 40)].join("\n") + "\n",
  }, (db, { bindings: { contradictions } }) => {
    const [{ sides, on }] = contradictions as [typeof contradictions[0]];
    assert.equal(on.workqueue_task, "40");
    assert.deepEqual(
      sides.map(({ values }) => values.executor_task).sort(),
      ["38", "39"],
    );
    assert.deepEqual(bindings(db), []);
  });
});

Deno.test("debug_log: a line is an event of the task, worker or manager it names", () =>
  withFiles({
    "000/wq/debug_log": [
      "2026/11/22 10:44:45.27 work_queue_python[7] tcp: listening on port 9123",
      `${at} worker ${a} connected`,
      `${at} rx from unknown (${a}): workqueue 9 vm Linux x86_64 8.0.0`,
      `${at} rx from vm (${a}): info worker-id worker-36`,
      `${at} Task 40 state change: UNKNOWN (0) to WAITING (1)`,
      sends(a, 40),
      `${at} tx to vm (${a}): cmd 12`,
      `${at} echo "a b`,
      'c"',
      `${at} tx to vm (${a}): infile file-0-ed66-my data.csv my data.csv 1`,
      `${at} tx to vm (${a}): end`,
      `${at} tx to vm (${a}): put file-0-ed66-my data.csv 5 0644`,
      `${at} rx from vm (${a}): result 0 0 0 615570 40`,
      `${at} worker vm (${a}) removed`,
      `${at} rx from vm (${a}): alive`,
      `${at} workers connections -- known: 0, connecting: 0, available: 0.`,
      "garbage[7] wq: cut",
    ].join("\n") + "\n",
  }, (db, { sources: [source] }) => {
    const worker = "workqueue.worker wq/worker-36";
    const task = "workqueue.task wq/40";
    assert.deepEqual(eventTexts(db), [
      `2 ${worker}: worker %s connected`,
      `3 ${worker}: rx from %s: workqueue %s`,
      `4 ${worker}: rx from %s: info %s`,
      `5 ${task}: Task %s state change: UNKNOWN (%s) to WAITING (%s)`,
      `6 ${task}: tx to %s: task %s`,
      `7 ${task}: tx to %s: cmd %s`,
      `8 ${task}: %s`,
      `10 ${task}: tx to %s: infile %s`,
      `11 ${task}: tx to %s: end`,
      `12 ${worker}: tx to %s: put %s`,
      `13 ${task}: rx from %s: result %s`,
      `14 ${worker}: worker %s removed`,
      "15 workqueue.manager wq: rx from %s: alive",
      "16 workqueue.manager wq: workers connections -- known: %s, connecting: %s, available: %s.",
    ]);
    const { unmatched, continued, malformedLines } = source!;
    assert.deepEqual([unmatched, continued, malformedLines], [1, 1, [17]]);
    assert.equal(attributesOf(db, "workqueue.task")[0]!.command, 'echo "a b');
  }));

Deno.test("debug_log: a task that was resent is in both workers", () =>
  withFiles({
    "000/wq/debug_log": [
      `${at} rx from vm (${a}): info worker-id worker-a`,
      `${at} rx from vm (${b}): info worker-id worker-b`,
      sends(a, 40),
      `${at} Task 40 state change: WAITING (1) to RUNNING (2)`,
      `${at} worker vm (${a}) removed`,
      `${at} Task 40 state change: RUNNING (2) to WAITING (1)`,
      sends(b, 40),
      `${at} rx from vm (${b}): result 0 0 0 615570 40`,
      // The log does not have the id of this worker.
      sends("10.0.0.3:9", 40),
    ].join("\n") + "\n",
  }, (db) => {
    const linesUnder = (worker: string) =>
      story(db, { worker }).map(({ line }) => line);
    assert.deepEqual(linesUnder("worker-a"), [1, 3, 4, 5, 6, 9]);
    assert.deepEqual(linesUnder("worker-b"), [2, 6, 7, 8, 9]);
  }));

onLogs(
  "debug_log: has a bounded number of templates",
  [larger("wq")],
  (db) => {
    const templates = rows(
      db,
      `SELECT DISTINCT type FROM event WHERE source_id =
         (SELECT id FROM source WHERE importer = 'debug_log')`,
    );
    assert.ok(templates.length < 60, String(templates.length));
  },
);

Deno.test("importWorkQueueLog() recognizes a log of any name by its lines", async () => {
  const folder = `${wqLogs.path}/000/WorkQueueExecutor`;
  for (const log of ["debug_log", "transaction_log"]) {
    const copy = await Deno.makeTempFile();
    await Deno.copyFile(`${folder}/${log}`, copy);
    using db = await openDatabase();
    const { sources } = await importWorkQueueLog(db, copy);
    assert.deepEqual(sources.map(({ importer }) => importer), [log]);
    await Deno.remove(copy);
  }
});
