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

function readJson(
  text: string,
  line: number,
  offset: number,
): LogRecord | undefined {
  const entry = parse(text);
  if (!entry) return undefined;
  // What is not a number, as text or not, gives NaN.
  const time = parseFloat(String(entry.created));
  if (!Number.isFinite(time)) return undefined;
  const message = String(entry.formatted ?? entry.msg ?? "");
  const end = message.indexOf("\n");
  return {
    time,
    isLocal: false,
    thread: `${entry.processName}-${entry.process} ${entry.threadName}`,
    level: String(entry.levelname),
    message: end < 0 ? message : message.slice(0, end),
    line,
    offset,
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
