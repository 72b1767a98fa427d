import { stepComparison } from "dnpc/plots";
import { compare } from "dnpc/questions";
import { isCampaign } from "../data.ts";
import { UsageError } from "../errors.ts";
import { asAsked, summaryOption } from "../executors.ts";
import { queryCommand } from "../rows.ts";
import { eventOptions, eventsAsked } from "../spans.ts";

export const compareCommand = queryCommand(
  `compare: Find the steps in which one run or version is slower than another

  Says how much longer the tasks of each run took than those of the first, and
  prints a row per step: the mean time per task, in seconds, in this run and in
  the first, the baseline; their difference and ratio; and the 95th percentiles.
  The means and the differences of all steps add up to those of a whole task.

  With --by, it compares groups of runs, such as the versions of Parsl, in a
  database or a campaign. A mean is that of the runs; stddev is their standard
  deviation; and exceeds_spread is 1 if the difference exceeds the spread of
  repeated runs, which is margin: Welch's 95% confidence interval of the
  difference leaves out 0.

  A step is a place of tasks: waiting on dependencies, in a worker; or with
  --steps events, the time until an event. A place that the logs of a run do not
  know counts with the place before it.

  Name a run by its label (000), its id, its directory, or a unique part of
  these.

  Arguments:
  [RUN...]  The runs, the baseline first. Default: all, in the order of time

  Options:
  --by NAME  What to compare: run; version, of Parsl; host, user or workflow; or an
    attribute of the tasks: app, executor, or one of \`dnpc import --attribute\`.
    Default: run
  --baseline NAME  What the others are compared to: a run, a version. Default: the
    first run, or the group with the first one
  --steps KIND  places or events. Default: places, or events with any of the
    options below
  --root TYPE  Type of the spans that go through the steps. Default: tasks
  ${eventOptions}
  ${summaryOption}

  Examples:
  # Compare the runs of two directories
  dnpc import before after -o both.sqlite3 -q &&
    dnpc compare both.sqlite3 before/000 after/000 --format table
  # Compare versions of Parsl, in a campaign
  dnpc import before after --to parquet -o campaign -q &&
    dnpc compare campaign --by version --format table
  # Compare the tries, by parsl.log alone
  dnpc import before after -o both.sqlite3 -q &&
    dnpc compare both.sqlite3 --root parsl.rundir.try
    --component parsl.rundir
  # Draw the steps
  dnpc import before after -o both.sqlite3 -q &&
    dnpc compare both.sqlite3 -o steps.svg`,
  (given) => {
    const { events, ...chosen } = eventsAsked(given);
    const by = given.value("by");
    const options = {
      by,
      baseline: given.value("baseline"),
      runs: given.get("RUN"),
      root: given.value("root"),
      steps: given.choice("steps", ["places", "events"]),
      ...chosen,
      events: events === "all" ? events : undefined,
    };
    if (by === "places" || by === "events") {
      throw new UsageError(`--by ${by} is --steps ${by}`);
    }
    return async (data) =>
      asAsked(
        given,
        isCampaign(data)
          ? await compare(data, options)
          : compare(data, options),
      );
  },
  { draw: (_, rows) => stepComparison(rows) },
);
