import type { LogFormat, LogPlace, Reading, RecordReader } from "../format.ts";
import type { LineBeginning, LogRecord } from "../../lines/prefix.ts";
import { isUnreadable } from "../../lines/lines.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { isTooDeep } from "../json/records.ts";

/** Names in the transaction logs of Work Queue and TaskVine. */
export interface TransactionNames {
  /** Prefix of the span types. */
  component: "workqueue" | "taskvine";
  /** The attribute that identifies a task. */
  task: "workqueue_task" | "taskvine_task";
  /** How a line about a task names its worker. */
  worker: "address" | "worker";
}

/** How to read a transaction log. */
export const transactionLog = (
  names: TransactionNames,
): Pick<LogFormat, "beginning" | "process" | "open"> => ({
  beginning,
  process: `${names.component}.manager`,
  open: (writer, place) => entityReader(writer, place, names),
});

// Microseconds, the manager's process number, and the entity:
// 1795344289464165 11743 TASK 41 RUNNING 127.0.0.1:60920  FIRST_RESOURCES {...}
const start = /^(\d{15,17}) (\d+) (?=[A-Z]+ )/;

/** A line whose objects are not JSON is broken. */
const beginning: LineBeginning = {
  read(text) {
    const parts = start.exec(text);
    if (!parts || isUnreadable(text)) return undefined;
    const message = text.slice(parts[0].length);
    if (!isFreeText.test(message) && !objectsOf(message)) return undefined;
    const [, microseconds, process] = parts;
    const time = Number(microseconds) / 1e6;
    return { time, thread: process!, origin: { process }, message };
  },
  // The header consists of comments.
  isDamaged: (text) => text !== "" && !text.startsWith("#"),
};

// Text of the user's program, and names of files.
const isFreeText = /^(?:APPLICATION|TRANSFER) /;

type Members = Record<string, unknown>;

/**
 * The JSON objects at the end of a text, undefined for an empty object. They
 * contain no other objects. Undefined if they do not parse.
 */
