import { twoEvents } from "dnpc/plots";
import { failures, runs, summary, tasks } from "dnpc/questions";
import { dataCommand, isCampaign, openAsked, openSpans } from "../data.ts";
import { asAsked, executorOptions, summaryOption } from "../executors.ts";
import { jsonText } from "../formats.ts";
import { standardOutput, terminalSize } from "../output.ts";
import { queryCommand, rowsCommand } from "../rows.ts";
import { runOption } from "../spans.ts";

export const summaryCommand = dataCommand(
  `summary: Say in words what ran, what failed and why, and where time went

  Prints at most a screen of text: how the runs and their tasks ended; the causes
  of failures; where a typical task was for how long; what the time of workers was
  used for; what limited the throughput; what looks odd; what no log tells. Each
  part names the command that says more.

  Of a campaign, the first summary takes some seconds for each run of 26,000
  tasks. It is kept in the directories of the runs, if they can be written to.

  Options:
  ${runOption}
  --json  Print it as JSON, whose schema has a version: docs/reference/summary.md

  Examples:
  # Begin here
  dnpc summary runinfo
  # Say what is known about one run
  dnpc summary runs.sqlite3 --run 000
  # Print how many tasks of each run failed
  dnpc summary runs.sqlite3 --json | jq '.runs[] | [.run, .failed_tasks]'`,
  async (given) => {
    using data = await openAsked(given);
    const options = { run: given.value("run") };
    const answer = isCampaign(data)
      ? await summary(data, options)
      : summary(data, options);
    const text = given.has("json")
      ? jsonText(answer, 2)
      : answer.toString(terminalSize()?.columns, given.argument("DATA"));
    using out = standardOutput();
    out.write(`${text}\n`);
  },
);

export const runsCommand = queryCommand(
  `runs: List the runs, and how they ended

  Prints a row per run: the label by which all commands know it; the workflow;
  began, in Unix seconds; its length in seconds; whether it ended; and the
  numbers of its tasks, of these that failed, were tried again, or never ended.

  Options:
  ${runOption}

  Examples:
  # Show what ran
  dnpc runs runinfo --format table
  # Print the label of each run, and whether it ended
  dnpc runs runs.sqlite3 --no-header | cut -f 1,5`,
  (given) => {
    const options = { run: given.value("run") };
    return (data) =>
      isCampaign(data) ? runs(data, options) : runs(data, options);
  },
);

export const tasksCommand = rowsCommand(
  `tasks: List the tasks: how long each took and waited, and how it ended

  Prints a row per task: its run, number, app and state; the number of its
  tries; the seconds from its submission to its end, of the last try's wait for
  a worker, and on the worker; and these times, in Unix seconds.

  Options:
  ${runOption}
  --app NAME  Only tasks of this app
  --state STATE  Only tasks in this state, such as failed
  --retried  Only tasks that were tried more than once
  --slowest N  Only the N tasks that took longest

  Examples:
  # List the ten slowest tasks
  dnpc tasks runinfo --slowest 10 --format table
  # Draw how long tasks waited for a worker
  dnpc tasks runs.sqlite3 --run 000 -o waiting.svg
  # List the tasks that were tried again
  dnpc tasks runs.sqlite3 --retried`,
  (given) => {
    const options = {
      run: given.value("run"),
      app: given.value("app"),
      state: given.value("state"),
      retried: given.has("retried"),
      slowest: given.numbers("slowest")[0],
    };
    return (db) => tasks(db, options);
  },
  {
    draw: (_, rows) => twoEvents(rows, { start: "launched", end: "started" }),
  },
);

export const failuresCommand = queryCommand(
  `failures: Group what failed by its causes

  Prints the causes, those of the most failed tasks first: as text to read with
  --format table, else a row each: the exception; its message without the parts
  that vary; the numbers of failed and recovered tasks and of tries; dependents,
  tasks that failed because another did; blocks that failed, and block_ends, how; apps; hosts; first
  and last, in Unix seconds; worker_seconds that they took; such_as, a task or
  block to look at, with its task, try, example of the message, and traceback.

  Options:
  ${summaryOption}
  ${executorOptions}

  Examples:
  # Show what failed, and why
  dnpc failures runinfo --format table
  # Show the traceback of the first cause
  dnpc failures runs.sqlite3 --run 000 --format json | jq -r '.[0].traceback'`,
  (given) => {
    const run = given.value("run");
    const executor = given.value("executor");
    return async (data) => {
      const rows = isCampaign(data)
        ? await failures(data, { run })
        : failures(data, { run, executor });
      return asAsked(given, rows);
    };
  },
  // What a campaign keeps is about all executors of a run.
  { open: (given) => (given.has("executor") ? openSpans : openAsked)(given) },
);
