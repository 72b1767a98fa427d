/**
 * The same questions and charts, of more runs than one database should hold:
 * DuckDB reads the Parquet files that `dnpc export` wrote, a directory for each
 * run, and gives rows. docs/many_runs.md says what is other in its SQL.
 *
 *     deno task dnpc import runinfo -o runs.sqlite3
 *     deno task dnpc export runs.sqlite3 --to parquet -o parquet
 *     deno run --allow-read --allow-write --allow-ffi --allow-sys examples/many_runs/many_runs.ts parquet
 *
 * Draws into the current directory. It has a deno.json of its own, as a folder
 * of yours would: DuckDB is 140 MB, which nothing else here needs.
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
// A table is a pattern of files; what says nothing of the run is not read.
for (const table of ["span", "event"]) {
  await duckdb.run(`
    CREATE VIEW ${table} AS SELECT * FROM read_parquet(
      '${folder.replaceAll("'", "''")}/${table}/**/*.parquet',
      hive_partitioning = true)`);
}

/** Rows as the charts take them: plain objects. */
async function query(text: string) {
  return (await duckdb.runAndReadAll(text)).getRowObjectsJS();
}

// How long tries waited and ran, run by run.
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
      `median ${row.median} s, 95 % ${row.p95} s`,
  );
}
durationHistogram(await query(tries), {
  start: "launched",
  end: "done",
  facet: "run",
}).save("launched_to_done.png");

// In which state they were, meanwhile: the latest that each has entered.
const states = await query(`
  SELECT span.run || ' ' || span.id AS try, time, event.type AS state, span.run
  FROM span JOIN event ON event.run = span.run AND span_id = span.id
  WHERE span.type = 'parsl.rundir.try' AND named = 1
  ORDER BY time, event.id`);
spansInState(states, { facet: "run", title: "Tries in each state, run by run" })
  .save("tries_in_each_state.png");
