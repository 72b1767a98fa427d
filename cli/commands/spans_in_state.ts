import { spansInState } from "dnpc/plots";
import { type Row, statesOverTime } from "dnpc/sql";
import type { Command } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import {
  chartOptions,
  checkRowOptions,
  rowsOf,
  saveChart,
  wantsChart,
  writeRows,
} from "../output/rows.ts";
import { accountOf, explainNothing, rootOptions, rootsOf } from "../roots.ts";

export const spansInStateCommand: Command = {
  name: "spans-in-state",
  summary: "In which state each span was, and how many over time",
  about: [
    "A row for each change of state: root_id; time, in Unix seconds; and the " +
    "state that the span enters, as one account tells it. The chart shows how " +
    "many spans are in each state over time, stacked.",
  ],
  arguments: [
    dataArgument,
    { name: "TYPE", says: "The type of the spans: parsl.rundir.try" },
  ],
  options: {
    ...chartOptions,
    account: {
      value: "NAME",
      says: "Who tells of the states: parsl.monitoring. By default who tells " +
        "of the spans, which is the type without its last part",
    },
    event: {
      value: "TYPE",
      many: true,
      says: "Only these events are states. By default all that have a name",
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
      says: "Which states there were how often",
      line: "dnpc spans-in-state runs.sqlite3 parsl.rundir.try --no-header | " +
        "cut -f 3 | sort | uniq -c",
    },
  ],
  async run(given) {
    checkRowOptions(given, { charts: true });
    const type = given.argument("TYPE");
    const eventTypes = given.values("event");
    const states = statesOverTime(rootsOf(given, type), {
      account: given.value("account") ?? accountOf(type),
      ...(eventTypes.length && { eventTypes }),
    });
    using db = await openSpans(given);
    const rows = rowsOf(db, states);
    const changes = rows.rows as Row[];
    if (changes.length === 0) {
      const names = eventTypes.map((event) => ({ span: type, event }));
      explainNothing(given, db, [{ span: type }, ...names]);
    }
    if (!wantsChart(given)) return writeRows(given, rows);
    const title = `${type} in each state`;
    saveChart(given, spansInState(changes, { title }));
  },
};
