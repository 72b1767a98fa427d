import { basename } from "node:path";
import { ruleReader } from "../../lines/match.ts";
import { type NumberLines, numberReader } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import { WaitingRecords } from "../../lines/waiting.ts";
import { copyOf } from "../../lines/shared_texts.ts";
import type { SpanWriter } from "../../store/span_writer.ts";

/**
 * Reads lines of parsl.log about executors and blocks of one run. Before 2026-02
 * the scaling strategy logs numbers of an executor before the line that names
 * it: they wait for that line.
 */
export function readExecutors(writer: SpanWriter, rundir: string) {
  const executors = writer.kind("parsl.executor", { rundir }, ["executor"]);
  const blocks = writer.kind(
    "parsl.executor.block",
    { rundir },
    ["executor", "block"],
  );
  const readNumbers = numberReader(writer, numbers);
  const added = new Set<string>();
  const blocksOfJobs = new Map<string, number>();
  const statuses = new Map<number, string>();
  /** By block, its executor; undefined if several have one of that number. */
  const executorOfBlock = new Map<string, string | undefined>();
  /** By thread, the executor that it scales. */
  const scaled = new Map<string, string>();
  const unnamed = new WaitingRecords((thread) => giveUp(thread));

  const write = (id: number, record: LogRecord): boolean => {
    writer.message(id, record.message, record);
    return readNumbers(() => id, record);
  };
  const release = (thread: string, id: number) => {
    for (const record of unnamed.take(thread)) write(id, record);
  };
  // Numbers whose executor is never named belong to the run.
  const giveUp = (thread: string) =>
    release(thread, writer.kind("parsl.rundir.workflow", { rundir }, []).id());
  const wait = (record: LogRecord, start: string) => {
    const { thread } = record;
    const isRepeated = unnamed.of(thread)
      .some(({ message }) => message.startsWith(start));
    if (isRepeated) giveUp(thread);
    unnamed.add(thread, record);
  };
  const readBlock = (
    { executor, block, job, event = "launched" }: Record<
      string,
      string | undefined
    >,
    record: LogRecord,
  ) => {
    const id = blocks.id(executor!, block!);
    statuses.set(id, event);
    writer.event(id, event, record);
    executorOfBlock.set(
      copyOf(block!),
      executorOfBlock.has(block!) && executorOfBlock.get(block!) !== executor
        ? undefined
        : copyOf(executor!),
    );
    writer.add(id, { job });
    if (job !== undefined) blocksOfJobs.set(copyOf(job), id);
  };
  /** A provider logs the status of a job whenever it asks for it. */
  const readJob = (job: string, status: string, record: LogRecord) => {
    const id = blocksOfJobs.get(job);
    if (id === undefined) {
      record.shape = undefined;
      return false;
    }
    if (statuses.get(id) === status) {
      writer.message(id, record.message, record);
    } else writer.event(id, status, record);
    statuses.set(id, status);
    return true;
  };

  /** Parsl asks its provider for more blocks, or ends some. */
  const readScaling = (
    direction: string,
    blocks: number,
    record: LogRecord,
    label = record.fields?.executor ?? scaled.get(record.thread),
  ) => {
    if (label === undefined) return false;
    scaled.set(copyOf(record.thread), copyOf(label));
    const id = executors.id(label);
    writer.event(id, `scaling ${direction}`, record, { blocks });
    release(record.thread, id);
    return true;
  };

  const readMessage = ruleReader([
    [
      /^Adding executor (.+?)(?: of type (\S+))?$/,
      ([, label, executor_type], record) => {
        const id = executors.id(label!);
        writer.add(id, { executor_type });
        // Two parts of Parsl log this, one after the other.
        if (added.has(label!)) writer.message(id, record.message, record);
        else writer.event(id, "added", record);
        added.add(label!);
      },
    ],
    [
      /^Function data directory: (.*), log directory: (.*)$/s,
      ([, functions, logs], record) => {
        // The executor's own directory in that of the run has its label.
        const id = executors.id(basename(logs!));
        writer.add(id, { function_data: basename(functions!) });
        writer.message(id, record.message, record);
      },
    ],
    [
      /^Shut down executor (.+)$/,
      ([, label], record) =>
        writer.event(executors.id(label!), "shut down", record),
    ],
    [
      /^Marking block (\S+) as (SCALED_IN)$/,
      ([, block, event], record) => {
        const executor = scaled.get(record.thread) ??
          executorOfBlock.get(block!);
        if (executor === undefined) return false;
        readBlock({ executor, block, event }, record);
        return true;
      },
    ],
    [
      /^\[Scaling executor (?<executor>.+?)\] Launched block (?<block>\S+) with job ID (?<job>\S+)/,
      ({ groups }, record) => readBlock(groups!, record),
    ],
    [
      /^Launched block (?<block>\S+) on executor (?<executor>.+) with job ID (?<job>\S+)/,
      ({ groups }, record) => readBlock(groups!, record),
    ],
    [/'status': '\w+', 'timestamp': /, (_, record) => {
      const found = [...record.message.matchAll(blockStatus)];
      for (const { groups } of found) readBlock(groups!, record);
      return found.length > 0;
    }],
    [
      /^Updating (?:job|pod) (\S+) with (?:\w+ )?status \w+ to parsl (?:state|status) (?:JobState\.)?([A-Z]+|\d)\b/,
      ([, job, status], record) =>
        readJob(job!, jobStates[Number(status)] ?? status!, record),
    ],
    [
      /^Updating missing job (\S+) to completed status/,
      ([, job], record) => readJob(job!, "COMPLETED", record),
    ],
    [
      /^(?:\[Scaling executor (.+?)\] )?Scaling (out|in) by (\d+) blocks/,
      ([, label, direction, number], record) =>
        readScaling(direction!, Number(number), record, label),
    ],
    [
      /^(?:\[Scaling executor (.+?)\] )?Scale in called, blocks=(\d+)/,
      ([, label, number], record) =>
        readScaling("in", Number(number), record, label),
    ],
    [
      /^(?:\[Scaling executor (.+?)\] )?Scaling in jobs: \[([^\]]*)\]/,
      ([, label, jobs], record) =>
        readScaling("in", jobs!.split(",").length, record, label),
    ],
    [
      /^(?:strategy_init_only: )?scaling out \d+ initial blocks for (.+)$/,
      ([, label], record) => {
        scaled.set(copyOf(record.thread), copyOf(label!));
        return write(executors.id(label!), record);
      },
    ],
    // Lines whose executor a later line names.
    [
      /^(?:Slot ratio calculation|Counted(?= \d+ outstanding tasks))/,
      ([start], record) => {
        const label = record.fields?.executor;
        if (label === undefined) wait(record, start);
        else write(executors.id(label), record);
      },
    ],
    [
      /^\[Scaling executor (.+?)\] |^Scaling in executor (.+)$|^Executor (.+?) has \d+ active tasks/,
      (found, record) => {
        const label = found.slice(1).find(Boolean)!;
        scaled.set(copyOf(record.thread), copyOf(label));
        const [, block] = /\b[Bb]lock (?:ID )?(\d+)\b/
          .exec(record.message) ?? [];
        const id = block === undefined
          ? executors.id(label)
          : blocks.id(label, block);
        if (write(id, record)) release(record.thread, id);
      },
    ],
  ]);
  return {
    read(record: LogRecord): boolean {
      const { executor, block, status, job } = record.fields ?? {};
      if (executor === undefined || block === undefined || !status) {
        return readMessage(record);
      }
      readBlock({ executor, block, event: status, job }, record);
      return true;
    },
    /** The block or, if no rule has read the record, the executor it names. */
    subject({ fields = {} }: LogRecord, isRead: boolean) {
      const { executor, block } = fields;
      if (executor === undefined) return undefined;
      if (block !== undefined) return blocks.id(executor, block);
      return isRead ? undefined : executors.id(executor);
    },
    needsReread: () => unnamed.size > 0,
    finish: () => unnamed.giveUpAll(),
  };
}

