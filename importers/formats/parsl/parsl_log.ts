import type { LogFormat } from "../format.ts";
import { textOf } from "../json/records.ts";
import { messageRule, ruleReader } from "../../lines/match.ts";
import { withMetrics } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { executorTaskLines, readExecutorTasks } from "./executor_tasks.ts";
import { readExecutors } from "./executors.ts";
import { ifNamed, inRunDirectory } from "./layout.ts";
import { scanLog } from "./run_of_log.ts";
import { signaturesOf } from "./signatures.ts";
import { readTasks } from "./tasks.ts";

export const parslSignatures = signaturesOf({
  text: String.raw`\S+ \S+ parsl\.dataflow\.`,
  json: String.raw`"name": ?"parsl\.dataflow\.`,
});

/**
 * parsl.log, which the submitting process writes. A process that loads Parsl
 * several times logs several runs to it: a line belongs to the last "Run id is"
 * above it. If another log has that run's lines, they are copies here.
 */
export const parslLog: LogFormat = {
  importer: "parsl.log",
  purpose: {
    log: "parsl.log",
    facts: "why tasks failed, with tracebacks, and what they waited for",
  },
  fileName: /^parsl\.log$/,
  signature: parslSignatures.text,
  nameDecides: true,
  namesEvents: true,
  place: ifNamed(/^parsl\.(?:json)?log$/, inRunDirectory),
  scan: scanLog,
  process: "parsl.rundir.workflow",
  open(
    writer,
    { rundir },
    { shown, submitProcess, ownRun, isLoggedElsewhere, isContinued },
  ) {
    const first = openRun(writer, rundir, isContinued);
    // Logs and databases of this run that are imported later need them.
    if (shown) first.add({ clock: shown });
    if (submitProcess !== undefined) first.add({ process: submitProcess });
    /** The run of lines that name none; undefined if they are copies. */
    let current: OpenRun | undefined = first;
    // Every line is there twice, and so each run id, if the user's program logs
    // to the same file.
    const named = new Map<string, OpenRun>();
    const runs = () => new Set([first, ...named.values()]).values();
    let isFirstNamed = false;
    const runNamed = (id: string, mayBeFirst = true): OpenRun | undefined => {
      const known = named.get(id);
      if (known) return known;
      const isFirst = mayBeFirst && !isFirstNamed;
      if (isFirst) isFirstNamed = true;
      else if (isLoggedElsewhere(id)) return undefined;
      const run = isFirst ? first : openRun(writer, `${rundir}#${id}`);
      named.set(id, run);
      run.add({ run: id });
      return run;
    };
    const runOf = ({ fields }: LogRecord): OpenRun | undefined => {
      const id = fields?.run;
      // Threads of an earlier run may log before the id of the own one.
      const mayBeOwn = ownRun === undefined || ownRun === id;
      return id === undefined ? current : runNamed(id, mayBeOwn);
    };
    return {
      read(record) {
        const id = runId.exec(record.message)?.[1];
        if (id !== undefined) current = runNamed(id);
        const run = runOf(record);
        if (!run) return "copy";
        const { members } = record;
        if (members && workflowName in members) {
          run.add({
            name: textOf(members[workflowName]),
            host: textOf(members["parsl.workflow_info.host"]),
            user: textOf(members["parsl.workflow_info.user"]),
          });
        }
        return isOfUser.test(record.message) ? "unmatched" : run.read(record);
      },
      process: (record) => runOf(record)?.process(),
      subject: (record, isRead) => runOf(record)?.subject(record, isRead),
      // Growth would begin with the tries that it ended with.
      needsReread: () =>
        isContinued || runs().some(({ needsReread }) => needsReread()),
      finish() {
        for (const { finish } of runs()) finish();
      },
    };
  },
};

const workflowName = "parsl.workflow_info.workflow_name";

const runId = /^Run id is: (\S+)/;

// The rest is the arguments of an app: whatever they mention is no task of Parsl.
const isOfUser = /^Pushing function /;

type OpenRun = ReturnType<typeof openRun>;

function openRun(writer: SpanWriter, rundir: string, isContinued = false) {
  const { id: workflow } = writer.kind("parsl.rundir.workflow", { rundir }, []);
  const executorTasks = executorTaskLines
    .map((lines) => readExecutorTasks(writer, rundir, lines));
  const tasks = readTasks(writer, rundir, isContinued);
  const executors = readExecutors(writer, rundir);
  const waiting = [...executorTasks, executors];
  const readers = [
    ...executorTasks.map(({ read }) => read),
    tasks.read,
    executors.read,
    ruleReader([messageRule(
      writer,
      () => workflow(),
      /^(?:Run id is|DFK |Parsl version|Workflow )/,
    )]),
  ];
  return {
    /** Adds attributes to the run. */
    add: (attributes: Record<string, unknown>) =>
      writer.add(workflow(), attributes),
    read: withMetrics(writer, { rundir }, (record) => {
      if (record.origin?.logger?.endsWith(".zmq_pipes")) {
        writer.message(workflow(), record.message, record);
        return true;
      }
      // A launch is about a Parsl task and about an executor's task.
      for (const { launched } of executorTasks) launched(record);
      return readers.some((read) => read(record));
    }),
    process: () => workflow(),
    /** The span that a record names; if no rule has read it, perhaps the run. */
    subject: (record: LogRecord, isRead: boolean) =>
      tasks.subject(record) ?? executors.subject(record, isRead) ??
        (isRead || record.fields?.run === undefined ? undefined : workflow()),
    needsReread: () => waiting.some(({ needsReread }) => needsReread()),
    finish: () => waiting.forEach(({ finish }) => finish()),
  };
}
