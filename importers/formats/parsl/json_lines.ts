import { continuedBy } from "../../lines/continuation.ts";
import type { LineBeginning } from "../../lines/prefix.ts";
import { fieldsOf } from "../../lines/record_fields.ts";
import { statementShapes } from "../../lines/shapes.ts";
import { parseRecord, textOf } from "../json/records.ts";

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
    const { created, formatted, msg, exc_text } = members;
    // A value that is not a number, as text or otherwise, gives NaN.
    const time = parseFloat(textOf(created) ?? "");
    if (!Number.isFinite(time)) return undefined;
    const [message = "", ...lines] = linesOf(
      textOf(formatted ?? msg),
      exc_text,
    );
    const [logger = "", lineno, level, process, number, name, thread] = names
      .map((name) => textOf(members[name]));
    return {
      time,
      thread: `${process}-${number} ${name}`,
      origin: {
        process: number && joinedBy("-", process, number),
        thread: name && joinedBy("-", name, thread),
        logger: logger || undefined,
        level,
      },
      message,
      shape: statementShapes(`${logger}:${lineno}`).of(message),
      members,
      fields: fieldsOf(members),
      json,
      continued: lines.length ? continuedBy(lines) : undefined,
    };
  },
  isDamaged: (text) => text.trim() !== "",
  isWhole: (text) => parseRecord(text) !== undefined,
};

function linesOf(text = "", traceback: unknown): string[] {
  const lines = text.trimStart().split("\n");
  if (typeof traceback !== "string" || traceback === "None") return lines;
  return text.includes(traceback)
    ? lines
    : [...lines, ...traceback.split("\n")];
}

const joinedBy = (by: string, ...texts: (string | undefined)[]): string =>
  texts.filter((text) => text !== undefined).join(by);

const names = ["name", "lineno", "levelname", "processName"]
  .concat("process", "threadName", "thread");
