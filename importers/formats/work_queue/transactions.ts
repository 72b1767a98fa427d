import type { LogFormat, LogPlace, RecordReader } from "../format.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanKind } from "../../store/span_table.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { readTaskState } from "./task_states.ts";
import {
  objectsOf,
  saidBy,
  transactionBeginning,
} from "./transaction_lines.ts";

/** What the transaction logs of Work Queue and TaskVine call things. */
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
  open: (writer, place) => readTransactions(writer, place, names),
});

/**
 * Reads a transaction log: the manager, its workers, categories of tasks,
 * tasks, and what was transferred. A state is an event, with what is said
 * beside it; of a span, the last that was said stays.
 */
function readTransactions(
  writer: SpanWriter,
  { rundir, executor = "" }: LogPlace,
  names: TransactionNames,
): RecordReader {
  const kind = (what: string, name: string) =>
    writer.kind(`${names.component}.${what}`, { rundir, executor }, [name]);
  const log: TransactionLog = {
    writer,
    names,
    managers: kind("manager", "manager_pid"),
    workers: kind("worker", "worker"),
    categories: kind("category", "category"),
    tasks: kind("task", names.task),
    libraries: kind("library", "library"),
    workerAt: new Map(),
  };
  return {
    read(record) {
      const [, thing = "", name, rest] =
        /^([A-Z]+) (\S+) ?(.*)$/s.exec(record.message) ?? [];
      const tell = things.get(thing);
      return tell?.(log, record, name!, rest!) ? "matched" : "unmatched";
    },
  };
}

interface TransactionLog {
  writer: SpanWriter;
  names: TransactionNames;
  managers: SpanKind;
  workers: SpanKind;
  categories: SpanKind;
  tasks: SpanKind;
  libraries: SpanKind;
  /** The worker that is at an address, which another may have later. */
  workerAt: Map<string, string>;
}

/** Tells of a thing that has a name; false if it does not know the words. */
type Teller = (
  log: TransactionLog,
  record: LogRecord,
  name: string,
  rest: string,
) => boolean;

const things = new Map<string, Teller>([
  ["MANAGER", tellManager],
  // As Work Queue called it until 2020.
  ["MASTER", tellManager],
  ["WORKER", tellWorker],
  ["CATEGORY", tellCategory],
  ["TASK", tellTask],
  ["TRANSFER", tellTransfer],
  ["LIBRARY", tellLibrary],
  ["APPLICATION", tellApplication],
]);

function tellManager(...[log, record, name, rest]: Parameters<Teller>) {
  // TaskVine names the manager once more.
  const [, state] = /^(?:\d+ )?(START|END)\b/.exec(`${name} ${rest}`) ?? [];
  if (state === undefined) return false;
  log.writer.event(log.managers.id(record.thread), state, record);
  return true;
}

function tellWorker(...[log, record, name, rest]: Parameters<Teller>) {
  const { writer, workers, workerAt } = log;
  // Work Queue has the address before, TaskVine behind, if at all.
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
    const reason = words.trim() || undefined;
    writer.add(id, { address: before, manager_pid });
    writer.event(id, state, record, reason ? { reason } : undefined);
  } else if (state === "RESOURCES") {
    const resources = saidBy(objectsOf(words)?.[0]);
    writer.add(id, { manager_pid, resources });
    writer.event(id, state, record, resources && { resources });
  } else {
    const [, direction, filename, size, wall, start] =
      /^(?:(INPUT|OUTPUT) )?(\S+) (\d+) (\d+) (\d+)$/.exec(words.trim()) ?? [];
    if (filename === undefined) return false;
    writer.event(id, direction ? `${state}_${direction}` : state!, record, {
      filename,
      // TaskVine's header says megabytes here, TaskVine writes bytes.
      size: Number(size),
      wall_time_us: Number(wall),
      start_time_us: Number(start),
    });
  }
  return true;
}

function tellCategory(...[log, record]: Parameters<Teller>) {
  const parts = /^CATEGORY (.+?) (MAX|MIN|FIRST)(?: ([A-Z_]+))? +(?=\{)/
    .exec(record.message);
  if (!parts) return false;
  const [, name, limit, allocation_mode] = parts;
  const resources = saidBy(objectsOf(record.message)?.[0]);
  const id = log.categories.id(name!);
  log.writer.add(id, { manager_pid: record.thread, allocation_mode });
  const said = { allocation_mode, resources };
  const isSaid = allocation_mode ?? resources;
  log.writer.event(id, limit!, record, isSaid ? said : undefined);
  return true;
}

function tellTask(...[log, record, name, rest]: Parameters<Teller>) {
  if (!/^\d+$/.test(name)) return false;
  const told = readTaskState(rest, log.names.worker);
  if (!told) return false;
  const { state, said, stays } = told;
  const id = log.tasks.id(name);
  const manager_pid = record.thread;
  const { category, address, worker = log.workerAt.get(address ?? "") } = said;
  if (category !== undefined) {
    log.writer.add(log.categories.id(category), { manager_pid });
  }
  log.writer.add(id, { ...stays, worker, manager_pid });
  const isSaid = Object.values(said).some((value) => value !== undefined);
  log.writer.event(id, state, record, isSaid ? { ...said, worker } : undefined);
  return true;
}

function tellTransfer(...[log, record, direction, rest]: Parameters<Teller>) {
  const [, task, cache_flag, size, wall, filename] =
    /^(\d+) (\d+) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?) (.+)$/.exec(rest) ?? [];
  if (filename === undefined || !/^(?:IN|OUT)PUT$/.test(direction)) {
    return false;
  }
  log.writer.event(log.tasks.id(task!), `TRANSFER_${direction}`, record, {
    cache_flag,
    size_in_mb: Number(size),
    walltime: Number(wall),
    filename,
  });
  return true;
}

function tellLibrary(...[log, record, name, rest]: Parameters<Teller>) {
  const [, state, worker] = /^([A-Z_]+)(?: +(\S+))?$/.exec(rest.trim()) ?? [];
  if (state === undefined) return false;
  const id = log.libraries.id(name);
  log.writer.add(id, { worker, manager_pid: record.thread });
  log.writer.event(id, state, record, worker ? { worker } : undefined);
  return true;
}

function tellApplication(...[log, record]: Parameters<Teller>) {
  const message = record.message.slice("APPLICATION ".length);
  const manager = log.managers.id(record.thread);
  log.writer.event(manager, "APPLICATION", record, { message });
  return true;
}
