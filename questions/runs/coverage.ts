import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { components, componentsOf } from "../events/components.ts";
import { eventsOfTries, tries } from "../tasks/where_is_every_task.ts";
import { nameOfRun, runLabels } from "./find_run.ts";
import { checkQuestion } from "../../display/text/mistakes.ts";
import coverageText from "./coverage.sql" with { type: "text" };

/** A step in a run: a row of {@linkcode coverage}. */
export interface StepCoverage {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string;
  /** The directory of its logs, if there are any. */
  rundir: string | null;
  /** The type of the span that the event happens to. */
  span_type: string;
  /** The type of the event. */
  event_type: string;
  /** The component that reports it: the span type without its last part. */
  component: string;
  /** Tries of the run. */
  tries: number;
  /** Tries that have the step. */
  having: number;
  /** Share of the tries that have it, from 0 to 1. */
  share: number;
  /** Share of the tries that were launched; null if none was. */
  launched_share: number | null;
}

/**
 * Computes for each run which share of its tries has each step, to show which
 * log is missing. A step that no try of a run has is listed with 0 if another
 * run has it, or if an executor of this kind writes it: 0 throughout means that
 * this version does not write it, or that the log is missing.
 *
 * Not every try has every step: a memoized one is never launched, few fail.
 * `launched_share` counts tries that were launched, which had to go to an
 * executor; join apps do not.
 *
 * Reads each event with a name once. A run that neither a parsl.log nor
 * monitoring describes has no tries, and no row.
 *
 * @param options.run only this run: its label ("000"), its id, its directory, or a
 * unique part of these
 * @returns rows in the order of the runs, and for each in that of the steps
 *
 * @throws {RangeError} for a name that fits no run, or several
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
export function coverage(
  db: Database,
  options: { run?: string | undefined } = {},
): StepCoverage[] {
  checkQuestion("coverage", db, options, { run: true });
  const run = nameOfRun(db, options.run);
  const labels = runLabels(db);
  const rows = db.query<StepCoverage & { run: string | null }>(
    sql.module(coverageText, {
      tries,
      events: eventsOfTries,
      types: components,
      components: componentsOf(sql`SELECT type FROM span_kind`),
    }),
  ).filter((row) => run === undefined || run === (row.run ?? row.rundir))
    .map((row) => {
      const name = (row.run ?? row.rundir)!;
      return { ...row, run: labels.get(name) ?? name };
    });
  return answer(rows, ["rundir", "component"]);
}
