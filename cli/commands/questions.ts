import { spansInState, waterfall } from "dnpc/plots";
import {
  componentOf,
  coverage,
  criticalPath,
  eventSequences,
  sequencesInCampaign,
  spanTypes,
  statesOverTime,
  whereIsEveryTask,
} from "dnpc/questions";
import { type Sql, sql } from "dnpc/sql";
import type { Given } from "../arguments.ts";
import { isCampaign } from "../data.ts";
import { UsageError } from "../errors.ts";
import { say } from "../output.ts";
import { asAsked, summaryOption } from "../executors.ts";
import { askRows, queryCommand, rowsCommand, wantsChart } from "../rows.ts";
import {
  attributesAsked,
  eventOptions,
  eventsAsked,
  refuseUnknown,
  rootsOf,
  runOption,
  whereOption,
} from "../spans.ts";

export const spanTypesCommand = queryCommand(
  `span-types: List the types of spans, with counts

  Prints a row per type: number of spans, of events, and of events with a name;
  first and last, in Unix seconds; the attributes of its spans; and the
  component that wrote them.

  Options:
  --run RUN  Only this run: its label (000), its id or its directory

  Examples:
  # Show the types as a table
  dnpc span-types runs.sqlite3 --run 000 --format table
  # List the names alone
  dnpc span-types runinfo --no-header | cut -f 1`,
  (given) => {
    const run = given.value("run");
    return (data) => askRows(data, spanTypes({ run }));
  },
);

export const eventSequencesCommand = queryCommand(
  `event-sequences: Show the orders of events, and how long each step takes

  Prints a row per step of each order of events in spans of a type, including
  the spans nested in or equal to them: how many spans follow the order; and the
  mean, minimum, maximum and percentiles, in seconds, of the time since the
  first and since the previous step. longest_id is the span that took longest.
  The chart shows the steps of a typical span, one after the other.

  Arguments:
  TYPE  Type of the spans, such as parsl.rundir.task: \`dnpc span-types\` lists
    them

  Options:
  --align HOW  order: each order, the most frequent first. step: each step once,
    whatever the order. Default: order
  --percentile P ...  Percentiles to print. Default: 5, 50 and 95
  ${eventOptions}
  ${whereOption}

  Examples:
  # Show where tries spend their time, step by step
  dnpc event-sequences runs.sqlite3 parsl.rundir.try --align step
    --format table
  # Save the orders of events in the logs of workers
  dnpc event-sequences runinfo parsl.executor.htex.worker.task
    --percentile 99 -o orders.csv
  # Draw where the time of a typical try goes
  dnpc event-sequences runinfo parsl.rundir.try -o steps.svg`,
  (given) => {
    const type = given.argument("TYPE");
    const roots = rootsOf(given, type);
    const percentiles = given.numbers("percentile");
    if (percentiles.some((p) => !(p >= 0 && p <= 100))) {
      throw new UsageError("--percentile takes a number from 0 to 100");
    }
    const align = given.choice("align", ["order", "step"]);
    const isDrawn = wantsChart(given);
    if (isDrawn && align === "order") {
      throw new UsageError("the chart has each step once: --align step");
    }
    const options = {
      run: given.value("run"),
      align: isDrawn ? "step" as const : align,
      percentiles: isDrawn
        ? [5, 25, 50, 75, 95]
        : percentiles.length
        ? percentiles
        : undefined,
      ...eventsAsked(given),
    };
    return async (data) => {
      const steps = isCampaign(data)
        ? await sequencesInCampaign(data, roots, options)
        : eventSequences(data, roots, options);
      if (steps.length === 0) {
        await refuseUnknown(given, data, [{ span: type }]);
      }
      return steps;
    };
  },
  { draw: (_, rows) => waterfall(rows) },
);

