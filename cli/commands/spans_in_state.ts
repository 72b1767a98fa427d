import { spansInState } from "dnpc/plots";
import { componentOf, statesOverTime, whereIsEveryTask } from "dnpc/questions";
import { type Row, type Sql, sql } from "dnpc/sql";
import type { Command, Given } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import {
  chartOptions,
  checkRowOptions,
  rowsOf,
  saveChart,
  wantsChart,
  writeRows,
} from "../output/rows.ts";
import { UsageError } from "../errors.ts";
import {
  attributesAsked,
  explainNothing,
  rootOptions,
  rootsOf,
} from "../roots.ts";

export const spansInStateCommand: Command = {
  name: "spans-in-state",
  summary: "In which state each span was, and how many over time",
  about: [
    "A row for each change of state: root_id; time, in Unix seconds; and the " +
    "state that the span enters, as one component reports it. The chart shows how " +
    "many spans are in each state over time, stacked.",
  ],
  arguments: [
    dataArgument,
    {
      name: "TYPE",
      optional: true,
      says: "The type of the spans: parsl.rundir.try. None with --places",
    },
  ],
  options: {
    ...chartOptions,
    component: {
      value: "NAME",
      says: "The component whose states count: parsl.monitoring. By default " +
        "that of the spans, their type without its last part",
    },
    event: {
      value: "TYPE",
      many: true,
      says: "Only these events are states. By default all that have a name",
    },
    places: {
      says: "Of each task, where it is: waiting on dependencies, in the DFK, " +
        "the interchange, a manager, a worker, or on its way back",
    },
    ...rootOptions,
    ...dataOptions,
  },
  examples: [
    {
      says: "How many tries were in each state, as a chart",
      line: "dnpc spans-in-state runs.sqlite3 parsl.rundir.try -o states.svg",
    },
    {
      says: "Each try's states, the way monitoring tells them",
      line: "dnpc spans-in-state runinfo parsl.monitoring.try --format csv",
    },
    {
      says: "Where every task was",
      line: "dnpc spans-in-state runinfo --places -o where.png",
    },
    {
      says: "Which states there were how often",
      line: "dnpc spans-in-state runs.sqlite3 parsl.rundir.try --no-header | " +
        "cut -f 3 | sort | uniq -c",
    },
  ],
  async run(given) {
    checkRowOptions(given, { charts: true });
    const type = typeOf(given);
    const states = type === undefined
      ? placesOfTasks(given)
      : ownStates(given, type);
    using db = await openSpans(given);
    const rows = rowsOf(db, states);
    const changes = rows.rows as Row[];
    if (changes.length === 0) {
      const span = type ?? "parsl.rundir.task";
      const names = given.values("event").map((event) => ({ span, event }));
      explainNothing(given, db, [{ span }, ...names]);
    }
    if (!wantsChart(given)) return writeRows(given, rows);
    const title = type ? `${type} in each state` : "Where every task was";
    saveChart(given, spansInState(changes, { title }));
  },
};

function typeOf(given: Given): string | undefined {
  const type = given.optional("TYPE");
  if ((type === undefined) === given.has("places")) return type;
  throw new UsageError(
    "dnpc spans-in-state needs TYPE, as in parsl.rundir.try, or --places",
  );
}

function ownStates(given: Given, type: string): Sql {
  const eventTypes = given.values("event");
  return statesOverTime(rootsOf(given, type), {
    component: given.value("component") ?? componentOf(type),
    ...(eventTypes.length && { eventTypes }),
  });
}

function placesOfTasks(given: Given): Sql {
  const states = whereIsEveryTask();
  if (!given.has("where")) return states;
  return sql`SELECT * FROM (${states})
  WHERE root_id IN (SELECT id FROM span WHERE ${attributesAsked(given)})`;
}