// Until 2023, Python before 3.11 prints a state as its number.
const jobStates =
  "UNKNOWN PENDING RUNNING CANCELLED COMPLETED FAILED TIMEOUT HELD".split(" ");

// A message to monitoring is a Python dict, as Python prints it:
// {'run_id': '...', 'status': 'RUNNING', 'timestamp': ..., 'executor_label':
// 'htex', 'job_id': '8724', 'block_id': '0'}
const blockStatus =
  /'status': '(?<event>\w+)', 'timestamp': [^'}]*'executor_label': '(?<executor>[^']*)', 'job_id': (?:'(?<job>[^']*)'|None), 'block_id': '(?<block>[^']*)'/g;

const numbers: NumberLines = {
  strategy: [
    // Since 2026-02, behind the label that starts every line about scaling.
    /\] Executor (?<active_tasks>\d+) active tasks, (?<active_slots>\d+) active slots, and (?<running_blocks>\d+)\/(?<pending_blocks>\d+) running\/pending blocks/,
    /^(?:\[Scaling executor [^\]]+\] )?Executor .+? has (?<active_tasks>\d+) active tasks(?: and|,) (?<running_blocks>\d+)\/(?<pending_blocks>\d+) running\/pending blocks(?:, and (?<connected_workers>\d+) connected workers)?/,
    /^Counted (?<outstanding_tasks>\d+) outstanding tasks(?: with (?<outstanding_slots>\d+) outstanding slots)?/,
  ],
  slot_ratio: [
    /\bSlot ratio calculation: active_slots = (?<active_slots>\d+), active_tasks = (?<active_tasks>\d+)/,
  ],
};
