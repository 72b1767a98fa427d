import type { LogFormat } from "../logs/format.ts";
import type { LineBeginning, LogRecord } from "../logs/prefix.ts";

// Microseconds, the process of the manager, and what is told of:
// 1795344289464165 11743 TASK 41 RUNNING 127.0.0.1:60920  FIRST_RESOURCES {...}
const start = /^(\d{15,17}) (\d+) (?=[A-Z]+ )/;

const beginning: LineBeginning = {
  read(text, line, offset): LogRecord | undefined {
    const parts = start.exec(text);
    if (!parts || /[\0\ufffd]/.test(text)) return undefined;
    return {
      time: Number(parts[1]) / 1e6,
      isLocal: false,
      thread: parts[2]!,
      level: "INFO",
      message: text.slice(parts[0].length),
      line,
      offset,
    };
  },
  // The header explains the format in comments.
  isDamaged: (text) => text !== "" && !text.startsWith("#"),
};

/**
 * Work Queue's transaction_log, as its own header describes it: the manager,
 * its workers and its tasks. A worker is named by its id when it connects, and
 * after that by its address, which another worker may have later.
 */
export const transactionLog: LogFormat = {
  importer: "transaction_log",
  beginning,
  open(writer, { rundir, executor = "" }) {
    const shared = { rundir, executor };
    const managers = writer.kind("workqueue.manager", shared, ["manager_pid"]);
    const workers = writer.kind("workqueue.worker", shared, ["worker"]);
    const tasks = writer.kind("workqueue.task", shared, ["workqueue_task"]);
    const atAddress = new Map<string, string>();

    const readWorker = (worker: string, rest: string, record: LogRecord) => {
      const id = workers.id(worker);
      const [first = "", second = "", reason] = rest.split(/ +/);
      if (first.startsWith("RESOURCES")) {
        const resources = objectOf(rest.slice(first.length));
        writer.event(id, "RESOURCES", record, resources && { resources });
        return true;
      }
      if (second === "CONNECTION") atAddress.set(first, worker);
      else if (second !== "DISCONNECTION") return false;
      else atAddress.delete(first);
      writer.add(id, { address: first, manager_pid: record.thread });
      writer.event(id, second, record, reason ? { reason } : undefined);
      return true;
    };

    const readTask = (task: string, rest: string, record: LogRecord) => {
      const id = tasks.id(task);
      const [state = "", ...words] = rest.trim().split(/ +/);
      if (!/^[A-Z_]+$/.test(state)) return false;
      const said: Record<string, unknown> = {};
      if (state === "WAITING") said.category = words[0];
      else if (state === "RUNNING" || state === "WAITING_RETRIEVAL") {
        said.address = words[0];
        said.worker = atAddress.get(words[0] ?? "");
      } else if (state === "RETRIEVED" || state === "DONE") {
        said.result = words[0];
        said.exit_code = words[1];
      }
      const resources = objectOf(rest);
      writer.add(id, { ...said, manager_pid: record.thread });
      writer.event(id, state, record, resources && { resources });
      return true;
    };

    return {
      read(record) {
        const { message } = record;
        const parts = /^([A-Z]+) (\S+) ?(.*)$/s.exec(message);
        if (!parts) return "unknown";
        const [, kind, name, rest] = parts as unknown as string[];
        if (kind === "MANAGER") {
          writer.event(managers.id(record.thread), name!, record);
          return "understood";
        }
        const isRead = kind === "WORKER"
          ? readWorker(name!, rest!, record)
          : kind === "TASK" && readTask(name!, rest!, record);
        return isRead ? "understood" : "unknown";
      },
    };
  },
};

/** The JSON object in the text, if it holds one that says anything. */
function objectOf(text: string): object | undefined {
  const [json] = /\{[^{}]*\}/.exec(text) ?? [];
  if (json === undefined || json === "{}") return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
