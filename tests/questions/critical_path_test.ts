import { strict as assert } from "node:assert";
import { importMonitoringDb } from "dnpc/importers";
import { criticalPath, type CriticalTask, taskGraph } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import { isWhole } from "../faults/figures.ts";
import { onDatabase } from "../sql/engines.ts";
import { addKnownSpans, type TestSpan } from "../sql/spans.ts";
import { askPython, isThere } from "../importers/databases.ts";
import { assertLinear, processorTime } from "../importers/growth.ts";
import { larger, onLogs, tzLogs, wqLogs } from "../importers/logs.ts";

const parts = "submitting launching retrying queued running returning joining"
  .split(" ") as (keyof CriticalTask)[];

/** Each link begins where the previous one ends, and its parts add up. */
function assertWhole(path: readonly CriticalTask[]): void {
  path.forEach((row, i) => {
    if (i > 0) assert.equal(row.start, path[i - 1]!.end);
    assert.equal(row.contributed, row.end - row.start);
    const sum = parts.reduce((sum, part) => sum + Number(row[part] ?? 0), 0);
    assert.ok(Math.abs(sum - row.contributed) < 1e-5, `${sum}`);
    for (const part of parts) assert.ok(Number(row[part] ?? 0) >= 0);
    assert.ok(row.slack === null || row.slack >= 0);
  });
}

for (const name of ["mon-htex", "wq-2023", "wq", "desc-wq"]) {
  const path = `../shared/data/${name}/runinfo/monitoring.db`;
  Deno.test({
    name: `criticalPath() to each task agrees with Python [${name}]`,
    ignore: !isThere(path),
    fn: async () => {
      const script = Deno.readTextFileSync("tests/questions/critical_paths.py");
      const output = await askPython(script, path);
      if (output === undefined) return;
      using db = await openDatabase(undefined, { engine: "native" });
      await importMonitoringDb(db, path, { timeZone: "UTC" });
      const expected: [string, string[]][] = Object.entries(JSON.parse(output));
      assert.ok(expected.length > 60);
      let [joins, long] = [0, 0];
      // The fast suite compares up to 200 tasks.
      const step = isWhole ? 1 : Math.ceil(expected.length / 200);
      for (const [name, links] of expected.filter((_, i) => i % step === 0)) {
        const [run, task] = name.split("/") as [string, string];
        const found = criticalPath(db, { run, task });
        assertWhole(found);
        assert.deepEqual(
          found.map(({ task, part, end }) =>
            `${task}:${part}:${Math.round(end * 1e6)}`
          ),
          links,
        );
        if (found.some(({ part }) => part === "join")) joins++;
        if (found.length > 2) long++;
      }
      assert.ok(joins > 0 && long > 5, `${joins} ${long}`);
      assert.equal(
        new Set(criticalPath(db).map(({ run }) => run)).size,
        new Set(expected.map(([name]) => name.split("/")[0])).size,
      );
    },
  });
}

// Times from head -1 and grep "ask 167 " of parsl.log, and from its last worker.
onLogs(
  "criticalPath() breaks down the time of the last task",
  [larger("htex-head")],
  (db) => {
    const [row, ...others] = criticalPath(db);
    assert.deepEqual(others, []);
    assertWhole([row!]);
    const near = (found: number | null, expected: number) =>
      assert.ok(Math.abs(found! - expected) < 1e-5, `${found}`);
    const { task, app, state, tries } = row!;
    assert.equal([task, app, state, tries].join(" "), "167 badshell failed 3");
    near(row!.start, 1795344173.243011);
    near(row!.submitting, 1795344184.653899 - 1795344173.243011);
    near(row!.launching, 1795344184.667101 - 1795344184.653899);
    near(row!.retrying, 1795344194.85243 - 1795344184.667101);
    near(row!.end, 1795344194.869061);
  },
);

onLogs(
  "criticalPath() adds up for any combination of logs",
  [
    tzLogs,
    wqLogs,
    ...["threads", "obs-wf", "multi-htex", "multi-load"].map(larger),
  ],
  (db) => {
    const { nodes } = taskGraph(db);
    for (const [run, path] of Map.groupBy(criticalPath(db), ({ run }) => run)) {
      assertWhole(path);
      const ends = nodes.filter((node) => node.run === run)
        .map(({ ended }) => ended ?? -Infinity);
      assert.equal(path.at(-1)!.end, Math.max(...ends));
    }
  },
);

/** A task with one try; events are those of the try. */
const task = (
  number: string,
  submitted: number | null,
  events: [number, string][],
  attributes: Record<string, unknown> = {},
): TestSpan[] => [
  {
    type: "parsl.rundir.task",
    attributes: { run: "r", task: number, app: "app", ...attributes },
    events: submitted === null ? [] : [[submitted, "submitted"]],
  },
  {
    type: "parsl.rundir.try",
    attributes: { run: "r", task: number, try: "0", executor: "e" },
    events,
  },
];

/** Sets keys as imports do, so that lists of tasks find them. */
function addTasks(db: Parameters<typeof addKnownSpans>[0], spans: TestSpan[]) {
  addKnownSpans(db, spans);
  db.exec(`UPDATE span SET key = 'r/' || (attributes ->> 'task')
    WHERE type = 'parsl.rundir.task'`);
}

const done = (launched: number, ended: number): [number, string][] => [
  [launched, "launched"],
  [ended, "exec_done"],
];

const chain = (db: Parameters<typeof addKnownSpans>[0], of?: string) => {
  const path = criticalPath(db, of === undefined ? {} : { task: of });
  assertWhole(path);
  return path.map(({ task, part, start, end, slack }) =>
    `${task} ${part} ${start}-${end} ${slack}`
  );
};

