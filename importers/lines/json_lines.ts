import { parseRecord, textOf } from "../formats/json/records.ts";
import type { LineBeginning } from "./prefix.ts";
import { statementShapes } from "./shapes.ts";

/**
 * JSON logs of Parsl: one record a line, in two dialects. Current Parsl writes
 * `created` as a number, the observability prototype writes every value as
 * text. `formatted` is the finished message in both, with a traceback behind a
 * newline if there was one.
 */
export const jsonBeginning: LineBeginning = {
  read(json) {
    const members = parseRecord(json);
    if (!members || Array.isArray(members)) return undefined;
    const { created, formatted, msg } = members;
    // A value that is not a number, as text or otherwise, gives NaN.
    const time = parseFloat(textOf(created) ?? "");
    if (!Number.isFinite(time)) return undefined;
    const [message] = (textOf(formatted ?? msg) ?? "").trimStart()
      .split("\n", 1) as [string];
    const [logger = "", lineno, level = "", process, number, thread] = names
      .map((name) => textOf(members[name]));
    return {
      time,
      thread: `${process}-${number} ${thread}`,
      logger,
      level,
      message,
      shape: statementShapes(`${logger}:${lineno}`).of(message),
      members,
      json,
    };
  },
  isDamaged: (text) => text.trim() !== "",
  isWhole: (text) => parseRecord(text) !== undefined,
};

const names = ["name", "lineno", "levelname", "processName"]
  .concat("process", "threadName");
