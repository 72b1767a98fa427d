import {
  blocksOverTime,
  busyWorkers,
  durationBoxes,
  taskStream,
  utilisationOverTime,
  workerTimeBars,
} from "dnpc/plots";
import {
  attempts,
  blockActivity,
  blocks,
  durationsBy,
  type DurationsByOptions,
  timesBetween,
  utilisation,
  type UtilisationOptions,
  workerIdleTime,
  type WorkerOptions,
  workerStream,
  workerTime,
  workerUseOverTime,
} from "dnpc/questions";
import type { Database, Row } from "dnpc/sql";
import { UsageError } from "../errors.ts";
import {
  executorCommand,
  executorOptions,
  summaryOption,
} from "../executors.ts";
import { wantsChart } from "../rows.ts";
import { eventsFromTo, fromToOptions } from "../spans.ts";

const none = "no log names a worker, nor a manager or thread that had tasks";

export const workerTimeCommand = executorCommand(
  `worker-time: Show what all the time of workers was used for

  Prints a row per use: its seconds; their share; and paid_seconds, all seconds
  that workers were there, which the uses add up to. Each slot of a worker
  counts. A table begins with a summary in words.

  useful: tasks whose result counted; retried, failed, lost and unfinished:
  other attempts; start-up and drain: the block without the worker; the others
  are reasons why a worker had no task.

  Options:
  --by NAME  A row per use of each run, executor, block, manager, worker or
    node; of each app; or of each value of an attribute of workers. Default: run
  ${summaryOption}
  ${executorOptions}

  Examples:
  # Say what the workers of each run were paid for
  dnpc worker-time runs.sqlite3 --summary --no-header
  # Draw a bar for each node
  dnpc worker-time runinfo --by node -o nodes.svg
  # Show what the tasks of each app took, whether they succeeded or failed
  dnpc worker-time runs.sqlite3 --by app --format table`,
  workerTime,
  {
    asked: (given) => ({ by: given.value("by") }),
    draw: (_, rows) => workerTimeBars(rows),
    none,
  },
);

export const idleCommand = executorCommand(
  `idle: Show how long each worker was idle, and why

  Prints a row per worker: the seconds of its life and of its tasks, and those
  without a task by reason: nothing_queued, waiting for dependencies, dispatch
  or its manager, transfer of files, or unknown; the number of its tasks; the
  longest gap; and ended_by, the evidence for the end of its life.

  Options:
  ${executorOptions}

  Examples:
  # Show why each worker was idle
  dnpc idle runs.sqlite3 --format table
  # Draw how busy each was
  dnpc idle runinfo -o idle.svg`,
  workerIdleTime,
  { draw: (_, rows) => busyWorkers(rows), none },
);

export const utilisationCommand = executorCommand(
  `utilisation: Show how busy workers were, in total or over time

  Prints a row per executor: the number of workers and of their slots; the
  seconds that these were there and had a task; and utilisation, the share of
  the latter. The chart shows how many slots had a task over time, and why the
  others had none; with --by, how busy each was.

  Options:
  --by NAME  A row per run, executor, block, manager, worker or node; or per
    value of an attribute of workers. Default: executor
  --per SECONDS  A row per bin of this width. Default: all time
  --weight NAME  Instead of slots, count the cores, memory_mb, disk_mb or gpus
    that the logs of Work Queue and TaskVine name
  ${executorOptions}

  Examples:
  # Show how busy each executor was
  dnpc utilisation runs.sqlite3 --format table
  # List the workers that were idle for more than a tenth of their time
  dnpc utilisation runs.sqlite3 --by worker --no-header | awk '$NF < 0.9'
  # Draw how many workers had a task over time, and why the others had none
  dnpc utilisation runinfo -o use.svg
  # Draw how busy each node was, in bins of 10 seconds
  dnpc utilisation runinfo --by node --per 10 -o nodes.svg`,
  (db, { isDrawn, ...options }: UtilisationOptions & { isDrawn: boolean }) => {
    const { by, weight: _, ...others } = options;
    return isDrawn && by === undefined
      ? workerUseOverTime(db, others)
      : utilisation(db, options);
  },
  {
    asked(given) {
      const weight = given.choice(
        "weight",
        ["slots", "cores", "memory_mb", "disk_mb", "gpus"],
      );
      if (wantsChart(given) && weight !== undefined && weight !== "slots") {
        throw new UsageError(`the chart counts slots, not ${weight}`);
      }
      return {
        by: given.value("by"),
        per: given.numbers("per")[0],
        weight,
        isDrawn: wantsChart(given),
      };
    },
    draw(given, rows) {
      const worker = given.value("by");
      return worker === undefined
        ? utilisationOverTime(rows)
        : busyWorkers(rows, { worker });
    },
    none,
  },
);

