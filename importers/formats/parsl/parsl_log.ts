import { textOf } from "../json/members.ts";
import type { ShownClock } from "../../clock/clock.ts";
import type { LogFormat, Reading, RecordReader } from "../format.ts";
import { withMetrics } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import {
  readExecutorTasks,
  submittedTasks,
  taskVineTasks,
  workQueueTasks,
} from "./executor_tasks.ts";
import { readExecutors } from "./executors.ts";
import { readTasks } from "./tasks.ts";
import { lookAtLog } from "./run_of_log.ts";

/**
 * parsl.log: what the submitting process tells. It may hold several runs, if a
 * process loads Parsl several times: a line belongs to the last "Run id is"
 * above it. If that run has a directory of its own, its lines here are copies.
 */
export const parslLog: LogFormat = {
  importer: "parsl.log",
  fileName: /^parsl\.log$/,
  look: lookAtLog,
  open(writer, place, surroundings): RecordReader {
    let run = openRun(writer, place.rundir);
    run.show({
      clock: surroundings.shown,
      process: surroundings.submitProcess,
    });
    let isCopy = false;
    // A run may be named again: all lines are there twice where the user's
    // program logs to the same file too.
    const named = new Map<string, OpenRun>();
    const runs = () => named.size > 0 ? [...named.values()] : [run];
    const turnTo = (id: string) => {
      const known = named.get(id);
      isCopy = !known && named.size > 0 && surroundings.hasOwnDirectory(id);
      if (isCopy) return;
      if (known) run = known;
      else if (named.size > 0) run = openRun(writer, `${place.rundir}#${id}`);
      named.set(id, run);
      run.identify(id);
    };
    return {
      read(record) {
        const id = runId.exec(record.message)?.[1];
        if (id !== undefined) turnTo(id);
        return isCopy ? "copy" : run.read(record);
      },
      needsReread: () => runs().some(({ needsReread }) => needsReread()),
      finish() {
        for (const { finish } of runs()) finish();
      },
    };
  },
};

const runId = /^Run id is: (\S+)/;
const ofWorkflow = /^(?:Run id is|DFK |Parsl version|Workflow )/;

interface OpenRun {
  show(shown: {
    clock: ShownClock | undefined;
    process: string | undefined;
  }): void;
  identify(run: string): void;
  read(record: LogRecord): Reading;
  needsReread(): boolean;
  finish(): void;
}

function openRun(writer: SpanWriter, rundir: string): OpenRun {
  const workflow = () =>
    writer.kind("parsl.rundir.workflow", { rundir }, []).id();
  const tasks = readTasks(writer, rundir);
  const executorTasks = [taskVineTasks, workQueueTasks, submittedTasks]
    .map((lines) => readExecutorTasks(writer, rundir, lines));
  const executors = readExecutors(writer, rundir);
  const readers = [...executorTasks, tasks, executors];
  const whom = ({ parsl_executor, parsl_task_id }: Record<string, unknown>) => {
    const executor = textOf(parsl_executor);
    const [type, name, value] = executor !== undefined
      ? ["parsl.executor", "executor", executor] as const
      : ["parsl.rundir.task", "task", textOf(parsl_task_id)] as const;
    if (value === undefined) return workflow();
    return writer.kind(type, { rundir }, [name]).id(value);
  };
  return {
    // It is kept for logs and databases of this run that come later.
    show: ({ clock, process }) => {
      if (clock) writer.add(workflow(), { clock });
      if (process !== undefined) writer.add(workflow(), { process });
    },
    identify: (run) => writer.add(workflow(), { run }),
    read: withMetrics(writer, { rundir }, whom, (record) => {
      // A launch tells of a task, and of the executor's task that it became.
      for (const { launched } of executorTasks) launched(record);
      if (readers.some((reader) => reader.read(record))) return "matched";
      if (ofWorkflow.test(record.message)) {
        writer.message(workflow(), record.message, record);
        return "matched";
      }
      return "unmatched";
    }),
    needsReread: () =>
      [...executorTasks, executors].some(({ needsReread }) => needsReread()),
    finish: () =>
      [...executorTasks, executors].forEach(({ finish }) => finish()),
  };
}
