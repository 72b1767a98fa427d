import { membersOf, objectsOf } from "./transaction_lines.ts";

type Resources = Record<string, unknown> | undefined;

/** The state of a task in a line of a transaction log. */
export interface TaskState {
  state: string;
  /** The other values of the line, for the event. */
  details: {
    category?: string | undefined;
    address?: string | undefined;
    worker?: string | undefined;
    [name: string]: unknown;
  };
  /** Attributes that the task keeps. */
  lasting: Record<string, unknown>;
}

/**
 * Reads the rest of a line after "TASK 41 ".
 *
 * @param worker how a line names the worker of the task
 */
export function readTaskState(
  text: string,
  worker: "address" | "worker",
): TaskState | undefined {
  const [, state, rest = ""] = /^([A-Z_]+)(?: +(.*))?$/.exec(text.trim()) ?? [];
  if (state === undefined) return undefined;
  const [first, second] = objectsOf(rest) ?? [];
  const words = rest.replace(/\{.*$/, "").trim();
  switch (state) {
    case "WAITING":
    case "READY": {
      // Anchored at the first space: linear for any number of them.
      const end = /(?<! ) +((?:FIRST|MAX)_RESOURCES)(?: +(\d+))?$/.exec(words);
      const category = words.slice(0, end?.index) || undefined;
      const [, allocation, attempt_number] = end ?? [];
      const resources = membersOf(first);
      return {
        state,
        details: { category, allocation, attempt_number, resources },
        lasting: { category, attempt_number, resources_requested: resources },
      };
    }
    case "RUNNING":
    case "WAITING_RETRIEVAL": {
      const [, at, allocation] =
        /^(\S+)(?: +((?:FIRST|MAX)_RESOURCES))?$/.exec(words) ?? [];
      const resources = membersOf(first);
      return {
        state,
        details: { [worker]: at, allocation, resources },
        lasting: { [worker]: at, resources_allocated: resources },
      };
    }
    case "RETRIEVED":
    case "DONE": {
      const [, result, exit_code] = /^(\S+)(?: +(-?\d+))?$/.exec(words) ?? [];
      const details: Record<string, Resources | string> = {
        result,
        exit_code,
        limits_exceeded: membersOf(first),
        resources_measured: membersOf(second),
      };
      return { state, details, lasting: details };
    }
  }
  return { state, details: {}, lasting: {} };
}
