import { type NumberLine, numberReader } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";

/** Reads what parsl.log tells of executors and blocks. */
export interface ExecutorReader {
  /** False of lines that tell of something else. */
  read(record: LogRecord): boolean;
  /** Whether a line waits for the executor that it tells of. */
  needsReread(): boolean;
  finish(): void;
}

/**
 * Executors and blocks of one run. Before 2026-02 the scaling strategy counts
 * something of an executor before the line that names it: such lines wait for
 * it.
 */
export function readExecutors(
  writer: SpanWriter,
  rundir: string,
): ExecutorReader {
  const executors = writer.kind("parsl.executor", { rundir }, ["executor"]);
  const blocks = writer.kind(
    "parsl.executor.block",
    { rundir },
    ["executor", "block"],
  );
  const readNumbers = numberReader(writer, strategyNumbers);
  const added = new Set<string>();
  const unnamed = new Map<string, LogRecord[]>();

  const tell = (id: number, record: LogRecord): boolean => {
    writer.message(id, record.message, record);
    return readNumbers(() => id, record);
  };
  const release = (thread: string, id: number) => {
    for (const record of unnamed.get(thread) ?? []) tell(id, record);
    unnamed.delete(thread);
  };
  // Of an executor whose name is not there: what is left is of the run.
  const give = (thread: string) =>
    release(thread, writer.kind("parsl.rundir.workflow", { rundir }, []).id());
  const wait = (record: LogRecord, start: string) => {
    const { thread } = record;
    const isNext = unnamed.get(thread)?.some(({ message }) =>
      message.startsWith(start)
    );
    if (isNext) give(thread);
    unnamed.set(thread, [...unnamed.get(thread) ?? [], record]);
  };

  return {
    read(record) {
      const { message } = record;
      const adding = addition.exec(record.message);
      if (adding) {
        const [, label, type] = adding;
        const id = executors.id(label!);
        writer.add(id, { executor_type: type });
        // Two parts of Parsl say so, one after the other.
        if (added.has(label!)) writer.message(id, message, record);
        else writer.event(id, "added", record);
        added.add(label!);
        return true;
      }
      const launch = blockLaunched(record);
      if (launch) {
        const [executor, block, job] = launch;
        const id = blocks.id(executor, block);
        writer.event(id, "launched", record);
        writer.add(id, { job });
        return true;
      }
      const statuses = isBlockStatus.test(record.message)
        ? [...message.matchAll(blockStatus)]
        : [];
      for (const [, status, executor, job, block] of statuses) {
        const id = blocks.id(executor!, block!);
        writer.event(id, status!, record);
        writer.add(id, { job });
      }
      if (statuses.length) return true;
      const start = ofTheNext.exec(record.message)?.[0];
      if (start !== undefined) {
        wait(record, start);
        return true;
      }
      const label = scaling.exec(record.message)?.slice(1).find(Boolean);
      if (label === undefined) return false;
      const [, block] = /\b[Bb]lock (?:ID )?(\d+)\b/.exec(message) ?? [];
      const id = block === undefined
        ? executors.id(label)
        : blocks.id(label, block);
      if (tell(id, record)) release(record.thread, id);
      return true;
    },
    needsReread: () => unnamed.size > 0,
    finish() {
      for (const thread of [...unnamed.keys()]) give(thread);
    },
  };
}

/** Executor, block and job, as two generations of Parsl say it. */
function blockLaunched(
  record: LogRecord,
): [executor: string, block: string, job: string] | undefined {
  const now = launchNow.exec(record.message);
  if (now) return [now[1]!, now[2]!, now[3]!];
  const before = launchBefore.exec(record.message);
  return before ? [before[2]!, before[1]!, before[3]!] : undefined;
}

const addition = /^Adding executor (.+?)(?: of type (\S+))?$/;
const launchNow =
  /^\[Scaling executor (.+?)\] Launched block (\S+) with job ID (\S+)/;
const launchBefore = /^Launched block (\S+) on executor (.+) with job ID (\S+)/;

// What is sent to the monitoring is a Python dict, written as Python does:
// {'run_id': '...', 'status': 'RUNNING', 'timestamp': ..., 'executor_label':
// 'htex', 'job_id': '8724', 'block_id': '0'}
const blockStatus =
  /'status': '(\w+)', 'timestamp': [^}]*?, 'executor_label': '([^']*)', 'job_id': (?:'([^']*)'|None), 'block_id': '([^']*)'/g;

const isBlockStatus = /'status': '\w+', 'timestamp': /;

const scaling =
  /^\[Scaling executor (.+?)\] |^Scaling in executor (.+)$|^Executor (.+?) has \d+ active tasks/;

// Lines of the strategy that leave the executor for a line below to name.
const ofTheNext =
  /^(?:Slot ratio calculation|Counted(?= \d+ outstanding tasks))/;

/** Numbers that the scaling strategy logs per executor. */
const strategyNumbers: readonly NumberLine[] = [
  {
    // Since 2026-02, behind the label that starts every line about scaling.
    pattern:
      /\] Executor (?<active_tasks>\d+) active tasks, (?<active_slots>\d+) active slots, and (?<running_blocks>\d+)\/(?<pending_blocks>\d+) running\/pending blocks/,
    metric: "strategy",
  },
  {
    pattern:
      /\bExecutor .+? has (?<active_tasks>\d+) active tasks(?: and|,) (?<running_blocks>\d+)\/(?<pending_blocks>\d+) running\/pending blocks(?:, and (?<connected_workers>\d+) connected workers)?/,
    metric: "strategy",
  },
  {
    pattern:
      /\bSlot ratio calculation: active_slots = (?<active_slots>\d+), active_tasks = (?<active_tasks>\d+)/,
    metric: "slot_ratio",
  },
  {
    pattern:
      /^Counted (?<outstanding_tasks>\d+) outstanding tasks(?: with (?<outstanding_slots>\d+) outstanding slots)?/,
    metric: "strategy",
  },
];
