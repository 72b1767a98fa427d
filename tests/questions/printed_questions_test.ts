// String(query) of every question, run by the sqlite3 shell on a saved file.
import { importRuninfo } from "dnpc/importers";
import {
  eventCounts,
  eventsOf,
  nestedSpans,
  relatedTypes,
  spanLinks,
  spansBetween,
  spanTypes,
  statesInOrder,
  statesOverTime,
  steps,
  taskDependencies,
  timesBetween,
  whereIsEveryTask,
} from "dnpc/questions";
import { openDatabase, type Sql, sql } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { inFolder } from "../sql/engines.ts";
import { inSqliteShell } from "../tools/needs.ts";

const pair = {
  from: "parsl.rundir.try/launched",
  to: "parsl.rundir.try/exec_done",
};
const event = pair.from;
const weight = "psutil_process_time_user";
const by = ["executor", "an 'odd' name"];
const tasks = sql`SELECT id FROM span
  WHERE type = ${"parsl.rundir.task"} AND attributes ->> 'task' < ${"3"}`;

const questions: Record<string, Sql> = {
  nestedSpans: nestedSpans(tasks),
  spanLinks: spanLinks("parsl.rundir.task", "depends"),
  eventsOf: eventsOf("parsl.rundir.task"),
  "eventsOf, selected": eventsOf(tasks, {
    spanTypes: ["parsl.rundir.try"],
    eventTypes: ["launched"],
    components: ["parsl.rundir"],
    events: "named",
  }),
  steps: steps("parsl.rundir.try"),
  timesBetween: timesBetween(pair),
  "timesBetween, each": timesBetween({ ...pair, which: "each", root: tasks }),
  spansBetween: spansBetween(pair),
  "spansBetween, by": spansBetween({ ...pair, by }),
  "spansBetween, weight": spansBetween({ ...pair, by, weight }),
  eventCounts: eventCounts({ event, per: 0.3 }),
  "eventCounts, by": eventCounts({
    event,
    by,
    since: 1795347170.5,
    until: 1795347190,
  }),
  statesOverTime: statesOverTime("parsl.rundir.task"),
  "statesOverTime, order": statesOverTime("parsl.rundir.task", {
    order: ["pending", "exec_done", "launched"],
  }),
  "statesOverTime, weight": statesOverTime("parsl.rundir.task", { weight }),
  statesInOrder: statesInOrder(
    sql`SELECT span_id AS root_id, span_id, id AS event_id, time, type AS state
      FROM event WHERE named = 1`,
    ["pending", "launched"],
  ),
  spanTypes: spanTypes(),
  relatedTypes: relatedTypes(),
  taskDependencies: taskDependencies(),
  whereIsEveryTask: whereIsEveryTask(),
  "whereIsEveryTask, weight": whereIsEveryTask({ weight }),
  "whereIsEveryTask, places": whereIsEveryTask({
    places: [{ state: "it's off\0\x1b", entered: [pair.from, pair.to] }],
  }),
};

Deno.test(
  "String() of each question gives its rows in the sqlite3 shell",
  inSqliteShell,
  () =>
    inFolder(async (folder) => {
      using db = await openDatabase(`${folder}/runs.sqlite3`);
      await importRuninfo(db, "tests/fixtures/tz/runinfo", { timeZone: "UTC" });
      // An attribute that no log has is refused.
      db.run(
        `UPDATE span SET attributes = json_patch(attributes, ?)
         WHERE type = 'parsl.rundir.try' AND attributes ->> 'task' = '5'`,
        [JSON.stringify({ [by[1]!]: "it's" })],
      );
      for (const [name, query] of Object.entries(questions)) {
        const expected = db.query(query);
        assert.ok(expected.length > 0, name);
        const { code, stdout, stderr } = await new Deno.Command("sqlite3", {
          args: ["-batch", "-json", `${folder}/runs.sqlite3`, String(query)],
        }).output();
        assert.equal(code, 0, `${name}: ${new TextDecoder().decode(stderr)}`);
        assert.deepEqual(
          JSON.parse(new TextDecoder().decode(stdout)),
          JSON.parse(JSON.stringify(expected)),
          name,
        );
      }
    }),
);
