import { checkOptions, checkQuestion } from "../../display/text/mistakes.ts";
import { counted } from "../../display/text/format.ts";
import { type Database, spanSql as sql, taskCounts } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { type AnsweringRuns, isAnswering } from "./answering_runs.ts";
import { nameOfRun } from "./find_run.ts";
import inCampaignText from "./runs_in_campaign.sql" with { type: "text" };

/** A run: a row of {@linkcode runs}. */
export interface Run {
  /** Its label, such as "000", by which every question knows it. */
  run: string;
  /** The name of the workflow; null if no log has it. */
  workflow: string | null;
  /** When it began, in Unix seconds. */
  began: number | null;
  /** Length; null if it never ended. */
  seconds: number | null;
  /** "ended", or "did not end". */
  state: "ended" | "did not end";
  /** Number of tasks. */
  tasks: number;
  /** Number of tasks that failed for good, dependents included. */
  failed: number;
  /** Number of tasks that were tried more than once. */
  retried: number;
  /** Number of tasks that never ended. */
  unfinished: number;
  /** The version of Parsl; null if no log has it. */
  parsl_version: string | null;
  /** The host of the workflow process; null if no log has it. */
  host: string | null;
  /** The run directory; null if only monitoring knows the run. */
  rundir: string | null;
}

/**
 * Lists the runs: what ran and when, whether it ended, and how its tasks ended.
 *
 * Of a campaign, `await runs(campaign)`. The rows are in the order of their beginning; see {@linkcode Run} for the
 * columns.
 *
 * @throws {RangeError} for a name that fits no run, or several
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { runs } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const [run] = runs(db);
 * assert.deepEqual(
 *   [run!.run, run!.state, run!.tasks, run!.failed, run!.retried],
 *   ["000", "ended", 62, 3, 6],
 * );
 * ```
 */
export function runs(db: Database, options?: { run?: string }): Run[];
/** The runs of a campaign, or one. */
export function runs(
  campaign: AnsweringRuns,
  options?: { run?: string },
): Promise<Run[]>;
/** Lists the runs. */
export function runs(
  asked: Database | AnsweringRuns,
  options: { run?: string } = {},
): Run[] | Promise<Run[]> {
  if (isAnswering(asked)) return runsOfCampaign(asked, options);
  checkQuestion("runs", asked, options, { run: true });
  const name = nameOfRun(asked, options.run);
  return listed(asked.query<Run>(sql`
    SELECT label AS run, workflow, began, ended - began AS seconds,
      iif(ended IS NULL, 'did not end', 'ended') AS state,
      ifnull(tasks, 0) AS tasks, ifnull(failed, 0) AS failed,
      ifnull(retried, 0) AS retried, ifnull(unfinished, 0) AS unfinished,
      parsl_version, host, rundir
    FROM run JOIN run_label USING (id)
      LEFT JOIN (${taskCounts}) AS counts
        ON counts.run = coalesce(run_id, rundir)
    WHERE ${name ?? null} IS NULL OR ${name ?? null} IN (run_id, rundir)
    ORDER BY began, label`));
}

async function runsOfCampaign(
  campaign: AnsweringRuns,
  options: { run?: string },
): Promise<Run[]> {
  checkOptions("runs", options, { run: true });
  const { run } = options;
  const query = sql.either(
    sql`SELECT NULL`,
    (campaign) => {
      const isOf = (table: string) =>
        run === undefined
          ? sql`1 = 1`
          : sql`${sql.id(table)}.run = ${campaign.runNamed(run)}`;
      return sql.module(inCampaignText, {
        of_step: isOf("step"),
        of_span: isOf("span"),
        of_run: isOf("run"),
      });
    },
  );
  return listed(await campaign.query<Run>(query));
}

/** Rows that show themselves. */
function listed(rows: readonly Run[]): Run[] {
  return answer(rows, ["rundir", "host", "parsl_version", "unfinished"], {
    kinds: {
      began: "unix",
      failed: "count",
      retried: "count",
      unfinished: "count",
    },
    heading: headingOf(rows),
  });
}

function headingOf(rows: readonly Run[]): string {
  if (rows.length === 0) return "No log is of a run of Parsl.";
  const sum = (name: "tasks" | "failed") =>
    rows.reduce((sum, row) => sum + row[name], 0);
  const open = rows.filter(({ state }) => state !== "ended").length;
  return `${counted(rows.length, "run")}, ${counted(sum("tasks"), "task")}, ` +
    `${sum("failed") === 0 ? "none" : sum("failed")} failed` +
    (open > 0 ? `; ${counted(open, "run")} did not end.` : ".");
}
