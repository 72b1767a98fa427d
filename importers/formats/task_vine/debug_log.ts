import type { LogFormat, LogPlace, RecordReader } from "../format.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import {
  addresses,
  debugBeginning,
  exchangeOf,
  firstCapture,
} from "../work_queue/debug_lines.ts";
import { isLost, sentTasks } from "../work_queue/sent_tasks.ts";
import { functionIn } from "./function_file.ts";

/**
 * TaskVine's debug log, which relates tasks to those of Parsl's executor, as a
 * taskgraph does once they are done. The events in it are also in transactions.
 */
export const taskVineDebugLog: LogFormat = {
  importer: "debug",
  fileName: /^debug$/,
  folder: /^vine-logs$/,
  signature: (start) => ofTaskVine.test(start),
  beginning: {
    ...debugBeginning,
    // They are in local time, and no event needs them.
    read(text) {
      const line = debugBeginning.read(text);
      return line && { ...line, time: NaN, isLocal: false };
    },
  },
  open: readDebugLog,
};

// Other programs of cctools write such logs, too.
const ofTaskVine =
  /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)? \S+\[\d+\] ?vine: /m;

const needsFunction = /^\S+ \(([^()\s]+)\) needs file (.+) as '?function'?$/s;

function readDebugLog(
  writer: SpanWriter,
  { rundir, executor = "" }: LogPlace,
): RecordReader {
  const tasks = writer.kind(
    "taskvine.task",
    { rundir, executor },
    ["taskvine_task"],
  );
  /** Functions are named by their paths. */
  const sent = sentTasks();
  return {
    read({ message }) {
      const [, needing, path] = needsFunction.exec(message) ?? [];
      const exchange = exchangeOf(message);
      if (path !== undefined) {
        if (functionIn(path)) sent.needs(needing!, path);
      } else if (exchange) {
        const { direction, address, verb, rest } = exchange;
        if (direction === "tx to" && verb === "task") sent.sent(address, rest);
      } else if (isLost(message)) {
        sent.forget(firstCapture(addresses, message) ?? "");
      }
      return "matched";
    },
    // Later lines may contradict a pair.
    needsReread: () => true,
    finish() {
      for (const [task, [path, ...others]] of sent.functions) {
        if (others.length > 0) continue;
        writer.add(tasks.id(task), functionIn(path!)!);
      }
    },
  };
}