onDatabase("criticalPath() follows the latest end and has its slack", (db) => {
  addTasks(db, [
    ...task("0", 1, done(2, 10)),
    ...task("1", 1, done(2, 7)),
    ...task("2", 3, done(11, 30), { depends: ["0", "1"] }),
    ...task("3", 3, done(4, 28)),
  ]);
  assert.deepEqual(chain(db), ["0 task 1-10 3", "2 task 10-30 2"]);
  assert.deepEqual(chain(db, "1"), ["1 task 1-7 null"]);
  assert.throws(() => chain(db, "9"), {
    name: "RangeError",
    message: 'there is no task "9": there are 4 tasks, from 0 to 3',
  });
  const [, last] = criticalPath(db);
  assert.deepEqual(parts.map((part) => last![part]), [0, 1, 0, null, 19, 0, 0]);
});

onDatabase("criticalPath() goes through a join app twice", (db) => {
  addTasks(db, [
    ...task("0", 1, [[2, "launched"], [6, "joining"], [31, "exec_done"]], {
      joins: ["2", "3"],
    }),
    ...task("1", 4, done(5, 15)),
    ...task("2", 5, done(16, 30), { depends: ["1"] }),
    ...task("3", 5, done(6, 20)),
  ]);
  assert.deepEqual(chain(db), [
    "0 start 1-4 null",
    "1 task 4-15 10",
    "2 task 15-30 10",
    "0 join 30-31 11",
  ]);
});

onDatabase(
  "criticalPath() terminates on cyclic and incomplete data",
  (db) => {
    addTasks(db, [
      // A cycle, and a task that waits for itself, an unfinished task and an
      // unknown task.
      ...task("0", 1, done(2, 10), { depends: ["1"] }),
      ...task("1", 1, done(2, 9), { depends: ["0"] }),
      ...task("2", 1, done(11, 40), { depends: ["2", "3", "4", "0", "77"] }),
      ...task("3", 1, [[2, "launched"]]),
      ...task("4", null, []),
      // An inner task that ends after the outer.
      ...task("5", 1, done(2, 8), { joins: ["6"] }),
      ...task("6", 3, done(4, 12)),
    ]);
    assert.equal(
      chain(db).join(", "),
      "1 task 1-9 8, 0 task 9-10 9, 2 task 10-40 28",
    );
    assert.equal(
      chain(db, "5").join(", "),
      "5 start 1-3 null, 6 task 3-8 null, 5 join 8-8 null",
    );
    assert.deepEqual(chain(db, "3"), []);
  },
);

onDatabase("taskGraph() has every task and every edge", (db) => {
  addTasks(db, [
    ...task("0", 1, done(2, 10)),
    ...task("10", 1, [[12, "launched"]], { depends: ["0", "2", "77"] }),
    ...task("2", 1, [[10, "dep_fail"]], { depends: ["0"] }),
    ...task("3", 1, done(2, 10), { depends: ["4"] }),
    ...task("4", 1, [[2, "memo_done"]], { depends: ["3"] }),
  ]);
  const { nodes, edges } = taskGraph(db);
  assert.deepEqual(
    nodes.map(({ task, app, state, duration, depth }) => [
      task,
      app,
      state,
      duration,
      depth,
    ]),
    [
      ["0", "app", "exec_done", 9, 0],
      ["2", "app", "dep_fail", 9, 1],
      ["3", "app", "exec_done", 9, null],
      ["4", "app", "memo_done", 1, null],
      ["10", "app", "launched", null, 2],
    ],
  );
  assert.deepEqual(
    edges.map(({ from, to, kind, delay, from_id }) => [
      from,
      to,
      kind,
      delay,
      from_id,
    ]),
    [
      ["0", "2", "depends", null, 1],
      ["4", "3", "depends", 0, 9],
      ["3", "4", "depends", null, 7],
      ["0", "10", "depends", 2, 1],
      ["2", "10", "depends", 2, 5],
      ["77", "10", "depends", null, null],
    ],
  );
  assert.throws(() => taskGraph(db, { run: "s" }), /no run "s"\. The run is r/);
});

// sqlite3 monitoring.db "SELECT count(*) FROM task", and
// taskDependencies().
onLogs(
  "taskGraph() of two runs keeps them apart",
  [larger("mon-htex")],
  (db) => {
    const { nodes, edges } = taskGraph(db);
    assert.deepEqual([nodes.length, edges.length], [394, 206]);
    const [{ run } = { run: "" }] = nodes;
    const one = taskGraph(db, { run });
    assert.deepEqual([one.nodes.length, one.edges.length], [197, 103]);
    const known = new Set(one.nodes.map(({ task }) => task));
    assert.ok(
      one.edges.every(({ from, to }) => known.has(from) && known.has(to)),
    );
    assert.ok(one.nodes.every(({ duration }) => duration! >= 0));
  },
);

Deno.test("criticalPath() and taskGraph() take linear time", () =>
  assertLinear(async (tasks) => {
    using db = await openDatabase(undefined, { engine: "native" });
    const spans = Array.from({ length: tasks }, (_, i): TestSpan[] => {
      const attributes = { run: "r", task: String(i) };
      const depends = i ? [String(i - 1), String(i >> 1)] : [];
      return [
        {
          type: "parsl.rundir.task",
          attributes: { ...attributes, depends },
          events: [[0, "submitted"]],
        },
        {
          type: "parsl.rundir.try",
          attributes: { ...attributes, try: "0" },
          events: [[i, "launched"], [i + 1, "exec_done"]],
        },
      ];
    });
    addKnownSpans(db, spans.flat());
    return processorTime(() => {
      assert.equal(criticalPath(db).length, tasks);
      assert.equal(taskGraph(db).nodes.at(-1)!.depth, tasks - 1);
    });
  }, 5_000));
