import type { Database } from "../../../sql/mod.ts";
import { inTurn } from "../../store/in_turn.ts";
import { clocksByRun, knownRuns } from "../../discover/known_runs.ts";
import { readMonitoringDb } from "./import.ts";
import { openSource } from "../../container/open_source.ts";
import type { ImportOptions } from "../../store/options.ts";
import { existingPath } from "../../discover/paths.ts";
import {
  giveAttributes,
  type OtherwiseGiven,
} from "../../store/given_attributes.ts";
import { plainOptions } from "../../store/plain_options.ts";
import { writeKinds } from "../../store/write_kinds.ts";
import { importReport } from "../../report/make_report.ts";
import type { ImportReport } from "../../report/report.ts";

/**
 * Imports a monitoring.db, which Parsl's MonitoringHub writes: all of its
 * tables as `monitoring_*`, with the moments of their clock times in Unix
 * seconds, and spans, events and metrics made from them. The schema of every
 * version of Parsl is understood.
 *
 * The workflow may still run: what it has committed is read, it is not kept
 * waiting, and neither the file nor anything beside it is written to, whichever
 * journal it has.
 *
 * The same content again adds nothing; if the file has changed, what came from
 * it is replaced.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importMonitoringDb } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importMonitoringDb(db, "tests/fixtures/wq/runinfo/monitoring.db");
 * const [row] = db.query("SELECT count(*) AS tasks FROM monitoring_task");
 * assert.equal(row?.tasks, 104);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file.
 * @throws {DatabaseError} if the file is no SQLite database, or damaged.
 * @throws {TypeError} if it is empty or a database of another program; if an
 * attribute is no text, number or boolean.
 * @throws {RangeError} if there is no such time zone.
 */
export async function importMonitoringDb(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const plain = plainOptions(options);
  return await inTurn(db, async () => {
    const start = performance.now();
    const file = existingPath(path);
    const clocks = clocksByRun(knownRuns(db));
    const others: OtherwiseGiven = new Set();
    const source = await readMonitoringDb(
      db,
      () => openSource(file),
      { ...plain, others },
      clocks,
    );
    giveAttributes(db, others, plain.attributes);
    if (!source) {
      throw new TypeError(
        `${file} is empty or a database of another program: Parsl's ` +
          "monitoring.db has the tables workflow and task",
      );
    }
    if (source.outcome !== "unchanged") writeKinds(db);
    return importReport([source], [], (performance.now() - start) / 1000);
  });
}