export const attemptsCommand = executorCommand(
  `attempts: List each execution of a task on a worker, and how it ended

  Prints a row per attempt: the worker and its node; the task; start and end, in
  Unix seconds; outcome: done, failed, lost with its worker, or running at the
  end of the logs; ended_by, the evidence for its end; 1 in the column retried
  if the task was tried again; and the resources that it was allocated. The chart
  shows them worker by worker, with the times in which tasks waited for one, files
  were transferred and libraries ran.

  Options:
  ${executorOptions}

  Examples:
  # List the attempts that did not succeed
  dnpc attempts runs.sqlite3 | grep -v done
  # List the ten longest
  dnpc attempts runinfo -f csv --no-header | sort -t , -k 14 -rn | head`,
  (db, { isDrawn, ...options }: WorkerOptions & { isDrawn: boolean }) =>
    isDrawn ? workerStream(db, options) : attempts(db, options),
  {
    asked: (given) => ({ isDrawn: wantsChart(given) }),
    draw: (_, rows) => taskStream(rows),
    none: "no log shows which worker executed a task",
  },
);

export const durationsCommand = executorCommand(
  `durations: Show how long tasks take, by app, host or anything else

  Prints a row per group, that of the largest total first: count; total, mean,
  median, p95 and max, in seconds; how many failed; and unfinished, how many
  began and did not end. These are the executions of tasks on workers, or with
  --from and --to the times between two events. The chart has a box for each
  group, with the single durations.

  Options:
  --by NAME ...  Group by this: app, host, executor, block, manager, worker, run,
    task, or an attribute of tasks, tries or their work. Default: app
  ${fromToOptions}
  ${summaryOption}
  ${executorOptions}

  Examples:
  # Show how long the tasks of each app take
  dnpc durations runs.sqlite3 --format table
  # Draw how long tasks take on each host, in one run
  dnpc durations runinfo --by host --run 000 -o hosts.svg
  # Show how long tries waited for a worker
  dnpc durations runs.sqlite3 --from parsl.rundir.try/launched
    --to parsl.executor.htex.worker.task/worker_received_task`,
  (db, { isDrawn, ...options }: DurationsByOptions & { isDrawn: boolean }) =>
    isDrawn ? singleDurations(db, options) : durationsBy(db, options),
  {
    asked(given) {
      const by = given.get("by") ?? "app";
      return { by, ...eventsFromTo(given), isDrawn: wantsChart(given) };
    },
    draw(given, rows) {
      const by = given.get("by") ?? ["app"];
      const { from, to } = eventsFromTo(given);
      const title = from && to
        ? `${from.event} → ${to.event} by ${by.join("/")}`
        : undefined;
      return durationBoxes(rows, { by, title });
    },
    none: "no log says how long tasks ran",
  },
);

/** A row for each duration, with the names that it is grouped by. */
function singleDurations(
  db: Database,
  { from, to, by, run, executor }: DurationsByOptions,
): object[] {
  if (from === undefined || to === undefined) {
    return attempts(db, { run, executor });
  }
  const rows = db.query<Row>(timesBetween({
    from,
    to,
    run,
    by: [...new Set(["run", "executor", ...[by ?? []].flat()])],
    unfinished: "until last known",
  }));
  return executor === undefined
    ? rows
    : rows.filter((row) => row.executor === executor);
}

export const blocksCommand = executorCommand(
  `blocks: List the blocks, and how long each waited, ran and was used

  Prints a row per block: the batch system's job; when it was submitted, started
  and ended, in Unix seconds; the seconds that it waited and that it ran; its
  last state and exit code; the number of its workers and of attempts at tasks;
  and the seconds in which its workers had a task. The chart shows when each was
  queued, starting, working and idle, and when Parsl scaled.

  Options:
  ${executorOptions}

  Examples:
  # Show the blocks of each run
  dnpc blocks runs.sqlite3 --format table
  # List for how many seconds each block waited in the batch system
  dnpc blocks runinfo --no-header | cut -f 3,8
  # Draw what each block did over time
  dnpc blocks runinfo -o blocks.svg`,
  (db, { isDrawn, ...options }: WorkerOptions & { isDrawn: boolean }) =>
    isDrawn ? blockActivity(db, options) : blocks(db, options),
  {
    asked: (given) => ({ isDrawn: wantsChart(given) }),
    draw: (_, rows) => blocksOverTime(rows),
    none: "no log names a block",
  },
);
