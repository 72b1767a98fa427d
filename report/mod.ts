/**
 * One HTML page of what ran, to be looked at with a browser and to be sent to
 * somebody: it opens from disk and needs no server and no network.
 *
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { report } from "dnpc/report";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 * assert.match(report(db), /^<!doctype html>/);
 * ```
 *
 * @module
 */

import { showHelp } from "../display/notebook/help.ts";

// A page of runs, in a file and in a cell
export { report, type ReportOptions } from "./report.ts";
export { explore, type ExploreOptions, type Explorer } from "./explore.ts";

showHelp(import.meta.url);
