import { compare } from "dnpc/questions";
import type { Command } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { eventOptions, eventsAsked } from "../events.ts";
import { checkRowOptions, rowOptions, writeObjects } from "../output/rows.ts";

export const compareCommand: Command = {
  name: "compare",
  summary: "Step by step, where one run is slower than another",
  about: [
    "A row for each step of the two runs' tasks: the median and the 95th " +
    "percentile of the time since the step before, in seconds, in run A and in " +
    "run B, their difference and ratio, and lost: how much longer all of run B " +
    "took there. What costs most comes first.",
    "A run is named by its id, by its directory, or by a part of these that no " +
    "other run has.",
  ],
  arguments: [
    dataArgument,
    { name: "RUN_A", says: "The run to compare with" },
    { name: "RUN_B", says: "The run in question" },
  ],
  options: {
    ...rowOptions,
    root: {
      value: "TYPE",
      says: "The type of the spans that go through the steps. By default tasks",
    },
    ...eventOptions,
    ...dataOptions,
  },
  examples: [
    {
      says: "The runs of two directories",
      line: "dnpc import before after -o both.sqlite3 -q && " +
        "dnpc compare both.sqlite3 before/000 after/000 --format table",
    },
    {
      says: "What parsl.log alone tells of their tries",
      line: "dnpc import before after -o both.sqlite3 -q && " +
        "dnpc compare both.sqlite3 before/000 after/000 " +
        "--root parsl.rundir.try --component parsl.rundir",
    },
  ],
  async run(given) {
    checkRowOptions(given);
    const root = given.value("root");
    using db = await openSpans(given);
    const [a, b] = [given.argument("RUN_A"), given.argument("RUN_B")];
    const steps = compare(db, a, b, {
      ...eventsAsked(given),
      ...(root !== undefined && { root }),
    });
    writeObjects(given, steps);
  },
};
