import { throughputLimits } from "dnpc/plots";
import { bottleneck, bottleneckText } from "dnpc/questions";
import { say } from "../output.ts";
import { rowsCommand } from "../rows.ts";

export const bottleneckCommand = rowsCommand(
  `bottleneck: Find the stage that limited the throughput over time

  Prints a row per bin of time of each executor: bound, the stage that limited
  the throughput: submission, dependencies, dispatch, workers or return; the
  mean number of tasks at each stage; tasks per second; and the seconds in which
  each stage was the limit. A summary in words goes to stderr.

  Options:
  --run RUN  Only this run: its label (000), its id, its directory, or a unique
    part of these
  --executor LABEL  Only this executor
  --per SECONDS  Width of the bins. Default: at most 200 bins

  Examples:
  # Sum up what limited each run
  dnpc bottleneck runs.sqlite3 -o bins.csv
  # Draw the queues and the limiting stages of one run
  dnpc bottleneck runs.sqlite3 --run 000 -o bottleneck.svg
  # Count the seconds of each stage
  dnpc bottleneck runinfo --per 1 --no-header | cut -f 5 | sort | uniq -c`,
  (given) => {
    const options = {
      run: given.value("run"),
      executor: given.value("executor"),
      per: given.numbers("per")[0],
    };
    return (db) => {
      const rows = bottleneck(db, options);
      say(bottleneckText(rows) || "there are no tasks");
      return rows;
    };
  },
  { draw: (_, rows) => throughputLimits(rows) },
);
