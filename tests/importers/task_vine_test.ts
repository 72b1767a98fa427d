// The numbers are from awk, as each comment says.

import { strict as assert } from "node:assert";
import { basename } from "node:path";
import { story } from "dnpc/questions";
import type { Database } from "dnpc/sql";
import { rows } from "./databases.ts";
import { largerManagerLogs, managerLogs, onLogs } from "./logs.ts";

/** How many events of each type the spans of a type have. */
const eventCounts = (db: Database, spanType: string, folder = "") =>
  Object.fromEntries(rows(
    db,
    `SELECT event.type, count(*) FROM event JOIN span ON span.id = span_id
     WHERE span.type = '${spanType}'
       AND instr(span.attributes ->> 'rundir', '${folder}')
     GROUP BY 1`,
  ));

onLogs(
  "importRuninfo() understands every line of real managers' logs",
  [largerManagerLogs],
  (_db, { path }, { sources }) => {
    // Lines of the file; those that begin with a digit, for taskgraph a quote
    assert.deepEqual(
      sources.map((source) => [
        source.path.slice(path.length + 1),
        source.importer,
        source.lines,
        source.matched,
        source.unmatched + source.malformed,
      ]),
      [
        [
          "blast-prerelease/blast_caching_50_workers_run_11_tr.log",
          "transactions",
          1465,
          1451,
          0,
        ],
        [
          "colmena-7.5/colmena_vine_base.txn.log",
          "transactions",
          12136,
          12122,
          0,
        ],
        // The header is a line that says which numbers follow.
        ["lnni/vine-logs/performance", "performance_log", 373, 373, 0],
        ["lnni/vine-logs/taskgraph", "taskgraph", 4611, 4607, 0],
        ["lnni/vine-logs/transactions", "transactions", 6235, 6219, 0],
        ["minitask/minitask.txn.log", "transactions", 5420, 5405, 0],
        ["serverless-7.5/transactions", "transactions", 12246, 12232, 0],
        ["wq-colmena/colmena_wq.txn.log", "transaction_log", 11373, 11360, 0],
      ],
    );
  },
);

onLogs(
  "importRuninfo() reads TaskVine's libraries and their calls",
  [largerManagerLogs],
  (db) => {
    // awk '$3 == "TASK" && $4 < 1501 { print $5 }' | sort | uniq -c
    const states = { READY: 1500, RUNNING: 324, WAITING_RETRIEVAL: 231 };
    const ends = { RETRIEVED: 231, DONE: 231 };
    // grep -c '"time_worker_start":\[1'
    const onWorkers = { worker_start: 231, worker_end: 231 };
    const sent = { commit_start: 324, commit_end: 324 };
    assert.deepEqual(eventCounts(db, "taskvine.task", "/lnni"), {
      ...states,
      ...ends,
      ...onWorkers,
      ...sent,
    });
    const library = eventCounts(db, "taskvine.library", "/lnni");
    // awk '$3 == "LIBRARY" { print $5 }', and of tasks above 1500
    assert.equal(library.SENT, 366);
    assert.equal(library.STARTED, 94);
    assert.equal(library.RUNNING, 366);
    assert.equal(library.DONE, 199);
    const calls = rows(
      db,
      `SELECT count(*) FROM subspan JOIN rule ON rule.id = rule_id
         JOIN span ON span.id = subspan_id
       WHERE text LIKE 'subspan: taskvine.library > taskvine.task %'
         AND instr(attributes ->> 'rundir', '/lnni')`,
    );
    assert.deepEqual(calls, [[324]]);
  },
);

onLogs(
  "importRuninfo() reads libraries of 7.5.0",
  [largerManagerLogs],
  (db) => {
    // awk '$3 == "DUTY" { print $5 }' | sort | uniq -c
    assert.deepEqual(eventCounts(db, "taskvine.library", "/serverless-7.5"), {
      SENT: 494,
      STARTED: 494,
    });
    // 1,000 tasks of 1,001 attempts, each with one library on its worker
    const calls = rows(
      db,
      `SELECT count(*) FROM subspan JOIN span ON span.id = superspan_id
       WHERE type = 'taskvine.library'
         AND instr(attributes ->> 'rundir', '/serverless-7.5')`,
    );
    assert.deepEqual(calls, [[1000]]);
  },
);

