import type { LogFormat, LogPlace, RecordReader } from "../format.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import type { Members } from "../json/records.ts";
import { isTransactions, writerOf } from "./dialect.ts";
import {
  aliveLibraries,
  type Attempt,
  attemptOf,
  momentsOf,
} from "./attempts.ts";
import { eachManager } from "./managers.ts";
import {
  amountsOf,
  bytesOf,
  libraryLine,
  nobody,
  objectsOf,
  type TaskLine,
  taskLine,
  transactionBeginning,
  transferIn,
} from "./transaction_lines.ts";

/** Names in the transaction logs of Work Queue and TaskVine. */
export interface TransactionNames {
  /** Prefix of the span types. */
  component: "workqueue" | "taskvine";
  /** The attribute that identifies a task. */
  task: "workqueue_task" | "taskvine_task";
}

/** How to recognize and read a transaction log. */
export const transactionLog = (
  names: TransactionNames,
): Pick<LogFormat, "signature" | "beginning" | "process" | "open"> => ({
  signature: (start) =>
    isTransactions(start) && writerOf(start) === names.component,
  beginning: transactionBeginning,
  process: `${names.component}.manager`,
  open: (writer, place) =>
    eachManager(
      place,
      ({ message }) => /^(?:MANAGER|MASTER) (?:\d+ )?START\b/.test(message),
      (place) => transactionReader(writer, place, names),
    ),
});

/** The meaning of a line: an event of a span. */
interface Transaction {
  id: number;
  event: string;
  /** The other values of the line. */
  details?: Members;
  /** Attributes of the span, which keeps the last value of each. */
  attributes?: Members;
  /** Other moments that the line reports. */
  times?: TaskLine["times"];
  /** The worker of these moments. */
  worker?: string | undefined;
}

/** Reads a line about one entity; undefined if its form is unknown. */
type Reader = (
  name: string,
  rest: string,
  record: LogRecord,
) => Transaction | undefined;

