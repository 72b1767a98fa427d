// Usage: import_campaign.ts RUNINFO CAMPAIGN
// Imports a run into a new campaign, by way of a database beside it.

import { exportCampaign } from "dnpc/campaign";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { peakMemory } from "../measure.ts";

const [runinfo = "", dir = ""] = Deno.args;
using db = await openDatabase(`${dir}.sqlite3`);
// As `dnpc import --to parquet` does.
db.exec("PRAGMA synchronous = OFF");
await importRuninfo(db, runinfo);
exportCampaign(db, dir);
console.log(JSON.stringify({ memory: peakMemory() }));
