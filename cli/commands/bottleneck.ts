import { throughputLimits } from "dnpc/plots";
import { bottleneck } from "dnpc/questions";
import {
  executorCommand,
  executorOptions,
  summaryOption,
} from "../executors.ts";

export const bottleneckCommand = executorCommand(
  `bottleneck: Find the stage that limited the throughput over time

  Prints a row per bin of time of each executor: bound, the stage that limited
  the throughput: submission, dependencies, dispatch, workers or return; the
  mean number of tasks at each stage; tasks per second; and the seconds in which
  each stage was the limit. The chart shows these seconds below the tasks.

  Options:
  --per SECONDS  Width of the bins. Default: at most 200 bins
  ${summaryOption}
  ${executorOptions}

  Examples:
  # Say what limited each run
  dnpc bottleneck runs.sqlite3 --summary --no-header
  # Draw the queues and the limiting stages of one run
  dnpc bottleneck runs.sqlite3 --run 000 -o bottleneck.svg
  # Count the seconds of each stage
  dnpc bottleneck runinfo --per 1 --no-header | cut -f 5 | sort | uniq -c`,
  bottleneck,
  {
    asked: (given) => ({ per: given.numbers("per")[0] }),
    draw: (_, rows) => throughputLimits(rows),
    none: "no log has tasks",
  },
);
