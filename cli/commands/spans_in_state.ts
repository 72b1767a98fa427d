import { spansInState } from "dnpc/plots";
import { componentOf, statesOverTime, whereIsEveryTask } from "dnpc/questions";
import { type Sql, sql } from "dnpc/sql";
import { UsageError } from "../errors.ts";
import type { Given } from "../arguments.ts";
import { queryRows, rowsCommand } from "../rows.ts";
import {
  attributesAsked,
  explainNothing,
  rootsOf,
  whereOption,
} from "../spans.ts";

export const spansInStateCommand = rowsCommand(
  `spans-in-state: Show the state of each span, and how many spans over time

  Prints a row per change of state, as one component reports it: root_id; time,
  in Unix seconds; and the state that the span enters. The chart stacks the
  number of spans in each state over time.

  Arguments:
  [TYPE]  Type of the spans: parsl.rundir.try. None with --places

  Options:
  --component NAME  Component that reports the states: parsl.monitoring. Default:
    that of the spans, which is TYPE without its last part
  --event TYPE ...  Use only these events as states. Default: all with a name
  --places  Show where each task is: waiting for dependencies, in the DFK, the
    interchange, a manager, a worker, or on its way back
  ${whereOption}

  Examples:
  # Draw how many tries were in each state
  dnpc spans-in-state runs.sqlite3 parsl.rundir.try -o states.svg
  # Print the states of tries, as monitoring has them
  dnpc spans-in-state runinfo parsl.monitoring.try --format csv
  # Draw where every task was
  dnpc spans-in-state runinfo --places -o where.png
  # Count the changes to each state
  dnpc spans-in-state runs.sqlite3 parsl.rundir.try --no-header |
    cut -f 3 | sort | uniq -c`,
  (given) => {
    const type = given.value("TYPE");
    if ((type === undefined) !== given.has("places")) {
      throw new UsageError(
        "dnpc spans-in-state needs TYPE, as in parsl.rundir.try, or --places",
      );
    }
    const states = type === undefined
      ? placesOfTasks(given)
      : statesOverTime(rootsOf(given, type), {
        component: given.value("component") ?? componentOf(type),
        eventTypes: given.get("event"),
      });
    return (db) => {
      const rows = queryRows(db, states);
      if (rows.rows.length === 0) {
        const span = type ?? "parsl.rundir.task";
        const names = given.all("event").map((event) => ({ span, event }));
        explainNothing(given, db, [{ span }, ...names]);
      }
      return rows;
    };
  },
  {
    draw(given, changes) {
      const type = given.value("TYPE");
      const title = type ? `${type} in each state` : "Where every task was";
      return spansInState(changes, { title });
    },
  },
);

function placesOfTasks(given: Given): Sql {
  const states = whereIsEveryTask();
  if (!given.has("where")) return states;
  return sql`SELECT * FROM (${states})
  WHERE root_id IN (SELECT id FROM span WHERE ${attributesAsked(given)})`;
}