export const spansInStateCommand = queryCommand(
  `spans-in-state: Show the state of each span, and how many spans over time

  Prints a row per change of state, as one component reports it: root_id; time,
  in Unix seconds; and the state that the span enters. The chart stacks the
  number of spans in each state over time.

  Arguments:
  [TYPE]  Type of the spans: parsl.rundir.try. None with --places

  Options:
  --component NAME  Component that reports the states: parsl.monitoring. Default:
    that of the spans, which is TYPE without its last part
  --event TYPE ...  Use only these events as states, by name or template of a
    message. Default: all with a name
  --weight NAME  Draw the sum of this number of the spans, in place of their
    count: an attribute (cores, memory_mb) or a metric. It is the last column
  --places  Show where each task is: waiting for dependencies, in the DFK, the
    interchange, a manager, a worker, or on its way back
  ${whereOption}

  Examples:
  # Draw how many tries were in each state
  dnpc spans-in-state runs.sqlite3 parsl.rundir.try -o states.svg
  # Print the states of tries, as monitoring has them
  dnpc spans-in-state runinfo parsl.monitoring.try --format csv
  # Draw the peak memory of the tries in each state
  dnpc spans-in-state runs.sqlite3 parsl.monitoring.try
    --weight psutil_process_memory_resident -o memory.svg
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
        weight: given.value("weight"),
        eventTypes: given.get("event"),
        run: given.value("run"),
      });
    return async (data) => {
      const rows = await askRows(data, states);
      if (rows.rows.length === 0) {
        const span = type ?? "parsl.rundir.task";
        const names = given.all("event").map((event) => ({ span, event }));
        await refuseUnknown(given, data, [{ span }, ...names]);
      }
      return rows;
    };
  },
  {
    draw(given, changes) {
      const type = given.value("TYPE");
      const weight = given.value("weight");
      const by = weight === undefined ? "" : `, weighted by ${weight}`;
      const title = type ? `${type} in each state` : "Where every task was";
      return spansInState(changes, { title: title + by, weight });
    },
  },
);

function placesOfTasks(given: Given): Sql {
  const states = whereIsEveryTask({
    weight: given.value("weight"),
    run: given.value("run"),
  });
  if (!given.has("where")) return states;
  return sql`SELECT * FROM (${states})
  WHERE root_id IN (SELECT id FROM span WHERE ${attributesAsked(given)})`;
}

export const coverageCommand = rowsCommand(
  String.raw`coverage: Find missing logs: how many tries have each step

  Prints a row per run and step: how many tries the run has, how many of them
  have the step, their share, and the share of the launched tries. If it is 0
  for all, the log is missing, or this version of Parsl does not write the step.

  Options:
  ${runOption}

  Examples:
  # Show the coverage of each run
  dnpc coverage runs.sqlite3 --format table
  # List the steps that no log has
  dnpc coverage runinfo --no-header | awk -F '\t' '$8 == 0'`,
  (given) => (db) => {
    const rows = coverage(db, { run: given.value("run") });
    if (rows.length === 0) say("no parsl.log and no monitoring.db has tries");
    return rows;
  },
);

export const criticalPathCommand = rowsCommand(
  `critical-path: Find the tasks that determined when a run ended

  Says which chain of tasks led to the end of the last one, each waiting for the
  one before, and what the time was spent on. Prints a row per task of the chain:
  the seconds that it contributed, divided into submitting, launching, retrying,
  queued, running, returning and joining; and slack, by how many it could be
  shorter until another task would be the one that is waited for.

  Options:
  --task NUMBER  Find the chain that led to the end of this task
  --run RUN  Only this run: its label (000), its id, its directory, or a unique
    part of these
  ${summaryOption}

  Examples:
  # Say what to make faster
  dnpc critical-path runs.sqlite3 --summary --no-header
  # Show the tasks of one run
  dnpc critical-path runinfo --run 000 --format table
  # Show what a task waited for
  dnpc critical-path runs.sqlite3 --task 3 --format table`,
  (given) => {
    const task = given.value("task");
    const options = {
      run: given.value("run"),
      ...task !== undefined && { task },
    };
    return (db) => {
      const rows = criticalPath(db, options);
      if (rows.length === 0) say("no log has a task that ended");
      return asAsked(given, rows);
    };
  },
);
