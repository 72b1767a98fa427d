import type { Database } from "../../sql/mod.ts";
import { readFailures } from "../failures/failures.ts";
import type { RunAnswers } from "./answering_runs.ts";
import { summary } from "./summary.ts";

/**
 * What questions about all runs of a campaign know of a run: plain data, which a
 * campaign keeps as JSON.
 *
 * @param db a database of that run alone
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { answersOfRun } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 * assert.equal(answersOfRun(db).summary.runs[0]!.tasks, 62);
 * ```
 */
export const answersOfRun = (db: Database): RunAnswers =>
  JSON.parse(JSON.stringify({
    summary: summary(db),
    failures: readFailures(db, {}),
  }));
