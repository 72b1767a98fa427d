import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { coverage } from "./coverage.ts";
import type { Run } from "./list_runs.ts";
import type { MissingSummary } from "./summary_schema.ts";

/** The name for the logs of an executor of unknown kind. */
const ofExecutor = "log of an executor";

/** What each log tells that no other does. */
const tells: Readonly<Record<string, string>> = {
  "parsl.log": "why tasks failed, with tracebacks, and what they waited for",
  "monitoring.db": "memory and CPU time of tasks",
  "interchange.log": "how long tasks were queued, and which manager got them",
  "manager.log": "how long managers lived, and how long tasks waited in them",
  "worker_N.log": "which worker ran a task, and when exactly",
  "transaction_log": "which worker ran a task, and when exactly",
  [ofExecutor]: "where tasks waited, and which worker ran them",
};

const ofHtex = ["interchange.log", "manager.log", "worker_N.log"];

/** Steps that a log of an earlier version lacks. */
const steps: Readonly<Record<string, [log: string, text: string]>> = {
  interchange_queued: [
    "interchange.log",
    "when the interchange queued a task, in this version: its wait there counts " +
    'as "in the DFK"',
  ],
};

/**
 * Logs that are not there, and what cannot be known without them.
 *
 * @param withWorkers runs of which a log knows workers
 */
export function missingLogs(
  db: Database,
  runs: readonly Run[],
  withWorkers: ReadonlySet<string | null>,
): MissingSummary[] {
  const logs = logsOf(db);
  const found: { run: string; log: string; text: string }[] = [];
  const rows = coverage(db);
  for (const { run, rundir, tasks } of runs) {
    const own = logs.filter((log) =>
      log.run === run || rundir !== null && log.rundir === rundir
    );
    const has = (log: string) => own.some((one) => one.log === log);
    const isHtex = own.some(({ is_htex }) => is_htex);
    const isQueue = own.some(({ is_queue }) => is_queue);
    const wanted = [
      "parsl.log",
      "monitoring.db",
      ...isHtex ? ofHtex : [],
      ...isQueue ? ["transaction_log"] : [],
      ...isHtex || isQueue || withWorkers.has(run) || tasks === 0
        ? []
        : [ofExecutor],
    ];
    for (const log of wanted) {
      if (!has(log)) found.push({ run, log, text: tells[log]! });
    }
    for (const row of tasks > 0 ? rows : []) {
      if (row.run !== run || row.having > 0) continue;
      const [log, text] = steps[row.event_type] ?? [];
      if (log && has(log)) found.push({ run, log, text: text! });
    }
  }
  return Map.groupBy(found, ({ log, text }) => `${log} ${text}`).values()
    .map(([first, ...others]) => ({
      runs: [first!, ...others].map(({ run }) => run),
      log: first!.log,
      text: first!.text,
    })).toArray();
}

interface RunLog {
  /** The label; null if only the directory is known. */
  run: string | null;
  rundir: string | null;
  log: string;
  is_htex: 0 | 1;
  is_queue: 0 | 1;
}

/** The kinds of log of each run, and which executors they show. */
const logsOf = (db: Database): RunLog[] =>
  db.query<RunLog>(sql`
    WITH
      executors AS MATERIALIZED (
        SELECT DISTINCT attributes ->> 'rundir' AS rundir,
          type GLOB 'parsl.executor.htex.*' AS is_htex,
          type GLOB '*workqueue*' OR type GLOB 'taskvine.*' AS is_queue
        FROM span
        WHERE type GLOB 'parsl.executor.htex.*'
          OR type GLOB '*workqueue*' OR type GLOB 'taskvine.*'
      )
    SELECT DISTINCT NULL AS run, rundir,
      CASE
        WHEN importer IN ('worker.log', 'worker.jsonlog') THEN 'worker_N.log'
        WHEN importer IN ('transactions', 'transaction_log')
          THEN 'transaction_log'
        ELSE replace(importer, '.jsonlog', '.log')
      END AS log,
      0 AS is_htex, 0 AS is_queue
    FROM source WHERE rundir IS NOT NULL
    UNION ALL
    SELECT NULL, rundir, '', is_htex, is_queue FROM executors
    UNION ALL
    SELECT DISTINCT label, rundir, 'monitoring.db', 0, 0
    FROM span JOIN run ON run_id = attributes ->> 'run'
      JOIN run_label ON run_label.id = run.id
    WHERE type = 'parsl.monitoring.workflow'`);