function transactionReader(
  writer: SpanWriter,
  { rundir, executor = "" }: LogPlace,
  names: TransactionNames,
): RecordReader {
  const kind = (entity: string, name: string[]) =>
    writer.kind(`${names.component}.${entity}`, { rundir, executor }, name);
  const managers = kind("manager", []);
  const workers = kind("worker", ["worker"]);
  const categories = kind("category", ["category"]);
  const tasks = kind("task", [names.task]);
  const libraries = kind("library", ["library"]);
  /** The worker at an address; a later one may get the same address. */
  const workerAt = new Map<string, string>();
  const alive = aliveLibraries();
  /** Attempts at tasks between their first line and their last. */
  const attempts = new Map<string, Attempt>();
  /**
   * The line above, if it is the first about a task that never waited: the next
   * one tells whether the task is a library.
   */
  let held: LogRecord | undefined;

  const readManager: Reader = (name, rest, { thread }) => {
    // TaskVine repeats the number of the manager.
    const [, event, time] =
      /^(?:\d+ )?(START|END)\b(?: (\d+))?/.exec(`${name} ${rest}`) ?? [];
    if (event === undefined) return undefined;
    const seconds = Number(time ?? 0) / 1e6 || undefined;
    return {
      id: managers.id(),
      event,
      details: { seconds },
      attributes: { manager_pid: thread },
    };
  };
  const readTask = (name: string, line: TaskLine): Transaction => {
    const { event, details, attributes } = line;
    const id = tasks.id(name);
    const attempt = attemptOf(attempts, name, event);
    const named = details.worker ?? workerAt.get(String(details.address));
    if (named !== undefined) {
      attempt.worker = String(named);
      writer.nest(workers.id(attempt.worker), id, name);
    }
    const { worker } = attempt;
    const library = alive.libraryOf(worker, line);
    if (event === "DONE") attempts.delete(name);
    return {
      id,
      event,
      details: { worker, ...details, library },
      attributes: { ...attributes, worker, library },
      ...momentsOf(line, attempt),
    };
  };
  /** Reads a line about a library that is logged as a task, too. */
  const readLibraryTask = (
    library: string,
    line: TaskLine,
    attempt: Attempt,
  ): Transaction => {
    const { event, details } = line;
    const worker = attempt.worker!;
    const attributes = { ...line.attributes, worker, [names.task]: library };
    if (event !== "RUNNING") alive.end(worker, library);
    if (event === "DONE") attempts.delete(library);
    return {
      id: libraries.id(library),
      event,
      details,
      attributes,
      ...momentsOf(line, attempt),
    };
  };
  const readers: Readonly<Record<string, Reader>> = {
    MANAGER: readManager,
    // Work Queue's word for it until 2020.
    MASTER: readManager,
    WORKER(name, rest) {
      // Work Queue writes the address before the state, TaskVine after it, if it
      // does.
      const [, before, event = "", written = ""] =
        /^(?:(\S+) +)?(CONNECTION|DISCONNECTION|RESOURCES|CACHE[-_]UPDATE|TRANSFER)\b(.*)/s
          .exec(rest) ?? [];
      if (event === "") return undefined;
      const words = written.trim();
      // A connection that ended before its worker said who it is.
      const id = name === nobody ? managers.id() : workers.id(name);
      switch (event) {
        case "CONNECTION": {
          const address = (before ?? words) || undefined;
          if (address) workerAt.set(address, name);
          return { id, event, attributes: { address } };
        }
        case "DISCONNECTION": {
          if (before) workerAt.delete(before);
          alive.leave(name);
          const attributes = name === nobody ? {} : { address: before };
          const details = { reason: words || undefined };
          return { id, event, attributes, details };
        }
        case "RESOURCES": {
          const resources = objectsOf(words)?.[0];
          const capacity = { resources, ...amountsOf(resources) };
          return { id, event, details: capacity, attributes: capacity };
        }
      }
      const transfer = transferIn(words);
      if (!transfer) return undefined;
      const { direction, ...details } = transfer;
      const type = event.replace("-", "_");
      return {
        id,
        details,
        event: direction ? `${type}_${direction}` : type,
      };
    },
    CATEGORY(_name, _rest, { message }) {
      const [, name, event, allocation_mode] =
        /^CATEGORY (.+?) (MAX|MIN|FIRST)(?: ([A-Z_]+))? +(?=\{)/
          .exec(message) ?? [];
      if (event === undefined) return undefined;
      const resources = objectsOf(message)?.[0];
      return {
        id: categories.id(name!),
        event,
        details: { allocation_mode, resources },
        attributes: { allocation_mode },
      };
    },
    TASK(name, rest, { thread }) {
      const line = /^\d+$/.test(name) ? taskLine(rest) : undefined;
      if (!line) return undefined;
      const attempt = attempts.get(name);
      if (attempt?.isLibrary) return readLibraryTask(name, line, attempt);
      const { category } = line.details;
      if (category !== undefined) {
        const id = categories.id(String(category));
        writer.add(id, { manager_pid: thread });
      }
      return readTask(name, line);
    },
    TRANSFER(direction, rest) {
      const [, task, cache_flag, size, wall, filename] =
        /^(\d+) (\d+) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?) (.+)$/.exec(rest) ?? [];
      if (filename === undefined || !/^(?:IN|OUT)PUT$/.test(direction)) {
        return undefined;
      }
      return {
        // Pre-releases of TaskVine write 0 if a transfer is for no task.
        id: task === "0" ? managers.id() : tasks.id(task!),
        event: `TRANSFER_${direction}`,
        details: {
          worker: attempts.get(task!)?.worker,
          cache_flag,
          filename,
          bytes: bytesOf(Number(size)),
          seconds: Number(wall),
        },
      };
    },
    LIBRARY(name, rest) {
      const { event, worker } = libraryLine(rest);
      if (event === undefined) return undefined;
      if (event === "FAILURE") alive.end(worker, name);
      else alive.begin(worker, name, attempts.get(name)?.isLibrary ?? false);
      return { id: libraries.id(name), event, attributes: { worker } };
    },
    APPLICATION: (_name, _rest, { message }) => ({
      id: managers.id(),
      event: "APPLICATION",
      details: { message: message.slice("APPLICATION ".length) },
    }),
  };
  // Their name in TaskVine 7.5.0.
  const entities: typeof readers = { ...readers, DUTY: readers.LIBRARY! };

  const readNow = (record: LogRecord) => {
    const [, entity = "", name = "", rest = ""] = partsOf(record);
    const read = Object.hasOwn(entities, entity) && entities[entity]!;
    const transaction = read && read(name, rest, record);
    if (!transaction) return "unmatched";
    const { id, event, details, attributes, times = {} } = transaction;
    if (attributes) {
      writer.add(id, { ...attributes, manager_pid: record.thread });
    }
    writer.event(id, event, record, details);
    const { worker } = transaction;
    for (const [moment, time] of Object.entries(times)) {
      const attributes = worker === undefined ? undefined : { worker };
      writer.event(id, moment, { ...record, time }, attributes);
    }
    return "matched";
  };
  const release = () => {
    const record = held;
    held = undefined;
    if (record) readNow(record);
  };
  return {
    read(record) {
      const [, entity, name = "", rest = ""] = partsOf(record);
      if (held) {
        const [, , above = ""] = partsOf(held);
        if (entity === "LIBRARY" && name === above) {
          const { worker } = libraryLine(rest);
          attempts.set(name, { isLibrary: true, worker, times: {} });
        }
        release();
      }
      if (
        entity === "TASK" && rest.startsWith("RUNNING ") && !attempts.has(name)
      ) {
        held = record;
        return "matched";
      }
      return readNow(record);
    },
    // Comments at the beginning name no process.
    process: ({ thread }) => thread === "" ? undefined : managers.id(),
    needsReread: () => held !== undefined,
    finish: release,
  };
}

const partsOf = ({ message }: LogRecord): readonly string[] =>
  /^([A-Z]+) (\S+) ?(.*)/s.exec(message) ?? [];
