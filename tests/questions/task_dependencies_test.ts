import { strict as assert } from "node:assert";
import { importMonitoringDb } from "dnpc/importers";
import { taskDependencies } from "dnpc/questions";
import {
  createSchema,
  type Database,
  insertRows,
  openDatabase,
  sql,
} from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { askPython, makeDatabase, smallest } from "../importers/databases.ts";
import {
  attributesOf,
  larger,
  onLogs,
  tzLogs,
  withFiles,
  wqLogs,
} from "../importers/logs.ts";

const edges = (
  db: Database,
  options?: Parameters<typeof taskDependencies>[0],
): string[] =>
  db.query(sql`
    SELECT coalesce(run_id, edge.run) AS run, task, depends_on, kind, depends_on_id IS NULL AS is_missing,
      dependency.attributes ->> 'task' AS found
    FROM (${taskDependencies(options)}) AS edge
      LEFT JOIN run_label ON label = edge.run LEFT JOIN run USING (id)
      LEFT JOIN span AS dependency ON dependency.id = depends_on_id`)
    .map(({ run, task, depends_on, kind, is_missing, found }) => {
      if (!is_missing) assert.equal(found, depends_on);
      return `${run} ${task} ${kind} ${depends_on}`;
    }).sort();

// The two lists of task numbers in a database, split by Python.
const script = `
import sqlite3, sys
db = sqlite3.connect("file:%s?mode=ro&immutable=1" % sys.argv[1], uri=True)
for kind, table in (("depends", "task"), ("joins", "try")):
    query = "SELECT run_id, task_id, task_%s FROM %s" % (kind, table)
    for run, task, others in db.execute(query):
        for other in (others or "").split(","):
            if other: print(run, task, kind, other)
`;

const monitored = [
  tzLogs,
  wqLogs,
  ...["mon-htex", "wq-2023", "multi-load", "multi-htex", "desc-wq"].map(larger),
  larger("head-json"),
];

onLogs(
  "taskDependencies() has the dependencies of monitoring's lists, with or without logs",
  monitored,
  async (db, { path }) => {
    const output = await askPython(script, `${path}/monitoring.db`);
    if (output === undefined) return;
    const expected = output.split("\n").sort();
    assert.ok(expected.length > 10);
    assert.deepEqual(edges(db), expected);
    assert.deepEqual(edges(db, { component: "parsl.monitoring" }), expected);
    assert.deepEqual(edges(db, { component: "parsl.rundir" }), expected);
  },
);

// grep -o "waiting on.*" | grep -o "task [0-9]*" | wc -l, and the lines "Join
// callback for task".
onLogs(
  "taskDependencies() finds dependencies from logs alone",
  ["threads", "htex-head", "obs-wf"].map(larger),
  (db, { name }) => {
    const counts: Record<string, [number, number]> = {
      threads: [54, 8],
      "htex-head": [91, 12],
      "obs-wf": [91, 12],
    };
    const [depends, joins] = counts[name]!;
    assert.equal(edges(db, { kind: "depends" }).length, depends);
    assert.equal(edges(db, { kind: "joins" }).length, joins);
    assert.equal(edges(db).length, depends + joins);
  },
);

Deno.test("taskDependencies() keeps a dependency that only one list has", () =>
  inFolder(async (folder) => {
    const path = makeDatabase(
      `${folder}/monitoring.db`,
      smallest(`
        ALTER TABLE task ADD task_depends TEXT;
        UPDATE task SET task_depends = '';
        INSERT INTO task VALUES ('r', 1, '0,7'), ('r', 2, 'a/b,0'),
          ('s', 7, NULL)`),
    );
    using db = await openDatabase();
    await importMonitoringDb(db, path);
    assert.deepEqual(
      db.query(sql`SELECT task, depends_on, depends_on_id IS NOT NULL AS found
                   FROM (${taskDependencies()}) ORDER BY task, depends_on`)
        .map(Object.values),
      [["1", "0", 1], ["1", "7", 0], ["2", "0", 1], ["2", "a/b", 0]],
    );
  }));

const line = (message: string) =>
  `1795344042.048999 2026-11-22 10:40:42 MainProcess-8690 MainThread-1 parsl.dataflow.dflow:1027 submit INFO: ${message}\n`;

Deno.test("importRuninfo() reads the dependencies of a task from parsl.log of all versions", () => {
  const cases: [string, string[] | undefined][] = [
    ["not waiting on any dependency", undefined],
    ["waiting on task 0", ["0"]],
    ["waiting on task 10, task 2", ["10", "2"]],
    ["waiting on tasks [1, 2]", ["1", "2"]],
    ["waiting on DataFuture from task 3", ["3"]],
    ["waiting on <Future at 0x7f12a state=running>, task 5", ["5"]],
    ["waiting on <Future at 0x7f12a state=pending>", undefined],
  ];
  const lines = cases.map(([words], i) =>
    line(`Task ${i} submitted for App left, ${words}`)
  );
  return withFiles({ "000/parsl.log": lines.join("") }, (db) => {
    assert.deepEqual(
      attributesOf(db, "parsl.rundir.task").map(({ depends }) => depends),
      cases.map(([, depends]) => depends),
    );
  });
});

Deno.test("taskDependencies() resolves joins by the memory addresses of futures", () =>
  withFiles({
    "000/parsl.log": [
      "Task 0 has AppFuture: <AppFuture at 0x7f0a state=pending>",
      // Task 2 reuses the address of task 0.
      "Task 2 set to pending state with AppFuture: <AppFuture at 0x7f0a state=pending>",
      "Task 3: has AppFuture: '<AppFuture at 0x7f0b state=pending>'",
      "Join callback for task 1, inner_app_future <AppFuture at 0x7f0b state=finished returned int>",
      "A joinable future <AppFuture at 0x7f0a state=pending> is not done for task 1 - skipping callback",
      "Join callback for task 1, inner_app_future <AppFuture at 0x7fff state=finished returned int>",
      "Task 4: join callback with inner_app_future <AppFuture at 0x7f0a state=finished raised E>",
      "Join callback for task 5, inner_app_future None",
    ].map(line).join(""),
  }, (db) => {
    assert.deepEqual(
      edges(db),
      ["000 1 joins 2", "000 1 joins 3"].concat(
        ["000 4 joins 2"],
      ),
    );
  }));

Deno.test("taskDependencies() refuses an unknown kind", () => {
  const kind = "other" as "joins";
  assert.throws(() => taskDependencies({ kind }), { name: "TypeError" });
});

Deno.test("taskDependencies() of 100,000 tasks is fast", async () => {
  using db = await openDatabase(undefined, { engine: "native" });
  createSchema(db);
  const tasks = Array.from({ length: 100_000 }, (_, i) => [
    "parsl.monitoring.task",
    `run/${i}`,
    JSON.stringify({
      run: "run",
      task: String(i),
      depends: i ? [String(i - 1), String(i >> 1)] : [],
    }),
  ]);
  insertRows(db, "span", ["type", "key", "attributes"], tasks);
  const [row] = db.query(sql`
    SELECT count(*) AS edges, count(depends_on_id) AS found
    FROM (${taskDependencies()})`);
  assert.deepEqual({ ...row }, { edges: 199_998, found: 199_998 });
});
