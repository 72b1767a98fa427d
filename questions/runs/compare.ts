import type { Database } from "../../sql/mod.ts";
import {
  compareSpans,
  type CompareSpansOptions,
  type StepComparison,
} from "./compare_spans.ts";
import { findRun, type FoundRun, spansOfRun } from "./find_run.ts";

/** What {@linkcode compare} compares. */
export interface CompareOptions extends CompareSpansOptions {
  /**
   * The type of span that goes through the steps. By default the tasks: as the
   * parsl.log of both tells, or else monitoring.
   */
  root?: string;
}

/**
 * Step by step, where one run of Parsl is slower than another: for each step of
 * their tasks the median and the 95th percentile of the time since the step
 * before, in seconds, with their difference and ratio. Where most time is lost
 * comes first, whichever run lost it: `lost` is above zero where it is run B.
 *
 * The columns are those of `compareSpans`, which compares any two sets of spans.
 *
 * @param runA the run's id, its directory, or a part that no other run has: "000"
 * @param runB the run to compare with it
 * @throws {RangeError} for what names no run, or several
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { compare } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const steps = compare(db, "tz/runinfo/000", "wq/runinfo/000");
 * const running = steps.find(({ event_type }) => event_type === "running");
 * // Work Queue hands out its tasks more slowly.
 * assert.ok(running!.median_b! > running!.median_a!);
 * assert.throws(() => compare(db, "000", "tz"), /may be any of 2 runs/);
 * ```
 */
export function compare(
  db: Database,
  runA: string,
  runB: string,
  { root, ...options }: CompareOptions = {},
): StepComparison[] {
  const runs = [findRun(db, runA), findRun(db, runB)] as const;
  const type = root ??
    accounts.find((type) => runs.every((run) => isThere(db, run, type))) ??
    accounts[0]!;
  const [a, b] = runs.map((run) => spansOfRun(run, type));
  return compareSpans(db, a!, b!, options);
}

const accounts = ["parsl.rundir.task", "parsl.monitoring.task"];

const isThere = (db: Database, run: FoundRun, type: string): boolean =>
  db.query(spansOfRun(run, type)).length > 0;
