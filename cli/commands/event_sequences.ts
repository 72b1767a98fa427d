import { eventSequences } from "dnpc/questions";
import { UsageError } from "../command.ts";
import { rowsCommand } from "../rows.ts";
import {
  eventOptions,
  eventsAsked,
  explainNothing,
  rootsOf,
  spanOptions,
} from "../spans.ts";

export const eventSequencesCommand = rowsCommand({
  name: "event-sequences",
  summary: "Show the orders of events, and how long each step takes",
  about: [
    "Prints a row per step of each order of events in spans of a type, " +
    "including the spans nested in or equal to them: how many spans follow " +
    "the order; and the mean, minimum, maximum and percentiles, in seconds, " +
    "of the time since the first and since the previous step. longest_id is " +
    "the span that took longest.",
  ],
  arguments: [
    { name: "TYPE", help: "Type of the spans: parsl.rundir.task" },
  ],
  options: {
    align: {
      value: "HOW",
      help:
        "order: each order, the most frequent first. step: each step once, " +
        "whatever the order. Default: order",
    },
    percentile: {
      value: "P",
      many: true,
      help: "Percentiles to print. Default: 5, 50 and 95",
    },
    ...eventOptions,
    ...spanOptions,
  },
  examples: [
    {
      help: "Show where tries spend their time, step by step",
      line: "dnpc event-sequences runs.sqlite3 parsl.rundir.try --align step " +
        "--format table",
    },
    {
      help: "Save the orders of events in the logs of workers",
      line: "dnpc event-sequences runinfo parsl.executor.htex.worker.task " +
        "--percentile 99 -o orders.csv",
    },
  ],
  question(given) {
    const type = given.argument("TYPE");
    const roots = rootsOf(given, type);
    const percentiles = given.numbers("percentile");
    if (percentiles.some((p) => !(p >= 0 && p <= 100))) {
      throw new UsageError("--percentile takes a number from 0 to 100");
    }
    const options = {
      align: given.choice("align", ["order", "step"]) ?? "order",
      ...(percentiles.length && { percentiles }),
      ...eventsAsked(given),
    };
    return (db) => {
      const steps = eventSequences(db, roots, options);
      if (steps.length === 0) explainNothing(given, db, [{ span: type }]);
      return steps;
    };
  },
});
