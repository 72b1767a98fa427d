import type { LogFormat } from "../format.ts";
import type { LineBeginning } from "../../lines/prefix.ts";
import { isUnreadable } from "../../lines/lines.ts";
import { above, nameAbove } from "../parsl/layout.ts";

// 1795346925.7748573 POSTMETA
const words = /^(\d{9,10}(?:\.\d{1,9})?) ([A-Z][A-Z0-9_]{0,63}(?: [^]*)?)$/;

const beginning: LineBeginning = {
  read(text) {
    const parts = words.exec(text);
    if (!parts || isUnreadable(text)) return undefined;
    return { time: Number(parts[1]), message: parts[2]! };
  },
  isDamaged: (text) => text !== "",
};

/**
 * function_data/NNNN/log of Parsl's DESC branches: the steps of one task in the
 * process that runs its function. Most lines are about modules that Python looks
 * for: they are counted and dropped.
 */
export const functionLog: LogFormat = {
  importer: "function_data log",
  fileName: /^log$/,
  folder: /\/function_data\/\d+$/,
  place: (path) => ({
    path,
    rundir: above(path, 4),
    executor: nameAbove(path, 3),
    executorTask: nameAbove(path, 1).replace(/^0+(?=\d)/, ""),
  }),
  beginning,
  open(writer, { rundir, executor = "", executorTask = "" }) {
    // With the whole identity shared, only one span is looked up.
    const id = writer.kind(
      "parsl.executors.workqueue.executor_task.remote",
      { rundir, executor, executor_task: executorTask },
      [],
    );
    return {
      read(record) {
        const [event = "", ...rest] = record.message.split(" ");
        if (event === "META_PATH") return "matched";
        const details = rest.length ? { values: [rest.join(" ")] } : undefined;
        writer.event(id.id(), event, record, details);
        return "matched";
      },
    };
  },
};
