/**
 * Campaigns: more runs than one database takes, as Parquet files that DuckDB and
 * Spark read.
 *
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { exportCampaign } from "dnpc/campaign";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 * const dir = await Deno.makeTempDir();
 * assert.deepEqual(exportCampaign(db, dir).added, ["000"]);
 * await Deno.remove(dir, { recursive: true });
 * ```
 *
 * @module
 */

import { showHelp } from "../display/notebook/help.ts";

// The files
export {
  exportCampaign,
  type ExportCampaignOptions,
} from "./export_campaign.ts";
export type { CampaignExport } from "./export_report.ts";

// Its runs, asked with DuckDB
export type { Campaign } from "./campaign.ts";
export { openCampaign, type OpenCampaignOptions } from "./open_campaign.ts";
export { sparkCampaign, type SparkCampaignOptions } from "./spark.ts";

// One of its runs, as a database
export { openRun, type OpenRunOptions } from "./open_run.ts";

showHelp(import.meta.url);
