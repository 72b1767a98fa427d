import assert from "node:assert/strict";
import {
  attempts,
  eventsOf,
  importRuninfo,
  openDatabase,
  statesOverTime,
  tasks,
  timesBetween,
  whereIsEveryTask,
} from "dnpc";
import {
  cumulativeFlow,
  durationBoxes,
  lifelines,
  runningSpans,
  spansInState,
  twoEvents,
} from "dnpc/plots";
import { report } from "dnpc/report";
import { sql } from "dnpc/sql";

Deno.test("charts call the rows of a question what they are", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo");
  // sqlite3 monitoring.db: count(*) of task is 62, of try 70; 65 tries have a
  // row "running" in status.
  const places = spansInState(db.query(whereIsEveryTask()));
  assert.match(places.caption, /^62 tasks in /);
  assert.match(places.svg, />How many tasks were in each state\?</);
  assert.match(places.svg, /tasks in state/);
  assert.match(
    spansInState(db.query(statesOverTime("parsl.monitoring.try"))).caption,
    /^70 tries in /,
  );
  const waits = { start: "launched", end: "started" };
  assert.match(twoEvents(tasks(db), waits).caption, /^57 tasks: /);
  // grep -rh "Received executor task": join apps run in no worker.
  const boxes = durationBoxes(attempts(db));
  assert.match(boxes.caption, /^63 attempts of /);
  assert.match(boxes.svg, /each attempt/);
  const ran = timesBetween({
    from: "parsl.monitoring.try/running",
    to: "parsl.monitoring.try/running_ended",
  });
  assert.match(twoEvents(db.query(ran)).caption, /^65 tries: /);
  assert.match(runningSpans(db.query(ran)).caption, /^65 tries: /);
  const worker = "parsl.executor.htex.worker.task";
  assert.match(
    spansInState(db.query(statesOverTime(worker))).caption,
    /^63 executor tasks in /,
  );
  const events = db.query(eventsOf("parsl.monitoring.task"));
  assert.match(cumulativeFlow(events).caption, /^62 tasks: /);
  assert.match(lifelines(events).caption, /^62 tasks through /);
});

Deno.test("charts of some rows of a question keep its noun, those of other rows do not", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo");
  const all = attempts(db);
  const failed = all.filter(({ outcome }) => outcome === "failed");
  assert.match(durationBoxes(failed).caption, /^\d+ attempts/);
  const facets = durationBoxes(all, { facet: "outcome" });
  assert.match(facets.svg, />\d+ attempts of /);
  const sums = all.map(({ app, seconds }) => ({ app, seconds }));
  assert.match(durationBoxes(sums).caption, /^63 spans of /);
  // A query around a question asks for something else.
  const states = db.query(sql`
    SELECT app, time, 'x' AS state FROM (
      SELECT root_id AS app, time FROM (${whereIsEveryTask()}))`);
  assert.match(spansInState(states, { span: "app" }).caption, /spans in /);
});

Deno.test("reports call tasks so", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo");
  const page = report(db);
  assert.match(page, /\b62 tasks in \d+ states/);
  assert.doesNotMatch(page, /spans in \d+ states/);
});

Deno.test("tables of questions do not show the numbers of spans", async () => {
  using db = await openDatabase();
  await importRuninfo(db, "tests/fixtures/tz/runinfo");
  const all = attempts(db);
  assert.equal(typeof all[0]!.span_id, "number");
  const display = Symbol.for("Jupyter.display");
  const shown = (all as unknown as Record<symbol, () => object>)[display]!();
  assert.match(JSON.stringify(shown), /executor_task/);
  assert.doesNotMatch(JSON.stringify(shown), /span_id/);
});
