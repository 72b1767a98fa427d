import { ruleReader } from "../../lines/match.ts";
import { type NumberLines, numberReader } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
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
  const unnamed = new Map<string, LogRecord[]>();

  const write = (id: number, record: LogRecord): boolean => {
    writer.message(id, record.message, record);
    return readNumbers(() => id, record);
  };
  const release = (thread: string, id: number) => {
    for (const record of unnamed.get(thread) ?? []) write(id, record);
    unnamed.delete(thread);
  };
  // Numbers whose executor is never named belong to the run.
  const giveUp = (thread: string) =>
    release(thread, writer.kind("parsl.rundir.workflow", { rundir }, []).id());
  const wait = (record: LogRecord, start: string) => {
    const { thread } = record;
    const isRepeated = unnamed.get(thread)
      ?.some(({ message }) => message.startsWith(start));
    if (isRepeated) giveUp(thread);
    unnamed.set(thread, [...unnamed.get(thread) ?? [], record]);
  };
  const readBlock = (
    { executor, block, job, event = "launched" }: Record<string, string>,
    record: LogRecord,
  ) => {
    const id = blocks.id(executor!, block!);
    writer.event(id, event, record);
    writer.add(id, { job });
  };

  return {
    read: ruleReader([
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
        /^\[Scaling executor (?<executor>.+?)\] Launched block (?<block>\S+) with job ID (?<job>\S+)/,
        ({ groups }, record) => readBlock(groups!, record),
      ],
      [
        /^Launched block (?<block>\S+) on executor (?<executor>.+) with job ID (?<job>\S+)/,
        ({ groups }, record) => readBlock(groups!, record),
      ],
      [/'status': '\w+', 'timestamp': /, (_, record) => {
        const statuses = [...record.message.matchAll(blockStatus)];
        for (const { groups } of statuses) readBlock(groups!, record);
        return statuses.length > 0;
      }],
      // Lines whose executor a later line names.
      [
        /^(?:Slot ratio calculation|Counted(?= \d+ outstanding tasks))/,
        ([start], record) => wait(record, start),
      ],
      [
        /^\[Scaling executor (.+?)\] |^Scaling in executor (.+)$|^Executor (.+?) has \d+ active tasks/,
        (found, record) => {
          const label = found.slice(1).find(Boolean)!;
          const [, block] = /\b[Bb]lock (?:ID )?(\d+)\b/
            .exec(record.message) ?? [];
          const id = block === undefined
            ? executors.id(label)
            : blocks.id(label, block);
          if (write(id, record)) release(record.thread, id);
        },
      ],
    ]),
    needsReread: () => unnamed.size > 0,
    finish() {
      for (const thread of [...unnamed.keys()]) giveUp(thread);
    },
  };
}

// A message to monitoring is a Python dict, as Python prints it:
// {'run_id': '...', 'status': 'RUNNING', 'timestamp': ..., 'executor_label':
// 'htex', 'job_id': '8724', 'block_id': '0'}
const blockStatus =
  /'status': '(?<event>\w+)', 'timestamp': [^}]*?, 'executor_label': '(?<executor>[^']*)', 'job_id': (?:'(?<job>[^']*)'|None), 'block_id': '(?<block>[^']*)'/g;

const numbers: NumberLines = {
  strategy: [
    // Since 2026-02, behind the label that starts every line about scaling.
    /\] Executor (?<active_tasks>\d+) active tasks, (?<active_slots>\d+) active slots, and (?<running_blocks>\d+)\/(?<pending_blocks>\d+) running\/pending blocks/,
    /\bExecutor .+? has (?<active_tasks>\d+) active tasks(?: and|,) (?<running_blocks>\d+)\/(?<pending_blocks>\d+) running\/pending blocks(?:, and (?<connected_workers>\d+) connected workers)?/,
    /^Counted (?<outstanding_tasks>\d+) outstanding tasks(?: with (?<outstanding_slots>\d+) outstanding slots)?/,
  ],
  slot_ratio: [
    /\bSlot ratio calculation: active_slots = (?<active_slots>\d+), active_tasks = (?<active_tasks>\d+)/,
  ],
};
