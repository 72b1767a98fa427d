import { eventSequences, type EventSequencesOptions } from "dnpc/questions";
import type { Command, Given } from "../command.ts";
import { dataArgument, dataOptions, openSpans } from "../data.ts";
import { eventOptions, eventsAsked } from "../events.ts";
import { UsageError } from "../errors.ts";
import { checkRowOptions, rowOptions, writeObjects } from "../output/rows.ts";
import { explainNothing, rootOptions, rootsOf } from "../roots.ts";

export const eventSequencesCommand: Command = {
  name: "event-sequences",
  summary: "In which orders events happen, and how long each step takes",
  about: [
    "A row for each step of each order of events that spans of a type, and all " +
    "that is nested in them or equal to them, go through: how many spans follow " +
    "it, and in seconds the mean, the least, the most and percentiles of the " +
    "time since the first step and since the step before. longest_id is the " +
    "span that took longest.",
  ],
  arguments: [
    dataArgument,
    { name: "TYPE", says: "The type of the spans: parsl.rundir.task" },
  ],
  options: {
    ...rowOptions,
    align: {
      value: "HOW",
      says: "order: every order that there is, the most usual first. step: " +
        "each step once, whatever the order. By default order",
    },
    percentile: {
      value: "P",
      many: true,
      says: "Which percentiles. By default 5, 50 and 95",
    },
    ...eventOptions,
    ...rootOptions,
    ...dataOptions,
  },
  examples: [
    {
      says: "Where tasks spend their time, step by step",
      line: "dnpc event-sequences runs.sqlite3 parsl.rundir.try --align step " +
        "--format table",
    },
    {
      says: "The orders of a worker's own log",
      line: "dnpc event-sequences runinfo parsl.executor.htex.worker.task " +
        "--percentile 99 -o orders.csv",
    },
  ],
  async run(given) {
    checkRowOptions(given);
    const options = optionsOf(given);
    const type = given.argument("TYPE");
    const roots = rootsOf(given, type);
    using db = await openSpans(given);
    const steps = eventSequences(db, roots, options);
    if (steps.length === 0) explainNothing(given, db, [{ span: type }]);
    writeObjects(given, steps);
  },
};

function optionsOf(given: Given): EventSequencesOptions {
  const align = given.value("align") ?? "order";
  if (align !== "order" && align !== "step") {
    throw new UsageError("--align is order or step");
  }
  const percentiles = given.values("percentile").map(Number);
  if (percentiles.some((p) => !(p >= 0 && p <= 100))) {
    throw new UsageError("--percentile takes a number from 0 to 100");
  }
  return {
    align,
    ...(percentiles.length && { percentiles }),
    ...eventsAsked(given),
  };
}
