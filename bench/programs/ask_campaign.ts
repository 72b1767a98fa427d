// Usage: ask_campaign.ts CAMPAIGN QUESTION
// Prints the seconds that DuckDB takes for a question, and its peak memory.

import { openCampaign } from "dnpc/campaign";
import {
  durationFactors,
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

const [dir = "", name = ""] = Deno.args;
const started = performance.now();
using campaign = await openCampaign(dir);
const opened = performance.now();
const before = cpuSeconds();
const rows =
  await (name === "event orders"
    ? sequencesInCampaign(campaign, "parsl.rundir.task")
    : name === "durationFactors"
    ? durationFactors(campaign)
    : name === "runTrends"
    ? runTrends(campaign)
    : campaign.query(questions[name]!));
const seconds = (performance.now() - opened) / 1000;
console.log(JSON.stringify({
  runs: campaign.runs.length,
  opened: (opened - started) / 1000,
  seconds,
  rows: rows.length,
  cpu: cpuSeconds() - before,
  memory: peakMemory(),
}));
