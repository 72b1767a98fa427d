import type { LineBeginning, LogRecord } from "./prefix.ts";

/**
 * JSON logs of Parsl: one record a line, in two dialects. Current Parsl writes
 * `created` as a number, the observability prototype writes every value as
 * text. `formatted` is the finished message in both, with a traceback behind a
 * newline if there was one.
 */
export const jsonBeginning: LineBeginning = {
  read: readJson,
  isDamaged: (text) => text.trim() !== "",
};

/** A record of a JSON log, and when it was made. */
export interface JsonRecord {
  time: number;
  message: string;
  members: Record<string, unknown>;
}

/** Reads a line, if it is a record that has a time. */
export function jsonRecord(text: string): JsonRecord | undefined {
  const members = parse(text);
  if (!members) return undefined;
  // What is not a number, as text or not, gives NaN.
  const time = parseFloat(String(members.created));
  if (!Number.isFinite(time)) return undefined;
  const message = String(members.formatted ?? members.msg ?? "").trimStart();
  const end = message.indexOf("\n");
  return {
    time,
    message: end < 0 ? message : message.slice(0, end),
    members,
  };
}

function readJson(
  text: string,
  line: number,
  offset: number,
): LogRecord | undefined {
  const record = jsonRecord(text);
  if (!record) return undefined;
  const { time, message, members } = record;
  return {
    time,
    isLocal: false,
    thread: `${members.processName}-${members.process} ${members.threadName}`,
    level: String(members.levelname),
    message,
    line,
    offset,
    members,
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
