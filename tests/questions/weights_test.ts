// The sums are from the logs, by Python: over the lines RUNNING and
// WAITING_RETRIEVAL of a transaction log in the order of time, the sum of what
// json.loads of RUNNING's object has.

import { strict as assert } from "node:assert";
import { spansBetween, statesOverTime } from "dnpc/questions";
import { openDatabase, sql } from "dnpc/sql";
import { assertLinear, processorTime } from "../importers/growth.ts";
import {
  archive,
  largerManagerLogs,
  onLogs,
  resourceLogs,
} from "../importers/logs.ts";
import { onDatabase } from "../sql/engines.ts";
import { addSpans, fromSentToCame, sendLetters } from "../sql/spans.ts";

const running = (type: string, weight: string) =>
  spansBetween({
    from: `${type}/RUNNING`,
    to: `${type}/WAITING_RETRIEVAL`,
    weight,
  });

onLogs(
  "spansBetween() adds up the cores of Work Queue's tasks",
  [resourceLogs],
  (db) => {
    const rows = db.query(running("workqueue.task", "cores"));
    assert.equal(rows.length, 20);
    assert.deepEqual(
      rows.slice(0, 5).map(({ time, cores, count }) => [time, cores, count]),
      [
        [1796041227.99089, 1, 1],
        [1796041229.997817, 3, 2],
        [1796041229.998612, 4, 3],
        [1796041232.48655, 3, 2],
        [1796041232.549314, 4, 3],
      ],
    );
    assert.deepEqual(rows.at(-1), {
      run: "000",
      time: 1796041252.47495,
      cores: 0,
      count: 0,
      change: -1,
      unended: 0,
      unweighted: 0,
    });
  },
);

const sums: [type: string, folder: string, weight: string, ...number[]][] = [
  // rows, maximum of the sum and of the count, integral of the sum
  [
    "taskvine.task",
    "minitask",
    "memory_mb",
    2000,
    314_000,
    157,
    35_696_914.288,
  ],
  [
    "workqueue.task",
    "wq-colmena",
    "memory_mb",
    2456,
    400_096,
    100,
    273_172_455.748,
  ],
  [
    "taskvine.task",
    "colmena-7.5",
    "disk_mb",
    2456,
    581_147,
    100,
    336_957_758.176,
  ],
];

onLogs(
  "spansBetween() adds up what a thousand tasks are allocated",
  [largerManagerLogs],
  (db) => {
    for (const [type, folder, weight, ...expected] of sums) {
      const root = sql`SELECT id FROM span WHERE type = ${type}
        AND instr(attributes ->> 'rundir', ${folder})`;
      const [from, to] = [`${type}/RUNNING`, `${type}/WAITING_RETRIEVAL`];
      const query = spansBetween({ from, to, root, weight });
      const [found] = db.query(sql`SELECT count(*), max(sum), max(count),
          round(sum(sum * (until - time)), 3)
        FROM (SELECT ${sql.id(weight)} AS sum, count, time,
          lead(time, 1, time) OVER (ORDER BY time) AS until FROM (${query}))`);
      assert.deepEqual(Object.values(found!), expected, folder);
    }
  },
);

onLogs(
  "a weight may be a metric of another component's span",
  [resourceLogs],
  (db) => {
    // SELECT sum(m) FROM (SELECT max(psutil_process_memory_resident) AS m
    //   FROM resource GROUP BY task_id): 2,689,712,128
    const weight = "psutil_process_memory_resident";
    const query = statesOverTime("parsl.rundir.try", { weight });
    const [found] = db.query(sql`
      SELECT count(*) AS tries, sum(${sql.id(weight)}) AS bytes
      FROM (${query}) WHERE state = 'launched'`);
    assert.deepEqual(found, { tries: 10, bytes: 2_689_712_128 });
  },
);

onLogs(
  "the weight of a list is its length",
  [archive("p26-mpi")],
  (db) => {
    // A sweep over "Received executor task" and "Completed executor task" of both
    // workers, with the nodes between them: 46 changes, at most 3 nodes at once.
    const type = "parsl.executor.htex.worker.task";
    const query = spansBetween({
      from: `${type}/worker_received_task`,
      to: `${type}/worker_completed_task`,
      weight: "nodes",
    });
    const [found] = db.query(sql`
      SELECT count(*) AS changes, max(nodes) AS nodes, max(count) AS tasks
      FROM (${query})`);
    assert.deepEqual(found, { changes: 46, nodes: 3, tasks: 1 });
  },
);

