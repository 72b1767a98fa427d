import { type importRuninfo, logImporter } from "../../store/import.ts";
import { taskVine } from "./format.ts";

/**
 * Imports a TaskVine manager's logs: transactions, performance, taskgraph and
 * debug, of TaskVine 7.5.0 and later; of a pre-release, the lines whose form is
 * known. One file with any name, or all such files below a directory.
 *
 * A library is a span of its own, and not work. A task's attempts on workers and
 * its transfers, in bytes and seconds, are events; so are the moments that a
 * later line reports, `worker_start` and `worker_end` by the worker's clock. The
 * numbers of performance are metrics of the manager, of the family
 * `performance`: counts, sizes in MB and times in seconds. A taskgraph has no
 * times: its tasks list their inputs and outputs, and the tasks that made an
 * input. Of debug, only the lines count that relate tasks to those of Parsl's
 * executor.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importTaskVineLog } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importTaskVineLog(db, "tests/fixtures/taskvine/lnni");
 * const [row] = db.query(
 *   `SELECT attributes ->> 'library' AS library FROM span
 *    WHERE type = 'taskvine.task' AND attributes ->> 'taskvine_task' = '970'`,
 * );
 * assert.equal(row?.library, "1501");
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such log, or it is of another program, such
 * as Work Queue.
 */
export const importTaskVineLog: typeof importRuninfo = logImporter(
  taskVine.files,
);