function objectsOf(text: string): (Members | undefined)[] | undefined {
  const begin = text.search(/(?<![^ ])\{/);
  if (begin < 0) return [];
  try {
    const list = `[${text.slice(begin).replace(/\} +\{/g, "},{")}]`;
    return isTooDeep(list) ? undefined : (JSON.parse(list) as Members[])
      .map((object) => Object.keys(object).length > 0 ? object : undefined);
  } catch {
    return undefined;
  }
}

/** The meaning of a line: an event of a span. */
interface Transaction {
  id: number;
  event: string;
  /** The other values of the line. */
  details?: Members;
  /** Attributes of the span, which keeps the last value of each. */
  says?: Members;
}

/** Reads a line about one entity; undefined if its form is unknown. */
type Reader = (
  name: string,
  rest: string,
  record: LogRecord,
) => Transaction | undefined;

function entityReader(
  writer: SpanWriter,
  { rundir, executor = "" }: LogPlace,
  names: TransactionNames,
): RecordReader {
  const kind = (entity: string, name: string) =>
    writer.kind(`${names.component}.${entity}`, { rundir, executor }, [name]);
  const managers = kind("manager", "manager_pid");
  const workers = kind("worker", "worker");
  const categories = kind("category", "category");
  const tasks = kind("task", names.task);
  const libraries = kind("library", "library");
  /** The worker at an address; a later one may get the same address. */
  const workerAt = new Map<string, string>();

  const readManager: Reader = (name, rest, { thread }) => {
    // TaskVine repeats the number of the manager.
    const [, event] = /^(?:\d+ )?(START|END)\b/.exec(`${name} ${rest}`) ?? [];
    return event ? { id: managers.id(thread), event } : undefined;
  };
  const readers: Readonly<Record<string, Reader>> = {
    MANAGER: readManager,
    // Work Queue's word for it until 2020.
    MASTER: readManager,
    WORKER(name, rest) {
      // Work Queue writes the address before the state, TaskVine after it, if it
      // does.
      const [, before, event = "", written = ""] =
        /^(?:(\S+) +)?(CONNECTION|DISCONNECTION|RESOURCES|CACHE_UPDATE|TRANSFER)\b *(.*)$/
          .exec(rest) ?? [];
      const words = written.trim();
      const id = event ? workers.id(name) : NaN;
      switch (event) {
        case "CONNECTION": {
          const address = (before ?? words) || undefined;
          if (address) workerAt.set(address, name);
          return { id, event, says: { address } };
        }
        case "DISCONNECTION":
          if (before) workerAt.delete(before);
          return {
            id,
            event,
            says: { address: before },
            details: { reason: words || undefined },
          };
        case "RESOURCES": {
          const resources = objectsOf(words)?.[0];
          return { id, event, details: { resources }, says: { resources } };
        }
      }
      const [, direction, filename, size, wall, start] =
        /^(?:(INPUT|OUTPUT) )?(\S+) (\d+) (\d+) (\d+)$/.exec(words) ?? [];
      if (!event || filename === undefined) return undefined;
      const details = {
        filename,
        // TaskVine's header says megabytes; it writes bytes.
        size: Number(size),
        wall_time_us: Number(wall),
        start_time_us: Number(start),
      };
      return {
        id,
        details,
        event: direction ? `${event}_${direction}` : event,
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
        says: { allocation_mode },
      };
    },
    TASK(name, rest, { thread }) {
      const state = /^\d+$/.test(name) && taskState(rest, names.worker);
      if (!state) return undefined;
      const { event, details = {}, says } = state;
      const { category, address } = details;
      const worker = details.worker ?? workerAt.get(String(address));
      if (category !== undefined) {
        const id = categories.id(String(category));
        writer.add(id, { manager_pid: thread });
      }
      return {
        id: tasks.id(name),
        event,
        details: hasValue(details) ? { ...details, worker } : {},
        says: { ...says, worker },
      };
    },
    TRANSFER(direction, rest) {
      const [, task, cache_flag, size, wall, filename] =
        /^(\d+) (\d+) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?) (.+)$/.exec(rest) ?? [];
      if (filename === undefined || !/^(?:IN|OUT)PUT$/.test(direction)) {
        return undefined;
      }
      const [size_in_mb, walltime] = [size, wall].map(Number);
      return {
        id: tasks.id(task!),
        event: `TRANSFER_${direction}`,
        details: { cache_flag, size_in_mb, walltime, filename },
      };
    },
    LIBRARY(name, rest) {
      const [, event, worker] = /^([A-Z_]+)(?: +(\S+))?$/.exec(rest.trim()) ??
        [];
      return event === undefined ? undefined : {
        id: libraries.id(name),
        event,
        details: { worker },
        says: { worker },
      };
    },
    APPLICATION: (_name, _rest, { message, thread }) => ({
      id: managers.id(thread),
      event: "APPLICATION",
      details: { message: message.slice("APPLICATION ".length) },
    }),
  };

  const read = (record: LogRecord): Reading => {
    const [, entity = "", name = "", rest = ""] =
      /^([A-Z]+) (\S+) ?(.*)$/s.exec(record.message) ?? [];
    const read = Object.hasOwn(readers, entity) && readers[entity]!;
    const transaction = read && read(name, rest, record);
    if (!transaction) return "unmatched";
    const { id, event, details = {}, says } = transaction;
    if (says) writer.add(id, { ...says, manager_pid: record.thread });
    writer.event(id, event, record, hasValue(details) ? details : undefined);
    return "matched";
  };
  return {
    read,
    // Comments at the beginning name no process.
    process: ({ thread }) => thread === "" ? undefined : managers.id(thread),
  };
}

const hasValue = (details: Members): boolean =>
  Object.values(details).some((value) => value !== undefined);

/**
 * Reads the rest of a line after "TASK 41 ".
 *
 * @param worker how a line names the worker of the task
 */
function taskState(
  text: string,
  worker: "address" | "worker",
): Omit<Transaction, "id"> | undefined {
  const [, event, rest = ""] = /^([A-Z_]+)(?: +(.*))?$/.exec(text.trim()) ?? [];
  const [resources, resources_measured] = objectsOf(rest) ?? [];
  const words = rest.replace(/\{.*$/, "").trim();
  switch (event) {
    case undefined:
      return undefined;
    case "WAITING":
    case "READY": {
      // Anchored at the first space: linear for any number of them.
      const end = /(?<! ) +((?:FIRST|MAX)_RESOURCES)(?: +(\d+))?$/.exec(words);
      const category = words.slice(0, end?.index) || undefined;
      const [, allocation, attempt_number] = end ?? [];
      return {
        event,
        details: { category, allocation, attempt_number, resources },
        says: { category, attempt_number, resources_requested: resources },
      };
    }
    case "RUNNING":
    case "WAITING_RETRIEVAL": {
      const [, at, allocation] =
        /^(\S+)(?: +((?:FIRST|MAX)_RESOURCES))?$/.exec(words) ?? [];
      return {
        event,
        details: { [worker]: at, allocation, resources },
        says: { [worker]: at, resources_allocated: resources },
      };
    }
    case "RETRIEVED":
    case "DONE": {
      const [, result, exit_code] = /^(\S+)(?: +(-?\d+))?$/.exec(words) ?? [];
      const limits_exceeded = resources;
      const details = {
        result,
        exit_code,
        limits_exceeded,
        resources_measured,
      };
      return { event, details, says: details };
    }
  }
  return { event, says: {} };
}