onLogs(
  "statesOverTime() has the memory of each task",
  [resourceLogs],
  (db) => {
    // grep 'RUNNING .*"memory":\[600,' | wc -l
    const query = statesOverTime("workqueue.task", { weight: "memory_mb" });
    assert.deepEqual(
      db.query(sql`SELECT memory_mb, count(*) FROM (${query})
        WHERE state = 'RUNNING' GROUP BY 1`).map(Object.values),
      [[300, 4], [600, 6]],
    );
  },
);

onLogs(
  "a mistyped weight is an error that lists the numbers there are",
  [resourceLogs],
  (db) => {
    const weight = "corse";
    const query = statesOverTime("parsl.rundir.try", { weight });
    assert.throws(() => db.query(query), {
      name: "RangeError",
      message:
        /^the spans have no number "corse": there are the attributes cores, cores_measured, .*, memory_mb, .*, and the metrics .*\. Did you mean cores\?$/,
    });
    const inside = sql`SELECT count(*) FROM (${query})`;
    assert.throws(() => db.query(inside), { name: "RangeError" });
    assert.throws(() => [...db.iterate(query)], { name: "RangeError" });
    // Less data is no mistake.
    assert.deepEqual([...db.query(running("taskvine.task", weight))], []);
  },
);

onDatabase("spansBetween() counts spans without a weight as 0", (db) => {
  sendLetters(db, [
    { sent: [10], came: [15] },
    { sent: [12], came: [16] },
    { sent: [15], came: [17] },
  ]);
  db.exec(`UPDATE span SET attributes = '{"grams":0.1}' WHERE id = 1;
    UPDATE span SET attributes = '{"grams":"0.2"}' WHERE id = 5`);
  const between = { ...fromSentToCame, weight: "grams", by: [] };
  const rows = db.query(spansBetween(between));
  assert.deepEqual(rows.map(Object.values), [
    // time, grams, count, change, unended, unweighted
    [10, 0.1, 1, 1, 0, 0],
    [12, 0.1, 2, 1, 0, 1],
    // One comes as another is sent.
    [15, 0.2, 2, 0, 0, 1],
    [16, 0.2, 1, -1, 0, 0],
    [17, 0, 0, -1, 0, 0],
  ]);
});

onDatabase("a root without a weight has the largest of its spans", (db) => {
  sendLetters(db, [
    { sent: [10], came: [15] },
    { sent: [12], came: [16] },
  ]);
  // The post offices of the letters 1 and 3 are 2 and 4.
  db.exec(`UPDATE span SET attributes = '{"grams":9}' WHERE id IN (2, 4);
    UPDATE span SET attributes = '{"grams":5}' WHERE id = 3`);
  const rows = db.query(spansBetween({ ...fromSentToCame, weight: "grams" }));
  assert.deepEqual(rows.map(({ grams }) => grams), [9, 14, 5, 0]);
});

onDatabase("a weight has any name but that of another column", (db) => {
  addSpans(db, [{
    type: "a",
    attributes: { 'it\'s "x"': 2, weight: 3, category: 4 },
    events: [[1, "x"], [2, "y"]],
  }]);
  const between = { from: "a/x", to: "a/y" };
  for (
    const [weight, sum] of [['it\'s "x"', 2], ["weight", 3], ["category", 4]]
  ) {
    const [first] = db.query(spansBetween({ ...between, weight: `${weight}` }));
    assert.equal(first![`${weight}`], sum);
    const states = statesOverTime("a", { weight: `${weight}` });
    assert.equal(db.query(states)[0]![`${weight}`], sum);
  }
  const refused = { name: "TypeError", message: /^the weight "/ };
  for (const weight of ["time", "count", "change", "unended", "unweighted"]) {
    assert.throws(() => spansBetween({ ...between, weight }), refused);
  }
  const by = "app";
  assert.throws(() => spansBetween({ ...between, by, weight: by }), refused);
  assert.throws(() => statesOverTime("a", { weight: "state" }), refused);
});

Deno.test("spansBetween() with a weight takes linear time", () =>
  assertLinear(async (tasks) => {
    using db = await openDatabase(undefined, { engine: "native" });
    addSpans(
      db,
      Array.from({ length: tasks }, (_, i) => ({
        type: "a",
        attributes: { cores: 1 + i % 2 },
        events: [[i, "x"], [i + 1.5, "y"]] as const,
      })),
    );
    return processorTime(() => {
      const query = spansBetween({ from: "a/x", to: "a/y", weight: "cores" });
      const [row] = db.query(sql`
        SELECT count(*) AS rows, max(cores) AS most FROM (${query})`);
      assert.deepEqual({ ...row }, { rows: 2 * tasks, most: 3 });
    });
  }, 5_000));
