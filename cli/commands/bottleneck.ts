import { throughputLimits } from "dnpc/plots";
import { bottleneck, bottleneckText } from "dnpc/questions";
import { say } from "../output.ts";
import { rowsCommand, wantsChart } from "../rows.ts";

export const bottleneckCommand = rowsCommand(
  `bottleneck: Find the stage that limited the throughput over time

  Prints a row per bin of time of each executor: bound, the stage that limited
  the throughput: submission, dependencies, dispatch, workers or return; the
  mean number of tasks at each stage; tasks per second; and the seconds in which
  each stage was the limit. The chart shows these seconds below the tasks.

  Options:
  --run RUN  Only this run: its label (000), its id, its directory, or a unique
    part of these
  --executor LABEL  Only this executor
  --per SECONDS  Width of the bins. Default: at most 200 bins
  --summary  Print a line of text for each run, and for each executor if there are
    several, in place of the bins

  Examples:
  # Say what limited each run
  dnpc bottleneck runs.sqlite3 --summary --no-header
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
      if (rows.length === 0) say("no log has tasks");
      const isSummary = given.has("summary") && !wantsChart(given);
      if (rows.length === 0 || !isSummary) return rows;
      return bottleneckText(rows).split("\n").map((summary) => ({ summary }));
    };
  },
  { draw: (_, rows) => throughputLimits(rows) },
);
