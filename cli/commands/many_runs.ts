import { durationQuantiles } from "dnpc/plots";
import {
  type AsyncQueryable,
  durationFactors,
  outlierRuns,
  runsOverTime,
  runTrends,
} from "dnpc/questions";
import type { Database } from "dnpc/sql";
import type { Given } from "../arguments.ts";
import { type Asked, isCampaign } from "../data.ts";
import { asAsked, summaryOption } from "../executors.ts";
import { queryCommand, wantsChart } from "../rows.ts";
import { eventsFromTo, fromToOptions, runOption } from "../spans.ts";

/** A question that a database answers at once, and a campaign later. */
interface Question<Options, Row> {
  (db: Database, options: Options): Row[];
  (campaign: AsyncQueryable, options: Options): Promise<Row[]>;
}

const asked = async <Options, Row extends object>(
  given: Given,
  data: Asked,
  question: Question<Options, Row>,
  options: Options,
) =>
  asAsked(
    given,
    isCampaign(data) ? await question(data, options) : question(data, options),
  );

export const trendsCommand = queryCommand(
  `trends: Say what changes from run to run, over months

  Says how long tries are in a worker, how long runs take, how many tasks they
  have and how many of these fail, and which of it changes over time: only what
  is clear, by the median of the slopes between all runs. Prints a row per
  measure: its value at the first and the last run by this line; the change in
  each month, or in a shorter time; the ends of its 99% confidence interval; and
  1 in the column clear. With --per a row per run or period instead. The chart has
  a dot per run, and medians over time.

  Options:
  --per TIME  A row per run, day, week or month (UTC), with what is measured
  --by NAME  A trend for each app, executor, host, try, version, workflow, or
    value of an attribute
  ${fromToOptions}
  ${summaryOption}

  Examples:
  # Say what changes
  dnpc trends runs.sqlite3 --summary --no-header
  # Draw the runs
  dnpc trends runs.sqlite3 -o trends.svg
  # Print what is measured of each month
  dnpc trends runs.sqlite3 --per month --format table
  # Show which apps become slower
  dnpc trends runs.sqlite3 --by app --format table`,
  (given) => {
    const per = given.choice("per", ["run", "day", "week", "month"]);
    const { by, ...options } = {
      by: given.value("by"),
      ...eventsFromTo(given),
    };
    return (data) =>
      wantsChart(given) || per !== undefined
        ? asked(given, data, runsOverTime, { by, per, ...options })
        : asked(given, data, runTrends, { by, ...options });
  },
  {
    draw(given, rows) {
      const { from, to } = eventsFromTo(given);
      return durationQuantiles(rows, {
        start: "began",
        duration: "median",
        series: given.value("by"),
        facet: null,
        alignStart: false,
        dots: true,
        title: from && to
          ? `${from.event} → ${to.event}: the median of each run`
          : "How long tries took in a worker: the median of each run",
      });
    },
  },
);

export const outliersCommand = queryCommand(
  `outliers: Find runs that are unlike the others of the same workflow

  Prints a row per run and measure that is unusual, the most unusual first: how
  long tries took and waited for a worker, the time until the first was in one, the
  length of the run per task, the number of tasks, the share that failed. Each
  with the usual value, how many times as large it is, and the modified z-score,
  by the median and the median deviation. A workflow needs five runs.

  Options:
  ${fromToOptions}
  ${summaryOption}

  Examples:
  # Show the runs to look at
  dnpc outliers runs.sqlite3 --format table
  # Find runs in which tries took unusually long from launch to end
  dnpc outliers runs.sqlite3 --from parsl.rundir.try/launched
    --to parsl.rundir.try/exec_done --format table`,
  (given) => {
    const options = eventsFromTo(given);
    return (data) => asked(given, data, outlierRuns, options);
  },
);

export const factorsCommand = queryCommand(
  `factors: Find what tells slow tries from fast ones: app, host, block, hour

  Prints a row per attribute: the share of the spread of durations that it
  explains, from 0 to 1, beyond chance; 1 in the column clear if it matters; its
  slowest and its fastest value with how many times as long as usual they take,
  median and number. Durations are compared within each app, so that a slow host
  does not hide behind slow apps; and within each run, if runs have several
  values.

  Options:
  --by NAME ...  Look at this: app, executor, block, manager, worker, host, try,
    hour, day, run, version, workflow, or an attribute of tasks, tries or their
    work. Default: all of these that are named here
  --within NAME ...  Compare durations that have this in common. Default: app
  ${runOption}
  ${fromToOptions}
  ${summaryOption}

  Examples:
  # Say what to look at
  dnpc factors runs.sqlite3 --summary --no-header
  # Find a bad node
  dnpc factors runs.sqlite3 --by host --by block --format table
  # Find out what made tries wait for a worker
  dnpc factors runinfo --from parsl.rundir.try/launched
    --to parsl.executor.htex.worker.task/worker_received_task`,
  (given) => {
    const options = {
      by: given.get("by"),
      within: given.get("within"),
      run: given.value("run"),
      ...eventsFromTo(given),
    };
    return (data) => asked(given, data, durationFactors, options);
  },
);
