// Usage: ask_campaign.ts CAMPAIGN QUESTION
// Prints the seconds that DuckDB takes for a question, and its peak memory; with
// DNPC_SPARK_PYTHON, a Python with pyspark and pyarrow, those of Spark.

import { type Campaign, openCampaign, sparkCampaign } from "dnpc/campaign";
import {
  compare,
  durationFactors,
  outlierRuns,
  runTrends,
  sequencesInCampaign,
  spansBetween,
  statesOverTime,
  timesBetween,
} from "dnpc/questions";
import { type Sql, sql } from "dnpc/sql";
import { cpuSeconds, peakMemory } from "../measure.ts";

const launched = "parsl.rundir.try/launched";
const done = "parsl.rundir.try/exec_done";

/** Rows would take longer than the answers, so DuckDB counts them. */
const questions: Record<string, Sql> = {
  timesBetween: sql`SELECT run, count(*) AS times, median("end" - start) AS half
    FROM (${timesBetween({ from: launched, to: done })}) GROUP BY run`,
  "timesBetween of a run": sql`SELECT count(*) AS times FROM (${
    timesBetween({ from: launched, to: done, run: "000" })
  })`,
  statesOverTime: sql`SELECT state, count(*) AS entries
    FROM (${statesOverTime("parsl.rundir.try")}) GROUP BY state`,
  spansBetween: sql`SELECT run, max(count) AS most
    FROM (${spansBetween({ from: launched, to: done })}) GROUP BY run`,
};

const calls: Record<string, (campaign: Campaign) => Promise<unknown>> = {
  "event orders": (campaign) =>
    sequencesInCampaign(campaign, "parsl.rundir.task"),
  compare: (campaign) => compare(campaign),
  durationFactors: (campaign) => durationFactors(campaign),
  outlierRuns: (campaign) => outlierRuns(campaign),
  runTrends: (campaign) => runTrends(campaign),
  "database of a run": async (campaign) =>
    (await campaign.database(campaign.runs[0]!)).close(),
};

const [dir = "", name = ""] = Deno.args;
const python = Deno.env.get("DNPC_SPARK_PYTHON");
using campaign = !python ? await openCampaign(dir) : await sparkCampaign({
  dir,
  submit: [python],
  master: "local-cluster[2,1,2048]",
  config: { "spark.sql.shuffle.partitions": "2" },
});
const opened = performance.now();
const before = cpuSeconds();
await (calls[name]?.(campaign) ?? campaign.query(questions[name]!));
console.log(JSON.stringify({
  seconds: (performance.now() - opened) / 1000,
  cpu: cpuSeconds() - before,
  memory: peakMemory(),
}));
