import { parseRecord, textOf } from "../formats/json/records.ts";
import type { LineBeginning, LogRecord } from "./prefix.ts";
import { statementShapes } from "./shapes.ts";

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
  const members = parseRecord(text);
  if (!members || Array.isArray(members)) return undefined;
  const { created } = members;
  // A value that is not a number, as text or otherwise, gives NaN.
  const time = typeof created === "number"
    ? created
    : parseFloat(textOf(created) ?? "");
  if (!Number.isFinite(time)) return undefined;
  const message = (textOf(members.formatted ?? members.msg) ?? "").trimStart();
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
  const logger = textOf(members.name) ?? "";
  return {
    time,
    isLocal: false,
    thread: `${textOf(members.processName)}-${textOf(members.process)} ${
      textOf(members.threadName)
    }`,
    logger,
    level: textOf(members.levelname) ?? "",
    message,
    shape: statementShapes(`${logger}:${textOf(members.lineno)}`).of(message),
    line,
    offset,
    members,
    json: text,
  };
}
