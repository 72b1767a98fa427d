/**
 * The usual questions and charts for more runs than fit well in one database:
 * DuckDB queries the Parquet files that `dnpc export` writes, with one directory
 * per run. docs/many_runs.md explains how its SQL differs.
 *
 *     deno task dnpc import runinfo -o runs.sqlite3
 *     deno task dnpc export runs.sqlite3 --to parquet -o parquet
 *     deno run --allow-read --allow-write --allow-ffi --allow-sys examples/many_runs/many_runs.ts parquet
 *
 * Saves two charts in the current directory. The folder has its own deno.json
 * because DuckDB is 140 MB, and only this example needs it.
 */
import { DuckDBInstance } from "@duckdb/node-api";
import { durationHistogram, spansInState } from "dnpc/plots";

const [folder] = Deno.args;
if (folder === undefined) {
  console.error("Give the directory that `dnpc export --to parquet` wrote.");
  Deno.exit(2);
}

const instance = await DuckDBInstance.create(":memory:");
const duckdb = await instance.connect();
// Each view covers the Parquet files of one table; other tables are not needed.
for (const table of ["span", "event"]) {
  await duckdb.run(`
    CREATE VIEW ${table} AS SELECT * FROM read_parquet(
      '${folder.replaceAll("'", "''")}/${table}/**/*.parquet',
      hive_partitioning = true)`);
}

/** Returns rows as plain objects, as charts expect them. */
async function query(text: string) {
  return (await duckdb.runAndReadAll(text)).getRowObjectsJS();
}

// Time from launch to completion of each try, per run.
const tries = `
  SELECT span.run, span.id,
    min(time) FILTER (event.type = 'launched') AS launched,
    max(time) FILTER (event.type = 'exec_done') AS done
  FROM span JOIN event ON event.run = span.run AND span_id = span.id
  WHERE span.type = 'parsl.rundir.try' AND named = 1
  GROUP BY ALL`;
for (
  const row of await query(`
    SELECT run, count(done - launched)::INTEGER AS tries,
      round(quantile_cont(done - launched, 0.5), 3) AS median,
      round(quantile_cont(done - launched, 0.95), 3) AS p95
    FROM (${tries}) GROUP BY run ORDER BY run`)
) {
  console.log(
    `${row.run}: ${row.tries} tries, ` +
      `median ${row.median} s, 95% within ${row.p95} s`,
  );
}
durationHistogram(await query(tries), {
  start: "launched",
  end: "done",
  facet: "run",
}).save("launched_to_done.png");

// States of the tries over time.
const states = await query(`
  SELECT span.run || ' ' || span.id AS try, time, event.type AS state, span.run
  FROM span JOIN event ON event.run = span.run AND span_id = span.id
  WHERE span.type = 'parsl.rundir.try' AND named = 1
  ORDER BY time, event.id`);
spansInState(states, { facet: "run", title: "Tries in each state, run by run" })
  .save("tries_in_each_state.png");
