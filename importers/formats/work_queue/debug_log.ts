import type { LogFormat, LogPlace, RecordReader } from "../format.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { inExecutor } from "../parsl/layout.ts";
import {
  addressIn,
  debugBeginning,
  debugTemplate,
  type Exchange,
  exchangeOf,
  exchangeTemplate,
} from "./debug_lines.ts";
import { type DebugSpans, debugSpans } from "./debug_spans.ts";
import { functionDataOf, type SentTasks, sentTasks } from "./sent_tasks.ts";

/**
 * Work Queue's debug_log. No line of it has a name of its own: what it says of
 * a task, a worker or the manager are messages of theirs. Since Parsl's
 * submitting process keeps no log, this one alone ties Work Queue's numbers of
 * tasks to the executor's.
 */
export const debugLog: LogFormat = {
  importer: "debug_log",
  fileName: /^debug_log$/,
  place: inExecutor,
  beginning: debugBeginning,
  open: readDebugLog,
};

function readDebugLog(writer: SpanWriter, place: LogPlace): RecordReader {
  const spans = debugSpans(writer, place);
  const binding = sentTasks();
  /** The task that is being sent to the worker at an address. */
  const sending = new Map<string, string>();
  /** The line that is the command of a task, and no words of Work Queue's. */
  let command: { task: string; line: number } | undefined;

  const readSent = (exchange: Exchange, record: LogRecord) => {
    const { address, verb } = exchange;
    const named = taskIn(exchange);
    if (verb === "task" && named !== undefined) {
      sending.set(address, named);
      binding.sent(address, named);
    } else if (!ofTask.test(verb)) sending.delete(address);
    const task = named ?? sending.get(address);
    if (verb === "cmd" && task !== undefined) {
      command = { task, line: record.line + 1 };
    }
    if (verb === "end") sending.delete(address);
    return task;
  };

  const readExchange = (exchange: Exchange, record: LogRecord) => {
    const { direction, address, verb, rest } = exchange;
    const isSent = direction === "tx to";
    const [, worker] = /^info worker-id (\S+)$/.exec(`${verb} ${rest}`) ?? [];
    if (!isSent && worker !== undefined) {
      spans.nameWorker(address, worker, record);
    }
    const task = isSent ? readSent(exchange, record) : taskIn(exchange);
    const template = exchangeTemplate(exchange);
    if (task === undefined) spans.tellWorker(address, record, template);
    else spans.tellTask(task, record, template);
  };

  const readOther = (record: LogRecord) => {
    const { message } = record;
    const address = addressIn(message);
    const data = functionDataOf(message);
    if (data?.file === "function" && address && / needs file /.test(message)) {
      binding.needed(address, data.executorTask);
    }
    tellOther(spans, record, { address, executorTask: data?.executorTask });
    if (address === undefined) return;
    const isRemoved = / removed$/.test(message);
    if (isRemoved || /[Ff]ailed to send /.test(message)) {
      binding.failed(address);
      sending.delete(address);
    }
    if (isRemoved) spans.forgetWorker(address);
  };

  return {
    read(record) {
      // What sockets and name servers do is no one's here.
      if (record.logger !== "wq") return "unmatched";
      const exchange = exchangeOf(record.message);
      if (record.line === command?.line) {
        spans.addToTask(command.task, { command: record.message });
        const template = { text: "%s", values: [record.message] };
        spans.tellTask(command.task, record, template);
      } else if (exchange) readExchange(exchange, record);
      else readOther(record);
      return "matched";
    },
    // What follows may contradict a pair.
    needsReread: () => true,
    finish() {
      spans.finish();
      tellPairs(spans, binding);
    },
  };
}

/** What is sent of a task, up to its end. */
const ofTask =
  /^(?:task|cmd|coprocess|category|cores|gpus|memory|disk|end_time|wall_time|env|dir|infile|outfile|end)$/;

/** The task that is named: "task 40", "kill 40", "result 0 0 0 615570 40". */
function taskIn({ verb, rest }: Exchange): string | undefined {
  const [, task] = /^(?:task|kill|result(?: \S+){4}) (\d+)$/
    .exec(`${verb} ${rest}`) ?? [];
  return task;
}

function tellOther(
  spans: DebugSpans,
  record: LogRecord,
  { address, executorTask }: Record<
    "address" | "executorTask",
    string | undefined
  >,
): void {
  const template = debugTemplate(record.message);
  const [, task] = /\b[Tt]ask(?: with id)? (\d+)\b/.exec(record.message) ?? [];
  if (executorTask !== undefined) {
    spans.tellExecutorTask(executorTask, record, template);
  } else if (task !== undefined) spans.tellTask(task, record, template);
  else if (address !== undefined) spans.tellWorker(address, record, template);
  else spans.tellManager(record, template);
}

// The task itself says which it is of the executor's. Of several that it was
// sent with, none is right for certain: all say so, and the rules tell that
// they contradict each other.
function tellPairs(spans: DebugSpans, { pairs }: SentTasks): void {
  for (const [task, found] of pairs) {
    for (const executorTask of found) {
      const said = found.size > 1 ? { workqueue_task: task } : {};
      spans.addToExecutorTask(executorTask, said);
      if (found.size === 1) {
        spans.addToTask(task, { executor_task: executorTask });
      }
    }
  }
}
