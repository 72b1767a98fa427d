import { strict as assert } from "node:assert";
import type { Database } from "dnpc/sql";
import { value } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import {
  countLines,
  filesNamed,
  larger,
  logSets,
  onLogs,
  reached,
  tzLogs,
  wqLogs,
} from "./logs.ts";

const htexTasks = [
  "parsl.executor.htex.interchange.task",
  "parsl.executor.htex.manager.task",
  "parsl.executor.htex.worker.task",
];
const workQueueTasks = [
  "parsl.executors.workqueue.executor_task",
  "workqueue.task",
];

/**
 * Counts tries with an executor task, and tries that reach all of the types.
 */
const numberedAndLeading = (db: Database, types: string[]) =>
  rows(
    db,
    `${reached}, leading AS (
       SELECT try_id FROM reached JOIN span ON span.id = reached.id
       WHERE type IN (${types.map((type) => `'${type}'`)})
       GROUP BY try_id HAVING count(DISTINCT type) = ${types.length}
     )
     SELECT count(*), sum(id IN (SELECT try_id FROM leading)) FROM span
     WHERE type = 'parsl.rundir.try'
       AND attributes ->> 'executor_task' IS NOT NULL`,
  )[0];

const launches = [
  { set: tzLogs, all: 65, numbered: 63, types: htexTasks },
  { set: larger("mon-htex"), all: 412, numbered: 400, types: htexTasks },
  { set: larger("htex-head"), all: 206, numbered: 200, types: htexTasks },
  { set: larger("wq-2023"), all: 65, numbered: 63, types: workQueueTasks },
];

for (const { set, all, numbered, types } of launches) {
  onLogs(
    "importRuninfo() nests the spans of each component in their try",
    [set],
    (db, { path }) => {
      const logs = [...filesNamed(path, /^parsl\.log$/)];
      const lines = (pattern: RegExp) =>
        logs.reduce((sum, log) => sum + countLines(log, pattern), 0);
      assert.equal(lines(/launched on executor/), all);
      assert.equal(lines(/launched on executor .* with executor id/), numbered);
      assert.deepEqual(numberedAndLeading(db, types), [numbered, numbered]);
      assert.equal(
        value(
          db,
          `SELECT count(*) FROM span WHERE type = 'parsl.rundir.try'
             AND attributes ->> 'executor' = '_parsl_internal'
             AND attributes ->> 'executor_task' IS NULL`,
        ),
        all - numbered,
      );
    },
  );
}

onLogs(
  "importRuninfo() keeps executors with equal task numbers apart",
  [larger("htex-head")],
  (db) => {
    const executors = rows(
      db,
      `${reached}
       SELECT t.attributes ->> 'executor' AS tried, s.attributes ->> 'executor',
         count(DISTINCT t.id)
       FROM reached JOIN span t ON t.id = try_id
       JOIN span s ON s.id = reached.id
       WHERE s.type LIKE 'parsl.executor.htex.%' GROUP BY 1, 2`,
    );
    assert.deepEqual(executors, [
      ["htex_Local", "htex_Local", 130],
      ["htex_beta", "htex_beta", 70],
    ]);
    const colliding = `SELECT attributes ->> 'executor_task' FROM span
      WHERE type = 'parsl.rundir.try' AND attributes ->> 'executor' = `;
    assert.equal(
      rows(db, `${colliding} 'htex_Local' INTERSECT ${colliding} 'htex_beta'`)
        .length,
      70,
    );
  },
);

onLogs(
  "importRuninfo() binds monitoring's tasks and tries to those of parsl.log",
  [larger("mon-htex")],
  (db) => {
    const facets = rows(
      db,
      `SELECT l.type AS one, r.type AS other, count(*), count(DISTINCT left_id),
         count(DISTINCT right_id)
       FROM facet JOIN span l ON l.id = left_id JOIN span r ON r.id = right_id
       WHERE l.type LIKE '%.task' OR l.type LIKE '%.try'
       GROUP BY 1, 2`,
    );
    assert.deepEqual(facets, [
      ["parsl.monitoring.task", "parsl.rundir.task", 394, 394, 394],
      ["parsl.monitoring.try", "parsl.rundir.try", 442, 442, 442],
    ]);
  },
);

