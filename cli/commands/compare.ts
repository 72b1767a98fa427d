import { compare } from "dnpc/questions";
import { rowsCommand } from "../rows.ts";
import { eventOptions, eventsAsked } from "../spans.ts";

export const compareCommand = rowsCommand({
  name: "compare",
  summary: "Find the steps in which one run is slower than another",
  about: [
    "Prints a row per step of the two runs' tasks: the median and the 95th " +
    "percentile of the time since the previous step, in seconds, in run A and " +
    "in run B; their difference and ratio; and lost, the time that run B as a " +
    "whole took longer there. The most expensive step comes first.",
    "Name a run by its id, its directory, or a part of these that no other " +
    "run has.",
  ],
  arguments: [
    { name: "RUN_A", help: "The run to compare with" },
    { name: "RUN_B", help: "The run in question" },
  ],
  options: {
    root: {
      value: "TYPE",
      help: "Type of the spans that go through the steps. Default: tasks",
    },
    ...eventOptions,
  },
  examples: [
    {
      help: "Compare the runs of two directories",
      line: "dnpc import before after -o both.sqlite3 -q && " +
        "dnpc compare both.sqlite3 before/000 after/000 --format table",
    },
    {
      help: "Compare the tries, by parsl.log alone",
      line: "dnpc import before after -o both.sqlite3 -q && " +
        "dnpc compare both.sqlite3 before/000 after/000 " +
        "--root parsl.rundir.try --component parsl.rundir",
    },
  ],
  question(given) {
    const root = given.value("root");
    const options = {
      ...eventsAsked(given),
      ...(root !== undefined && { root }),
    };
    return (db) =>
      compare(db, given.argument("RUN_A"), given.argument("RUN_B"), options);
  },
});
