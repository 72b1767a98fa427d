import { continuedBy } from "../../lines/continuation.ts";
import type { LineBeginning, Origin } from "../../lines/prefix.ts";
import { statementShapes } from "../../lines/shapes.ts";
import {
  type Members,
  originMembers,
  originOf,
  parseRecord,
  textOf,
} from "../json/records.ts";
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
    const time = typeof created === "number"
      ? created
      : parseFloat(textOf(created) ?? "");
    if (!Number.isFinite(time)) return undefined;
    const [message = "", ...lines] = linesOf(
      textOf(formatted ?? msg),
      exc_text,
    );
    const { thread, origin, shapes } = prefixOf(members);
    return {
      time,
      thread,
      origin,
      message,
      shape: shapes.of(message),
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

/** The part that all records of one log statement in one thread share. */
interface Prefix {
  values: readonly unknown[];
  thread: string;
  origin: Origin | undefined;
  shapes: ReturnType<typeof statementShapes>;
}

/** By the line number of the log statement; bounded, for broken logs. */
const known = new Map<unknown, Prefix[]>();
const maxLines = 512;
const maxPrefixes = 16;
const maxLength = 1000;

/** The prefix of a record: deriving it takes as long as parsing the record. */
function prefixOf(members: Members): Prefix {
  const { lineno } = members;
  const prefixes = known.get(lineno) ?? [];
  for (const prefix of prefixes) {
    if (hasValues(members, prefix.values)) return prefix;
  }
  const values = originMembers.map((name) => members[name]);
  const origin = originOf(members);
  const thread = `${origin?.process} ${origin?.thread}`;
  const shapes = statementShapes(`${origin?.logger ?? ""}:${textOf(lineno)}`);
  const prefix = { values, thread, origin, shapes };
  if (JSON.stringify([lineno, values]).length > maxLength) return prefix;
  if (known.size === maxLines) known.clear();
  if (prefixes.length === maxPrefixes) prefixes.length = 0;
  prefixes.push(prefix);
  known.set(lineno, prefixes);
  return prefix;
}

function hasValues(members: Members, values: readonly unknown[]): boolean {
  for (let i = 0; i < originMembers.length; i++) {
    if (members[originMembers[i]!] !== values[i]) return false;
  }
  return true;
}

function linesOf(text = "", traceback: unknown): string[] {
  const lines = text.trimStart().split("\n");
  if (typeof traceback !== "string" || traceback === "None") return lines;
  return text.includes(traceback)
    ? lines
    : [...lines, ...traceback.split("\n")];
}