onLogs(
  "importRuninfo() reads transfers in bytes and seconds",
  [largerManagerLogs],
  (db) => {
    const sums = (folder: string) =>
      rows(
        db,
        `SELECT count(*), sum(event.attributes ->> 'bytes'),
           round(sum(event.attributes ->> 'seconds'), 6)
         FROM event JOIN span ON span.id = span_id
         WHERE event.type = 'TRANSFER_OUTPUT'
           AND instr(span.attributes ->> 'rundir', '/${folder}')`,
      )[0]!;
    // awk '/ TRANSFER OUTPUT/ { n++; b += $(NF - 2); s += $(NF - 1) }'
    assert.deepEqual(sums("lnni"), [231, 10_857, 1.762021]);
    // In 7.5.0 megabytes and seconds: awk '{ b += $(NF - 1); s += $NF }'
    const [count, bytes, seconds] = sums("colmena-7.5");
    assert.deepEqual([count, seconds], [1228, 72.028287]);
    assert.ok(Math.abs(Number(bytes) / 2 ** 20 - 1168.152234) < 0.001);
  },
);

onLogs(
  "importRuninfo() reads the moments that 7.5.0 repeats once",
  [largerManagerLogs],
  (db) => {
    // grep -o '"time_worker_start":\[[0-9.]*' | sort -u | wc -l; 2456 in all
    const events = eventCounts(db, "taskvine.task", "/colmena-7.5");
    assert.equal(events.worker_start, 1228);
    assert.equal(events.commit_end, 1228);
  },
);

onLogs(
  "importRuninfo() knows no worker (null)",
  [largerManagerLogs],
  (db) => {
    const workers = rows(
      db,
      `SELECT count(*) FROM span
       WHERE type LIKE '%.worker' AND attributes ->> 'worker' = '(null)'`,
    );
    assert.deepEqual(workers, [[0]]);
    // grep -c 'WORKER (null) DISCONNECTION'
    assert.equal(
      eventCounts(db, "taskvine.manager", "/lnni").DISCONNECTION,
      32,
    );
  },
);

onLogs(
  "importRuninfo() reads a manager's performance as its metrics",
  [largerManagerLogs, managerLogs],
  (db, { path }) => {
    const log = path.endsWith("/lnni") ? path : `${path}/lnni`;
    const [header, ...lines] = Deno
      .readTextFileSync(`${log}/vine-logs/performance`).trim().split("\n");
    const columns = header!.split(" ").slice(2);
    assert.equal(columns.length, 56);
    const values = lines.map((line) => line.split(" ").map(Number));
    const place = 1 + columns.indexOf("tasks_running");
    assert.deepEqual(
      rows(
        db,
        `SELECT type, count(*), count(DISTINCT name),
           max(iif(name = 'tasks_running', value, 0))
         FROM metric JOIN span ON span.id = span_id
         WHERE metric = 'performance' GROUP BY type`,
      ),
      [[
        "taskvine.manager",
        lines.length * 56,
        56,
        Math.max(...values.map((row) => row[place]!)),
      ]],
    );
    // Microseconds become seconds.
    const polling = rows(
      db,
      "SELECT max(value) FROM metric WHERE name = 'time_polling'",
    );
    const last = values.at(-1)![1 + columns.indexOf("time_polling")]!;
    assert.deepEqual(polling, [[last / 1e6]]);
  },
);

onLogs(
  "importRuninfo() nests a task in each worker that ran it",
  [largerManagerLogs],
  (db) => {
    const pairs = `
      SELECT outer.attributes ->> 'rundir', count(*)
      FROM subspan JOIN span AS outer ON outer.id = superspan_id
        JOIN span AS inner ON inner.id = subspan_id
      WHERE outer.type LIKE '%.worker' AND inner.type LIKE '%.task'
      GROUP BY 1 ORDER BY 1`;
    // awk '$3 == "TASK" && $5 == "RUNNING" { print $4, $6 }' | sort -u | wc -l,
    // of lnni without the libraries, which are tasks above 1500
    assert.deepEqual(
      rows(db, pairs).map((
        [rundir, count],
      ) => [basename(String(rundir)), count]),
      [
        ["blast_caching_50_workers_run_11", 100],
        ["colmena_vine_base", 1228],
        ["lnni", 324],
        ["minitask", 1000],
        ["serverless-7.5", 1001],
        ["colmena_wq", 1228],
      ],
    );
    // grep -n "TASK 7 " serverless-7.5/transactions: RUNNING on line 1579 and, on
    // another worker, 9341
    const ofTask7 = [22, 1579, 2440, 9341, 11116, 11117, 11118];
    const linesUnder = (worker: string) => {
      const told = new Set(story(db, { worker }).map(({ line }) => line));
      return ofTask7.filter((line) => told.has(line));
    };
    assert.deepEqual(
      linesUnder("worker-a0fcb71b94925dc341dac74af9410327"),
      [22, 1579, 2440],
    );
    assert.deepEqual(
      linesUnder("worker-8ffd0550cb5e502f3c86847d141b30aa"),
      [22, 2440, 9341, 11116, 11117, 11118],
    );
  },
);
