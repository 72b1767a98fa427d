import { isNoFinite, numberOf } from "./number_text.ts";
import type { LogRecord } from "./prefix.ts";

/** Numbers that a record of a JSON log names itself. */
export interface RecordNumbers {
  /** The family of the numbers: what the record has as its `metric`. */
  metric: string;
  numbers: [name: string, value: number][];
  /** Whether there are some that cannot be stored. */
  isBroken: boolean;
}

/**
 * The numbers of a record of a JSON log that has a `metric`, as the prototype
 * writes them: {"metric": "managers_count", "interesting": "0", "ready": "1"}.
 * A number may be text.
 */
export function numbersOfRecord(
  { members }: LogRecord,
): RecordNumbers | undefined {
  if (typeof members?.metric !== "string") return undefined;
  const numbers: [string, number][] = [];
  let isBroken = false;
  for (const [name, value] of Object.entries(members)) {
    if (ofEveryRecord.has(name) || /(?:^|_)id$/.test(name)) continue;
    if (typeof value !== "string" && typeof value !== "number") continue;
    const text = String(value);
    const number = numberOf(text);
    if (number !== undefined) numbers.push([name, number]);
    else if (isNoFinite(text)) isBroken = true;
  }
  if (!isBroken && numbers.length === 0) return undefined;
  return { metric: members.metric, numbers, isBroken };
}

// What Python's logging, and Parsl's two formatters, say of any record.
const ofEveryRecord = new Set([
  ...["name", "msg", "args", "levelname", "levelno", "pathname", "filename"],
  ...["module", "exc_info", "exc_text", "stack_info", "lineno", "funcName"],
  ...["funcname", "created", "msecs", "relativeCreated", "thread"],
  ...["threadName", "processName", "process", "taskName", "message"],
  ...["asctime", "repr", "formatted", "known_keys", "metric"],
]);
