/**
 * How long do tries wait between launch and execution, and how many are in each
 * state over time? Saves two charts in the current directory.
 *
 *     deno run --allow-read --allow-write --allow-ffi --allow-sys examples/waiting_for_a_worker.ts RUNINFO
 *
 * RUNINFO is a runinfo directory with a monitoring.db. By default, the script uses
 * a small run from this repository.
 */
import { importRuninfo, openDatabase } from "dnpc";
import { spansInState, twoEvents } from "dnpc/plots";

const runinfo = Deno.args[0] ??
  new URL("../tests/fixtures/wq/runinfo", import.meta.url);

using db = await openDatabase();
console.log(await importRuninfo(db, runinfo));

const waits = db.query(`
  SELECT launched.time AS launched, running.time AS running
  FROM span
  JOIN event AS launched
    ON launched.span_id = span.id AND launched.type = 'launched'
  JOIN event AS running
    ON running.span_id = span.id AND running.type = 'running'
  WHERE span.type = 'parsl.monitoring.try'`);
const wait = twoEvents(waits, { title: "From launched to running" });
console.log(wait.caption);
wait.save("waiting_for_a_worker.svg");

const states = db.query(`
  SELECT event.span_id AS try, event.time, event.type AS state
  FROM event JOIN span ON span.id = event.span_id
  WHERE span.type = 'parsl.monitoring.try'`);
spansInState(states, { title: "Tries in each state" })
  .save("tries_in_each_state.png");
console.log("Saved waiting_for_a_worker.svg and tries_in_each_state.png");
