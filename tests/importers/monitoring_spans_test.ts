import { strict as assert } from "node:assert";
import { importMonitoringDb } from "dnpc/importers";
import { onDatabase, value } from "../sql/engines.ts";
import { ask, onOriginals, rows, tz } from "./databases.ts";

const spansOf: Record<string, string> = {
  workflow: "SELECT DISTINCT run_id FROM workflow",
  task: "SELECT DISTINCT run_id || '/' || task_id FROM task",
  try: "SELECT DISTINCT run_id || '/' || task_id || '/' || try_id FROM try",
  block: `SELECT DISTINCT run_id || '/' || executor_label || '/' || block_id
          FROM block`,
  node: "SELECT DISTINCT run_id || '/' || hostname || '/' || uid FROM node",
};

onOriginals(
  "importMonitoringDb() creates one span for each entity",
  (db, { path }) => {
    for (const [kind, sql] of Object.entries(spansOf)) {
      const keys = rows(
        db,
        `SELECT key FROM span WHERE type = 'parsl.monitoring.${kind}'`,
      );
      assert.deepEqual(keys.flat().sort(), ask(path, sql).flat().sort(), kind);
    }
    assert.deepEqual(
      rows(db, "SELECT DISTINCT type FROM span ORDER BY type").flat()
        .filter((type) => !(String(type).split(".").at(-1)! in spansOf)),
      [],
    );
  },
);

// Nesting of span types, with the query that counts it in the original.
const nesting: [outer: string, inner: string, sql: string][] = [
  ["workflow", "task", "SELECT run_id, run_id || '/' || task_id FROM task"],
  [
    "task",
    "try",
    `SELECT run_id || '/' || task_id,
       run_id || '/' || task_id || '/' || try_id FROM try`,
  ],
  [
    "block",
    "try",
    `SELECT run_id || '/' || task_executor || '/' || block_id,
       run_id || '/' || task_id || '/' || try_id FROM try
     WHERE block_id IS NOT NULL AND EXISTS (
       SELECT 1 FROM block WHERE block.run_id = try.run_id AND
         executor_label = task_executor AND block.block_id = try.block_id)`,
  ],
  [
    "workflow",
    "block",
    `SELECT DISTINCT run_id, run_id || '/' || executor_label || '/' || block_id
     FROM block`,
  ],
  [
    "workflow",
    "node",
    `SELECT DISTINCT run_id, run_id || '/' || hostname || '/' || uid FROM node`,
  ],
];

onOriginals("importMonitoringDb() nests spans", (db, { path }) => {
  let count = 0;
  for (const [outer, inner, sql] of nesting) {
    const pairs = rows(
      db,
      `SELECT o.key, i.key AS inner_key FROM subspan
       JOIN span AS o ON o.id = superspan_id JOIN span AS i ON i.id = subspan_id
       WHERE o.type = 'parsl.monitoring.${outer}'
         AND i.type = 'parsl.monitoring.${inner}'`,
    );
    const expected = ask(path, sql).map(String).sort();
    assert.deepEqual(pairs.map(String).sort(), expected, `${outer}, ${inner}`);
    count += pairs.length;
  }
  assert.equal(value(db, "SELECT count(*) FROM subspan"), count);
  assert.equal(
    value(
      db,
      `WITH RECURSIVE below (root, id) AS (
         SELECT superspan_id, subspan_id FROM subspan
         UNION SELECT root, subspan_id FROM below
         JOIN subspan ON superspan_id = below.id)
       SELECT count(*) FROM below WHERE root = id`,
    ),
    0,
  );
});

const eventsOf: Record<string, string> = {
  workflow: `SELECT 'began', count(time_began) FROM workflow UNION
             SELECT 'completed', count(time_completed) FROM workflow`,
  task: `SELECT 'invoked', count(task_time_invoked) FROM task UNION
         SELECT 'returned', count(task_time_returned) FROM task`,
  try: "SELECT task_status_name, count(*) FROM status GROUP BY 1",
  block: "SELECT status, count(*) FROM block GROUP BY 1",
};

onOriginals(
  "importMonitoringDb() creates as many events as the original has",
  (db, { path }) => {
    for (const [kind, sql] of Object.entries(eventsOf)) {
      const found = rows(
        db,
        `SELECT event.type, count(*) FROM event JOIN span ON span.id = span_id
         WHERE span.type = 'parsl.monitoring.${kind}' AND named
         GROUP BY 1 ORDER BY 1`,
      );
      const expected = ask(path, sql).filter(([, count]) => count !== 0);
      assert.deepEqual(found, expected, kind);
    }
  },
);