onLogs(
  "importRuninfo() relates a Work Queue task to its worker",
  [larger("wq-2023"), wqLogs],
  (db, { path }, { sources, bindings }) => {
    const [log] = [...filesNamed(path, /^transaction_log$/)];
    const tasks = countLines(log!, /^\d+ \d+ TASK \d+ RUNNING /);
    assert.equal(
      value(
        db,
        `SELECT count(*) FROM subspan JOIN span w ON w.id = superspan_id
         JOIN span t ON t.id = subspan_id
         WHERE w.type = 'workqueue.worker' AND t.type = 'workqueue.task'`,
      ),
      tasks,
    );
    assert.deepEqual(
      [...new Set(sources.map(({ importer }) => importer))]
        // The fixture lacks master_log and submit_scripts.
        .filter((importer) =>
          !/^(?:monitoring.log|master.log|submit_scripts)$/.test(importer)
        )
        .sort(),
      ["debug_log", "monitoring.db", "parsl.log", "transaction_log"],
    );
    // Since 2025, the submitting process, which knows both numbers of a task,
    // writes to no log that Parsl keeps. debug_log has them too, but the
    // fixture has only its beginning, with 12 of 104 tasks.
    assert.equal(bindings.unbound, path === wqLogs.path ? 92 : 0);
  },
);

onLogs(
  "importRuninfo() gives an executor task at most one try, of the same run",
  logSets,
  (db) => {
    assert.deepEqual(
      rows(
        db,
        `SELECT subspan_id FROM subspan
         JOIN span outside ON outside.id = superspan_id
         WHERE outside.type = 'parsl.rundir.try'
         GROUP BY subspan_id HAVING count(DISTINCT superspan_id) > 1`,
      ),
      [],
    );
    assert.deepEqual(
      rows(
        db,
        `${reached} SELECT t.key, s.key FROM reached
         JOIN span t ON t.id = try_id JOIN span s ON s.id = reached.id
         WHERE t.attributes ->> 'rundir' <> s.attributes ->> 'rundir'
           OR t.attributes ->> 'executor' <> s.attributes ->> 'executor'`,
      ),
      [],
    );
  },
);

onLogs("importRuninfo() nests no span in itself", logSets, (db) => {
  const below = `
    WITH RECURSIVE below (root, id) AS (
      SELECT superspan_id, subspan_id FROM subspan
      UNION SELECT root, subspan_id FROM below JOIN subspan
        ON superspan_id = below.id)`;
  assert.deepEqual(
    rows(db, `${below} SELECT root FROM below WHERE root = id`),
    [],
  );
  assert.ok(value(db, `${below} SELECT count(*) FROM below`));
});

onLogs(
  "importRuninfo() reads tasks, tries and states from a parsl.log alone",
  [larger("threads")],
  (db, { path }, { sources }) => {
    const log = `${path}/000/parsl.log`;
    assert.deepEqual(sources.map(({ importer }) => importer), ["parsl.log"]);
    const spans = rows(
      db,
      "SELECT type, count(*) FROM span WHERE type LIKE '%.t%' GROUP BY type",
    );
    const retries = countLines(log, /to fail_retryable$/);
    assert.deepEqual(spans, [["parsl.rundir.task", 119], [
      "parsl.rundir.try",
      119 + retries,
    ]]);
    const states = rows(
      db,
      `SELECT event.type, count(*) FROM event JOIN span ON span.id = span_id
       WHERE span.type = 'parsl.rundir.try' AND named GROUP BY event.type`,
    );
    assert.ok(states.length > 6);
    for (const [state, count] of states) {
      const into = new RegExp(
        `Task \\d+ (changing state from \\w+|initializing state) to ${state}$`,
      );
      assert.equal(count, countLines(log, into), String(state));
    }
    assert.equal(
      states.reduce((sum, [, count]) => sum + Number(count), 0),
      countLines(log, /(changing|initializing) state/),
    );
  },
);
