import type { LogRecord } from "../logs/prefix.ts";
import type { SpanWriter } from "../logs/span_writer.ts";

/** Reads what lines tell of executors and blocks; false of other lines. */
export function readExecutors(
  writer: SpanWriter,
  rundir: string,
): { read(record: LogRecord): boolean } {
  const executors = writer.kind("parsl.executor", { rundir }, ["executor"]);
  const blocks = writer.kind(
    "parsl.executor.block",
    { rundir },
    ["executor", "block"],
  );
  const added = new Set<string>();
  return {
    read(record) {
      const { message } = record;
      const adding = /^Adding executor (.+?)(?: of type (\S+))?$/.exec(message);
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
      const launch = blockLaunched(message);
      if (launch) {
        const [executor, block, job] = launch;
        const id = blocks.id(executor, block);
        writer.event(id, "launched", record);
        writer.add(id, { job });
        return true;
      }
      const statuses = [...message.matchAll(blockStatus)];
      for (const [, status, executor, job, block] of statuses) {
        const id = blocks.id(executor!, block!);
        writer.event(id, status!, record);
        writer.add(id, { job });
      }
      if (statuses.length) return true;
      const label = scaling.exec(message)?.slice(1).find(Boolean);
      if (label === undefined) return false;
      const [, block] = /\b[Bb]lock (?:ID )?(\d+)\b/.exec(message) ?? [];
      const id = block === undefined
        ? executors.id(label)
        : blocks.id(label, block);
      writer.message(id, message, record);
      return true;
    },
  };
}

/** Executor, block and job, as two generations of Parsl say it. */
function blockLaunched(
  message: string,
): [executor: string, block: string, job: string] | undefined {
  const now =
    /^\[Scaling executor (.+?)\] Launched block (\S+) with job ID (\S+)/
      .exec(message);
  if (now) return [now[1]!, now[2]!, now[3]!];
  const before = /^Launched block (\S+) on executor (.+) with job ID (\S+)/
    .exec(message);
  return before ? [before[2]!, before[1]!, before[3]!] : undefined;
}

// What is sent to the monitoring is a Python dict, written as Python does:
// {'run_id': '...', 'status': 'RUNNING', 'timestamp': ..., 'executor_label':
// 'htex', 'job_id': '8724', 'block_id': '0'}
const blockStatus =
  /'status': '(\w+)', 'timestamp': [^}]*?, 'executor_label': '([^']*)', 'job_id': (?:'([^']*)'|None), 'block_id': '([^']*)'/g;

const scaling = /^\[Scaling executor (.+?)\] |^Scaling in executor (.+)$/;
