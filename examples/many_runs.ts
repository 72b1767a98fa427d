/**
 * The usual questions and charts for more runs than fit well in one database:
 * DuckDB asks the Parquet files of a campaign. docs/many_runs.md explains when.
 *
 *     deno task dnpc import runinfo --to parquet campaign
 *     deno run --allow-read --allow-write --allow-ffi --allow-sys --allow-env examples/many_runs.ts campaign
 *
 * Saves two charts in the current directory.
 */
import { openCampaign } from "dnpc/campaign";
import { durationHistogram, spansInState } from "dnpc/plots";
import { statesOverTime, summary, timesBetween } from "dnpc/questions";
import { sql } from "dnpc/sql";

const [folder] = Deno.args;
if (folder === undefined) {
  console.error("Give the directory that `dnpc import --to parquet` wrote.");
  Deno.exit(2);
}
using campaign = await openCampaign(folder);

// What ran and what failed; the first time takes some seconds for each large run.
console.log(`${await summary(campaign)}\n`);

// Time from launch to completion of each try, per run: computed by DuckDB, which
// returns a row for each run.
const tries = timesBetween({
  from: "parsl.rundir.try/launched",
  to: "parsl.rundir.try/exec_done",
  unfinished: "leave out",
});
for (
  const { run, tries: count, median, p95 } of await campaign.query(sql`
    SELECT run, count(*) AS tries, round(median("end" - start), 3) AS median,
      round(percentile("end" - start, 95), 3) AS p95
    FROM (${tries}) GROUP BY run ORDER BY run`)
) {
  console.log(
    `${run}: ${count} tries, median ${median} s, 95% within ${p95} s`,
  );
}

// Charts take the rows as they are, with a plot for each run.
durationHistogram(await campaign.query(tries), { facet: "run" })
  .save("launched_to_done.png");
const states = await campaign.query(statesOverTime("parsl.rundir.try"));
spansInState(states, { facet: "run" }).save("tries_in_each_state.png");
