import type { LogFormat, LogPlace, RecordReader } from "../format.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { readTaskState } from "./task_states.ts";
import {
  membersOf,
  objectsOf,
  transactionBeginning,
} from "./transaction_lines.ts";

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
): Pick<LogFormat, "beginning" | "open"> => ({
  beginning: transactionBeginning,
  open: (writer, place) => {
    const entities = readEntities(writer, place, names);
    return { read: (record) => readTransaction(entities, record) };
  },
});

function readTransaction(
  entities: ReadonlyMap<string, EntityReader>,
  record: LogRecord,
): ReturnType<RecordReader["read"]> {
  const [, entity = "", name, rest] =
    /^([A-Z]+) (\S+) ?(.*)$/s.exec(record.message) ?? [];
  const isRead = entities.get(entity)?.(record, name!, rest!);
  return isRead ? "matched" : "unmatched";
}

/** Reads a line about one entity; false if its form is unknown. */
type EntityReader = (record: LogRecord, name: string, rest: string) => boolean;

/**
 * Readers of lines about the manager, its workers, categories of tasks, tasks,
 * and transfers. A state is an event, with the other values of the line as its
 * attributes; the span keeps the last value of each.
 */
function readEntities(
  writer: SpanWriter,
  { rundir, executor = "" }: LogPlace,
  names: TransactionNames,
): ReadonlyMap<string, EntityReader> {
  const kind = (entity: string, name: string) =>
    writer.kind(`${names.component}.${entity}`, { rundir, executor }, [name]);
  const managers = kind("manager", "manager_pid");
  const workers = kind("worker", "worker");
  const categories = kind("category", "category");
  const tasks = kind("task", names.task);
  const libraries = kind("library", "library");
  /** The worker at an address; a later one may get the same address. */
  const workerAt = new Map<string, string>();

  const readManager: EntityReader = (record, name, rest) => {
    // TaskVine repeats the number of the manager.
    const [, state] = /^(?:\d+ )?(START|END)\b/.exec(`${name} ${rest}`) ?? [];
    if (state === undefined) return false;
    writer.event(managers.id(record.thread), state, record);
    return true;
  };
  const readWorker: EntityReader = (record, name, rest) => {
    // Work Queue writes the address before the state, TaskVine after it, if it
    // does.
    const parts =
      /^(?:(\S+) +)?(CONNECTION|DISCONNECTION|RESOURCES|CACHE_UPDATE|TRANSFER)\b *(.*)$/
        .exec(rest);
    if (!parts) return false;
    const [, before, state, words = ""] = parts;
    const id = workers.id(name);
    const manager_pid = record.thread;
    if (state === "CONNECTION") {
      const address = before ?? words.trim();
      if (address) workerAt.set(address, name);
      writer.add(id, { address: address || undefined, manager_pid });
      writer.event(id, state, record);
    } else if (state === "DISCONNECTION") {
      if (before) workerAt.delete(before);
      const reason = words.trim();
      writer.add(id, { address: before, manager_pid });
      writer.event(id, state, record, reason ? { reason } : undefined);
    } else if (state === "RESOURCES") {
      const resources = membersOf(objectsOf(words)?.[0]);
      writer.add(id, { manager_pid, resources });
      writer.event(id, state, record, resources && { resources });
    } else {
      const [, direction, filename, size, wall, start] =
        /^(?:(INPUT|OUTPUT) )?(\S+) (\d+) (\d+) (\d+)$/.exec(words.trim()) ??
          [];
      if (filename === undefined) return false;
      const event = direction ? `${state}_${direction}` : state!;
      writer.event(id, event, record, {
        filename,
        // TaskVine's header says megabytes; it writes bytes.
        size: Number(size),
        wall_time_us: Number(wall),
        start_time_us: Number(start),
      });
    }
    return true;
  };
  const readCategory: EntityReader = (record) => {
    const parts = /^CATEGORY (.+?) (MAX|MIN|FIRST)(?: ([A-Z_]+))? +(?=\{)/
      .exec(record.message);
    if (!parts) return false;
    const [, name, limit, allocation_mode] = parts;
    const resources = membersOf(objectsOf(record.message)?.[0]);
    const id = categories.id(name!);
    writer.add(id, { manager_pid: record.thread, allocation_mode });
    const details = allocation_mode ?? resources
      ? { allocation_mode, resources }
      : undefined;
    writer.event(id, limit!, record, details);
    return true;
  };
  const readTask: EntityReader = (record, name, rest) => {
    const read = /^\d+$/.test(name) && readTaskState(rest, names.worker);
    if (!read) return false;
    const { state, details, lasting } = read;
    const manager_pid = record.thread;
    const { category, address, worker = workerAt.get(address ?? "") } = details;
    if (category !== undefined) {
      writer.add(categories.id(category), { manager_pid });
    }
    const id = tasks.id(name);
    writer.add(id, { ...lasting, worker, manager_pid });
    const hasDetails = Object.values(details)
      .some((value) => value !== undefined);
    writer.event(
      id,
      state,
      record,
      hasDetails ? { ...details, worker } : undefined,
    );
    return true;
  };
  const readTransfer: EntityReader = (record, direction, rest) => {
    const [, task, cache_flag, size, wall, filename] =
      /^(\d+) (\d+) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?) (.+)$/.exec(rest) ?? [];
    if (filename === undefined || !/^(?:IN|OUT)PUT$/.test(direction)) {
      return false;
    }
    writer.event(tasks.id(task!), `TRANSFER_${direction}`, record, {
      cache_flag,
      size_in_mb: Number(size),
      walltime: Number(wall),
      filename,
    });
    return true;
  };
  const readLibrary: EntityReader = (record, name, rest) => {
    const [, state, worker] = /^([A-Z_]+)(?: +(\S+))?$/.exec(rest.trim()) ?? [];
    if (state === undefined) return false;
    const id = libraries.id(name);
    writer.add(id, { worker, manager_pid: record.thread });
    writer.event(id, state, record, worker ? { worker } : undefined);
    return true;
  };
  const readApplication: EntityReader = (record) => {
    const message = record.message.slice("APPLICATION ".length);
    const id = managers.id(record.thread);
    writer.event(id, "APPLICATION", record, { message });
    return true;
  };

  return new Map([
    ["MANAGER", readManager],
    // Work Queue's word for it until 2020.
    ["MASTER", readManager],
    ["WORKER", readWorker],
    ["CATEGORY", readCategory],
    ["TASK", readTask],
    ["TRANSFER", readTransfer],
    ["LIBRARY", readLibrary],
    ["APPLICATION", readApplication],
  ]);
}