onOriginals(
  "importMonitoringDb() relates each event to its row",
  (db, { path }) => {
    const clocks: Record<string, string> = {
      began: "time_began",
      completed: "time_completed",
      invoked: "task_time_invoked",
      returned: "task_time_returned",
    };
    const events = db.query<Record<string, string>>(
      `SELECT type, line, attributes ->> 'table' AS "table", time FROM event`,
    );
    const columns = Map.groupBy(
      events,
      ({ type, table }) => `${table} ${clocks[type!] ?? "timestamp"}`,
    );
    for (const [column, events] of columns) {
      const [table, clock] = column.split(" ");
      const times = new Map(
        ask(path, `SELECT rowid, "${clock}" FROM ${table}`)
          .map(([rowid, time]) => [rowid, time]),
      );
      const copies = new Map(
        rows(
          db,
          `SELECT rowid, "${clock}", ${clock}_unix FROM monitoring_${table}`,
        ).map(([rowid, ...copy]) => [rowid, copy]),
      );
      for (const { line, time } of events) {
        assert.deepEqual(copies.get(line), [times.get(line), time]);
      }
    }
  },
);

onOriginals(
  "importMonitoringDb() creates a metric for each number of a sample",
  (db, { path }) => {
    const columns = ask(
      path,
      `SELECT name FROM pragma_table_info('resource')
       WHERE name LIKE 'psutil%' AND type = 'FLOAT'`,
    ).flat();
    const expected = columns.map((name) => [
      name,
      ...ask(path, `SELECT count("${name}"), sum("${name}") FROM resource`)[0]!,
    ]).filter(([, count]) => count !== 0);
    const found = rows(
      db,
      `SELECT name, count(*), sum(value) FROM
         (SELECT * FROM metric WHERE metric = 'resource' ORDER BY line)
       GROUP BY name`,
    );
    assert.deepEqual(found.sort(), expected.sort());
  },
);

const run = "8b02009a-662b-47a8-8ae8-abfaf19f296a";
const known: [key: string, attributes: Record<string, unknown>][] = [
  [run, {
    run,
    name: "sample-tz",
    version: "1",
    host: "vm",
    user: "root",
    directory: "/home/parsl/tz/runinfo/000",
    tasks_failed: 2,
    tasks_completed: 55,
  }],
  [`${run}/1`, {
    run,
    task: "1",
    app: "left",
    depends: ["0"],
    memoize: "0",
    fail_count: 0,
    fail_cost: 0,
  }],
  [`${run}/1/0`, {
    run,
    task: "1",
    try: "0",
    executor: "htex_Local",
    block: "0",
    hostname: "vm",
  }],
  [`${run}/htex_Local/0`, {
    run,
    executor: "htex_Local",
    block: "0",
    job: "3177",
  }],
  [`${run}/vm/cdef75e04b07`, {
    run,
    hostname: "vm",
    manager: "cdef75e04b07",
    block: "0",
    cpu_count: 2,
    total_memory: 25276514304,
    python_version: "3.11.2",
    workers: 2,
  }],
];

onDatabase(
  "importMonitoringDb() sets the attributes of each span",
  async (db) => {
    await importMonitoringDb(db, tz.path, tz.options);
    for (const [key, attributes] of known) {
      const sql = "SELECT attributes FROM span WHERE key = ?";
      assert.deepEqual(JSON.parse(String(value(db, sql, [key]))), attributes);
    }
  },
);

onDatabase(
  "importMonitoringDb() lists the tasks that a join app waits for",
  async (db) => {
    await importMonitoringDb(db, tz.path, tz.options);
    assert.deepEqual(
      rows(
        db,
        `SELECT key, attributes ->> 'joins' FROM span
       WHERE attributes ->> 'joins' IS NOT NULL ORDER BY key`,
      ),
      [
        [`${run}/55`, '["58"]'],
        [`${run}/55/0`, '["58"]'],
        [`${run}/57`, '["59","60","61"]'],
        [`${run}/57/0`, '["59","60","61"]'],
      ],
    );
  },
);

onOriginals(
  "importMonitoringDb() keeps the failure history and cost of each try",
  (db, { path }) => {
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'run' AS run,
           CAST(attributes ->> 'task' AS INTEGER) AS task,
           CAST(attributes ->> 'try' AS INTEGER) AS try,
           attributes ->> 'fail_history' AS history
         FROM span WHERE type = 'parsl.monitoring.try' AND history IS NOT NULL
         ORDER BY run, task, try`,
      ),
      ask(
        path,
        `SELECT run_id, task_id, try_id, task_fail_history FROM try
         WHERE task_fail_history <> '' ORDER BY run_id, task_id, try_id`,
      ),
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'run' AS run,
           CAST(attributes ->> 'task' AS INTEGER) AS task,
           attributes ->> 'fail_count' AS count,
           attributes ->> 'fail_cost' AS cost
         FROM span WHERE type = 'parsl.monitoring.task' ORDER BY run, task`,
      ),
      ask(
        path,
        `SELECT run_id, task_id, task_fail_count, task_fail_cost FROM task
         ORDER BY run_id, task_id`,
      ),
    );
  },
);
