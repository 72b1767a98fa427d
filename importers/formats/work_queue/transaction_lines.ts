import { isUnreadable } from "../../lines/lines.ts";
import type { LineBeginning } from "../../lines/prefix.ts";
import { isTooDeep, type Members } from "../json/records.ts";

// Microseconds, the manager's process number, and the entity:
// 1795344289464165 11743 TASK 41 RUNNING 127.0.0.1:60920  FIRST_RESOURCES {...}
const start = /^(\d{15,17}) (\d+) (?=[A-Z]+ )/;

/** A line whose objects are not JSON is broken. */
export const transactionBeginning: LineBeginning = {
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
const isFreeText =
  /^(?:APPLICATION|TRANSFER|WORKER \S+ (?:CACHE[-_]UPDATE|TRANSFER)) /;

/** Content of a line about a task, after "TASK 41 ". */
export interface TaskLine {
  event: string;
  /** Values of this event. */
  details: Members;
  /** Attributes of the task, which keeps the last value of each. */
  attributes: Members;
  /** Other moments of the task that the line reports, in Unix seconds. */
  times: Readonly<Record<string, number>>;
  /** Whether the task takes no resources, as the calls of a library do. */
  isCall: boolean;
}

/**
 * Reads the rest of a line after "TASK 41 "; undefined if it has no state. A
 * task's worker is its id with TaskVine, and its address with Work Queue and the
 * first versions of TaskVine.
 */
export function taskLine(text: string): TaskLine | undefined {
  const [, event, rest = ""] = /^([A-Z_]+)(?: (.*))?$/s.exec(text.trim()) ??
    [];
  if (event === undefined) return undefined;
  const objects = objectsOf(rest) ?? [];
  const words = rest.split("{", 1)[0]!.trim();
  const line = { event, details: {}, attributes: {}, times: {}, isCall: false };
  switch (event) {
    case "WAITING":
    case "READY": {
      const [resources] = objects;
      // Anchored at the first space: linear for any number of them.
      const end = /(?<! ) +((?:FIRST|MAX)_RESOURCES)(?: +(\d+))?$/.exec(words);
      const category = words.slice(0, end?.index) || undefined;
      const [, allocation, attempt_number] = end ?? [];
      return {
        ...line,
        details: {
          category,
          allocation,
          attempt_number,
          resources,
          ...amountsOf(resources, "_requested"),
        },
        attributes: {
          category,
          attempt_number,
          resources_requested: resources,
          ...amountsOf(resources, "_requested"),
        },
      };
    }
    case "RUNNING":
    case "WAITING_RETRIEVAL": {
      const [, at = nobody, allocation] =
        /^(\S+)(?: +((?:FIRST|MAX)_RESOURCES))?$/.exec(words) ?? [];
      const { resources, moved, times } = usageOf(objects[0]);
      const worker = at.includes(":") ? { address: at } : { worker: at };
      const who = at === nobody ? {} : worker;
      const more = { ...amountsOf(resources), ...moved };
      return {
        ...line,
        details: { ...who, allocation, resources, ...more },
        attributes: { ...who, resources_allocated: resources, ...more },
        times,
        isCall: resources !== undefined &&
          Object.values(resources).every((value) => amountOf(value) === 0),
      };
    }
    case "RETRIEVED":
    case "DONE": {
      const [, result, exit_code] = /^(\S+)(?: +(-?\d+))?$/.exec(words) ?? [];
      const [limits_exceeded] = objects;
      const { resources: resources_measured, moved, times } = usageOf(
        objects[1],
      );
      const details = {
        result,
        exit_code,
        limits_exceeded,
        resources_measured,
        ...amountsOf(resources_measured, "_measured"),
        ...moved,
      };
      // It has no result of its own: its worker or library ended.
      const isLost = /^(?:FORSAKEN|UNKNOWN)$/.test(result ?? "");
      return {
        ...line,
        details: { ...details, lost: isLost || undefined },
        attributes: details,
        times,
      };
    }
  }
  return line;
}

/** How the logs name a worker that has not sent its id. */
export const nobody = "(null)";

/**
 * The JSON objects at the end of a text, undefined for an empty object. They
 * contain no other objects. Undefined if they do not parse.
 */
export function objectsOf(text: string): (Members | undefined)[] | undefined {
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

/**
 * Splits an object of a line into amounts of resources, transfers of the manager,
 * and moments.
 */
function usageOf(members: Members = {}) {
  const resources: Record<string, unknown> = {};
  const moved: Record<string, number> = {};
  const times: Record<string, number> = {};
  for (const [name, value] of Object.entries(members)) {
    const amount = amountOf(value);
    const [, moment] = moments.exec(name) ?? [];
    const [, flow] = flows.exec(name) ?? [];
    if (amount === undefined) resources[name] = value;
    else if (moment !== undefined) {
      // 0 if it did not happen.
      if (amount > 0) times[moment] = amount;
    } else if (flow === undefined) resources[name] = value;
    else if (/size/.test(name)) {
      moved[`${flow}_bytes`] = bytesOf(amount);
    } else moved[`${flow}_seconds`] = amount;
  }
  const hasSome = Object.keys(resources).length > 0;
  return { resources: hasSome ? resources : undefined, moved, times };
}

// "time_worker_start":[1677534298.907672,"s"]
const moments = /^time_((?:commit|worker)_(?:start|end))$/;
// "size_input_mgr":[0.04,"MB"], "wq_input_size", "vine_output_time"
const flows = /^(?:size_|time_|wq_|vine_)(input|output)_(?:mgr|size|time)$/;

/** The number of [2,"cores"]. */
const amountOf = (value: unknown): number | undefined =>
  Array.isArray(value) && typeof value[0] === "number" ? value[0] : undefined;

/**
 * Amounts of resources as plain numbers, with their units in their names:
 * `cores`, `memory_mb`, or `cores_measured`, `memory_measured_mb`.
 */
export function amountsOf(
  resources: Members = {},
  kind: "" | "_requested" | "_measured" = "",
): Record<string, number> {
  const amounts: Record<string, number> = {};
  for (const [member, unit, name, ending] of plainResources) {
    const value = resources[member];
    const amount = amountOf(value);
    if (amount === undefined || (value as unknown[])[1] !== unit) continue;
    amounts[name + kind + ending] = amount;
  }
  return amounts;
}

/** A resource and its unit in lines, and the parts of its attribute's name. */
const plainResources = [
  ["cores", "cores", "cores", ""],
  ["gpus", "gpus", "gpus", ""],
  ["memory", "MB", "memory", "_mb"],
  ["disk", "MB", "disk", "_mb"],
  ["cpu_time", "s", "cpu", "_seconds"],
] as const;

/** Reads the rest of a line after "LIBRARY 7 ". */
export function libraryLine(text: string): { event?: string; worker: string } {
  const [, event, worker = nobody] =
    /^([A-Z_]+)(?: +(\S+))?$/.exec(text.trim()) ?? [];
  return { ...event !== undefined && { event }, worker };
}

/**
 * Reads a file's name and its transfer: bytes, microseconds and when it started,
 * or, in 7.5.0 and before, megabytes and seconds. The header of later versions
 * says megabytes, too.
 */
export function transferIn(words: string) {
  const [, direction, rest = ""] = /^(?:(INPUT|OUTPUT) )?(.*)$/.exec(words)!;
  const whole = /^(.+) (\d+) (\d+) (\d+)$/.exec(rest);
  if (whole) {
    const [bytes, wall, start] = whole.slice(2).map(Number);
    return {
      direction,
      filename: whole[1],
      bytes,
      seconds: wall! / 1e6,
      started: start! / 1e6 || undefined,
    };
  }
  const [, filename, size, wall, start] =
    /^(.+) (\d+\.\d+) (-?\d{1,8}\.\d+)(?: (\d{9,}\.\d+))?$/.exec(rest) ?? [];
  if (filename === undefined) return undefined;
  return {
    direction,
    filename,
    bytes: bytesOf(Number(size)),
    // Pre-releases subtracted a time that they did not have.
    seconds: Number(wall) < 0 ? undefined : Number(wall),
    started: start && Number(start),
  };
}

/** A size in megabytes of 2^20 bytes. */
export const bytesOf = (megabytes: number): number =>
  Math.round(megabytes * 2 ** 20);
