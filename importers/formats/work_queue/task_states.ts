import { objectsOf, saidBy } from "./transaction_lines.ts";

type Resources = Record<string, unknown> | undefined;

/** What a line of a transaction log tells of a task. */
export interface TaskState {
  state: string;
  /** What is said beside, for the event. */
  said: {
    category?: string | undefined;
    address?: string | undefined;
    worker?: string | undefined;
    [name: string]: unknown;
  };
  /** What of it is said of the task. */
  stays: Record<string, unknown>;
}

/**
 * Reads what follows "TASK 41 ": the state, and what each state says beside.
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
      // From the first of the spaces: else it would look from each of them.
      const end = /(?<! ) +((?:FIRST|MAX)_RESOURCES)(?: +(\d+))?$/.exec(words);
      const category = words.slice(0, end?.index) || undefined;
      const [, allocation, attempt_number] = end ?? [];
      const resources = saidBy(first);
      return {
        state,
        said: { category, allocation, attempt_number, resources },
        stays: { category, attempt_number, resources_requested: resources },
      };
    }
    case "RUNNING":
    case "WAITING_RETRIEVAL": {
      const [, at, allocation] =
        /^(\S+)(?: +((?:FIRST|MAX)_RESOURCES))?$/.exec(words) ?? [];
      const resources = saidBy(first);
      return {
        state,
        said: { [worker]: at, allocation, resources },
        stays: { [worker]: at, resources_allocated: resources },
      };
    }
    case "RETRIEVED":
    case "DONE": {
      const [, result, exit_code] = /^(\S+)(?: +(-?\d+))?$/.exec(words) ?? [];
      const said: Record<string, Resources | string> = {
        result,
        exit_code,
        limits_exceeded: saidBy(first),
        resources_measured: saidBy(second),
      };
      return { state, said, stays: said };
    }
  }
  return { state, said: {}, stays: {} };
}
