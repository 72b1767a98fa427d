import { continuedBy } from "../../lines/continuation.ts";
import type { LineBeginning } from "../../lines/prefix.ts";
import { statementShapes } from "../../lines/shapes.ts";
import { originOf, parseRecord, textOf } from "../json/records.ts";
import { fieldsOf, numbersOfRecord } from "./record_members.ts";

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
    const origin = originOf(members);
    const statement = `${origin?.logger ?? ""}:${textOf(members.lineno)}`;
    return {
      time,
      thread: `${origin?.process} ${origin?.thread}`,
      origin,
      message,
      shape: statementShapes(statement).of(message),
      members,
      fields: fieldsOf(members),
      numbers: numbersOfRecord(members),
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
