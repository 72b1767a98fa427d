/**
 * How long does a try take from its launch by Parsl until a worker receives it,
 * and where is every task meanwhile? Combines the logs of three kinds of process:
 * parsl.log, interchange.log and the workers' logs. Saves two charts in the
 * current directory and prints the number of unmatched lines per log.
 *
 *     deno run --allow-read --allow-write --allow-ffi --allow-sys examples/from_launch_to_worker.ts RUNINFO
 *
 * RUNINFO is a runinfo directory with the logs of a high throughput executor. By
 * default, the script uses a small run from this repository.
 */
import { importRuninfo, openDatabase } from "dnpc";
import { spansInState, twoEvents } from "dnpc/plots";
import { sql } from "dnpc/sql";
import { eventsOf, timesBetween } from "dnpc/questions";

const runinfo = Deno.args[0] ??
  new URL("../tests/fixtures/tz/runinfo", import.meta.url);

using db = await openDatabase();
const report = await importRuninfo(db, runinfo);
for (const { path, unmatched, unmatchedTemplates } of report.sources) {
  const [mostFrequent] = unmatchedTemplates;
  if (!mostFrequent) continue;
  console.log(
    `${path}: ${unmatched} lines unmatched, most of them ` +
      `"${mostFrequent.template}" (such as line ${mostFrequent.line})`,
  );
}

const waits = db.query(timesBetween({
  from: "parsl.rundir.try/launched",
  to: "parsl.executor.htex.worker.task/worker_received_task",
}));
const wait = twoEvents(waits, {
  start: "start",
  end: "end",
  from: "launched",
  to: "received by a worker",
});
console.log(wait.caption);
wait.save("from_launch_to_worker.svg");

const places = db.query(sql`
  SELECT root_id AS task, time,
    CASE
      WHEN event_type IN ('exec_done', 'memo_done', 'failed', 'dep_fail')
        THEN NULL
      WHEN component = 'parsl.rundir' THEN event_type
      ELSE component
    END AS place
  FROM (${eventsOf("parsl.rundir.task", { events: "named" })})
  WHERE span_type <> 'parsl.rundir.task'
    AND component NOT LIKE 'parsl.monitoring%'`);
spansInState(places, { title: "Where every task was" })
  .save("where_every_task_was.png");
console.log("Saved from_launch_to_worker.svg and where_every_task_was.png");
