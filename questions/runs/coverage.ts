import { showReport } from "../../display/text/rows.ts";
import { type Database, sql } from "../../sql/mod.ts";
import { eventsOf } from "../events/events_of.ts";
import { tries } from "../tasks/tries.ts";

/** A step in a run: a row of {@linkcode coverage}. */
export interface StepCoverage {
  /** The run's id, where it is known. */
  run: string | null;
  /** The directory of its logs, where there are any. */
  rundir: string | null;
  /** The type of the span that the event happens to. */
  span_type: string;
  /** What happens. */
  event_type: string;
  /** Who tells: the span type without its last part. */
  account: string;
  /** How many tries the run has. */
  tries: number;
  /** How many of them have the step. */
  having: number;
  /** The share of the tries that have it, from 0 to 1. */
  share: number;
  /** The share of the tries that were launched; null if none was. */
  launched_share: number | null;
}

/**
 * Run by run, which share of the tries has each step: which shows what log is
 * missing. A step that no try of a run has is there all the same, with 0, if
 * another run has it, or if an executor of this kind writes it: where it is
 * always 0, this version does not, or the log is not there.
 *
 * Not all steps are of all tries: what is memoized is never launched, few fail.
 * `launched_share` is of those that were launched, that is, had to go to an
 * executor; join apps go to none.
 *
 * Reads each event with a name once. A run of which neither a parsl.log nor
 * monitoring tells has no tries, and is not there.
 *
 * @returns rows in the order of the runs, and for each in that of the steps
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { coverage } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const steps = coverage(db);
 * const received = steps.find((row) =>
 *   row.event_type === "worker_received_task"
 * );
 * assert.equal(received?.having, 63);
 * // Parsl of 2023 does not write when a task is queued.
 * const queued = steps.find((row) => row.event_type === "interchange_queued");
 * assert.equal(queued?.share, 0);
 * ```
 */
export function coverage(db: Database): StepCoverage[] {
  const expected = JSON.stringify(expectedSteps(db));
  const rows = db.query<StepCoverage>(sql`WITH
  told AS MATERIALIZED (
    SELECT DISTINCT root_id, span_type, event_type, account
    FROM (${eventsOf(tries, { events: "named" })})
  ),
  attempt AS MATERIALIZED (
    SELECT id, attributes ->> 'run' AS run, attributes ->> 'rundir' AS rundir,
      ifnull(attributes ->> 'run', attributes ->> 'rundir') AS name,
      launch.root_id IS NOT NULL AS launched
    FROM span
    -- To look for each in what was told would be quadratic.
    LEFT JOIN (SELECT DISTINCT root_id FROM told WHERE event_type = 'launched')
      AS launch ON launch.root_id = id
    WHERE id IN (${tries})
  ),
  known_run AS (
    SELECT name, max(run) AS run, max(rundir) AS rundir, count(*) AS tries,
      sum(launched) AS launched
    FROM attempt GROUP BY name
  ),
  found AS MATERIALIZED (
    SELECT name, span_type, event_type, count(*) AS tries,
      sum(launched) AS launched
    FROM told JOIN attempt ON id = root_id
    GROUP BY name, span_type, event_type
  ),
  step AS (
    SELECT span_type, event_type, max(account) AS account,
      ifnull(min(place), 1000) AS place
    FROM (
      SELECT DISTINCT span_type, event_type, account, NULL AS place FROM told
      UNION ALL
      SELECT value ->> 0, value ->> 1, value ->> 2, key FROM json_each(${expected})
    ) GROUP BY span_type, event_type
  )
SELECT known_run.run, known_run.rundir, step.span_type, step.event_type,
  step.account, known_run.tries, ifnull(found.tries, 0) AS "having",
  1.0 * ifnull(found.tries, 0) / known_run.tries AS share,
  1.0 * ifnull(found.launched, 0) / nullif(known_run.launched, 0)
    AS launched_share
FROM known_run CROSS JOIN step
  LEFT JOIN found ON found.name IS known_run.name
    AND found.span_type = step.span_type AND found.event_type = step.event_type
ORDER BY known_run.rundir, known_run.run, place, step.span_type, step.event_type`);
  return showReport(rows, {
    kinds: {
      ...{ tries: "count", having: "count" },
      ...{ share: "share", launched_share: "share" },
    },
    secondary: ["run", "rundir", "account"],
  });
}

/** [span type, event type, account], of what wrote anything here. */
function expectedSteps(db: Database): [string, string, string][] {
  const there = db.query<{ sign: string }>(`
    SELECT DISTINCT type AS sign FROM span
    UNION SELECT DISTINCT attributes ->> 'executor_type' FROM span
    WHERE type = 'parsl.executor'`).map(({ sign }) => String(sign));
  return logSteps
    .filter(({ signs }) => there.some((sign) => signs.test(sign)))
    .flatMap(({ steps }) =>
      steps.map((step): [string, string, string] => {
        const [span = "", event = ""] = step.split("/");
        return [span, event, span.slice(0, span.lastIndexOf("."))];
      })
    );
}

/** The steps that a try leaves in a log, and what shows that there is such. */
const logSteps: readonly { signs: RegExp; steps: readonly string[] }[] = [
  {
    signs: /^parsl\.rundir\./,
    steps: ["parsl.rundir.try/pending", "parsl.rundir.try/launched"],
  },
  {
    signs: /^parsl\.executor\.htex\.|\bHighThroughputExecutor$/,
    steps: [
      "parsl.executor.htex.interchange.task/interchange_queued",
      "parsl.executor.htex.interchange.task/interchange_to_manager",
      "parsl.executor.htex.manager.task/manager_got_task",
      "parsl.executor.htex.worker.task/worker_received_task",
      "parsl.executor.htex.worker.task/worker_completed_task",
      "parsl.executor.htex.worker.task/worker_all_finished_task",
      "parsl.executor.htex.interchange.task/interchange_removing_task",
    ],
  },
  {
    signs: /^workqueue\.|\bWorkQueueExecutor$/,
    steps: [
      "parsl.executors.workqueue.executor_task/executor_submitted",
      "workqueue.task/WAITING",
      "workqueue.task/RUNNING",
      "workqueue.task/WAITING_RETRIEVAL",
      "workqueue.task/RETRIEVED",
      "workqueue.task/DONE",
      "parsl.executors.workqueue.executor_task/executor_completed",
    ],
  },
  {
    signs: /^parsl\.monitoring\.(?:try|task)$/,
    steps: ["pending", "launched", "running", "running_ended"]
      .map((state) => `parsl.monitoring.try/${state}`),
  },
];
