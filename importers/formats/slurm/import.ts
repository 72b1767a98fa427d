import { type importRuninfo, logImporter } from "../../store/import.ts";
import { slurm } from "./format.ts";

/**
 * Imports Slurm's accounting of jobs and their steps, as `sacct --parsable2`
 * prints it: one file with any name, or all such files below a directory.
 * Accepts any columns in any order that include `JobID` or `JobIDRaw`, and one of
 * `State`, `JobName`, `Submit`, `Start`, `End` and `Elapsed`.
 *
 * A job has the events `submitted`, `eligible`, `started` and `ended`; the time
 * from `submitted` to `started` is the time in the batch queue. Columns become
 * attributes in snake case: `NodeList` is `node_list`. Those with sizes,
 * durations and energy are metrics of the family `slurm` at the time of the
 * latest event, in bytes, seconds and joules. Rules bind jobs to Parsl's blocks
 * by the job id.
 *
 * sacct prints local times without a zone: give `timeZone` unless the file is
 * in the run directory, next to a parsl.log.
 *
 * This follows sacct's documentation, and the output of Slurm 22.05 on one
 * machine.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importSlurmAccounting } from "dnpc/importers";
 * import { timesBetween } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * // sacct --parsable2 --format=JobID,JobName,Submit,Start,End,State,MaxRSS
 * await importSlurmAccounting(db, "tests/fixtures/slurm/sacct.txt", {
 *   timeZone: "UTC",
 * });
 * const waits = db.query(timesBetween({
 *   from: "slurm.job/submitted",
 *   to: "slurm.job/started",
 *   unfinished: "leave out",
 * }));
 * assert.deepEqual(waits.map(({ start, end }) => Number(end) - Number(start)), [
 *   750,
 *   2400,
 *   60,
 *   120,
 *   120,
 * ]);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if none of the files is output of sacct.
 */
export const importSlurmAccounting: typeof importRuninfo = logImporter(
  slurm.files,
);
