import { visible } from "./untrusted.ts";
import { headOf, tailOf, widthOf } from "./width.ts";

/**
 * Text on one line, no wider than that; "…" stands for what was left out. Of
 * JSON it is parts of values, then members; of a sentence and of a hash the end, of a path and of a
 * type the start, and else the middle.
 */
export function shorten(text: string, width: number): string {
  const line = visible(bounded(text));
  if (widthOf(line) <= width) return line;
  return shortJson(text, width) ?? cut(line, width);
}

/** So much of a text is looked at. */
const most = 4000;

const bounded = (text: string) =>
  text.length > most
    ? `${text.slice(0, most / 2)}…${text.slice(-most / 2)}`
    : text;

function cut(line: string, width: number): string {
  // A line of a log begins with a time, and its end says what happened.
  if (/^\d{4,}\b.*\s/.test(line)) return cutMiddle(line, width);
  if (/\s/.test(line) || /^[\da-f-]{16,}$/i.test(line)) {
    return cutEnd(line, width);
  }
  return /[./]/.test(line) ? cutStart(line, width) : cutMiddle(line, width);
}

const cutEnd = (line: string, width: number) =>
  headOf(line, width - 1).trimEnd() + "…";

/** The end of a path or of a type tells what it is, and the run is in front. */
function cutStart(line: string, width: number): string {
  const [first] = /^[^./]+\//.exec(line) ?? [""];
  const start = widthOf(first) <= width / 4 ? first : "";
  const end = tailOf(line, width - 1 - widthOf(start));
  const part = end.search(/[./]/);
  // Whole parts, if not too much goes with the broken one.
  const whole = part >= 0 && part <= width / 3;
  return `${start}…${(whole ? end.slice(part) : end).replace(/^\./, "")}`;
}

function cutMiddle(line: string, width: number): string {
  const start = headOf(line, Math.floor((width - 1) / 3));
  return start + "…" + tailOf(line, width - 1 - widthOf(start));
}

/** An object or an array with its values cut, or else without some of them. */
function shortJson(text: string, width: number): string | undefined {
  const value = parsed(text);
  return value && short(value, width);
}

/** Values in values are not looked into: of a deep one that takes forever. */
const deepest = 1;

function short(value: object, width: number, depth = 0): string | undefined {
  const isArray = Array.isArray(value);
  const [open, close] = isArray ? "[]" : "{}";
  const members = Object.entries(value).map(([name, member]): Member => ({
    label: isArray ? "" : `${visible(JSON.stringify(name))}:`,
    text: visible(JSON.stringify(member)),
    value: member,
    depth,
  }));
  const [first] = members;
  if (!first) return `${open}${close}`;
  const all = allMembers(members, width - 2);
  if (all) return `${open}${all}${close}`;
  const some = someMembers(members, width - 4, isArray) ??
    cutMember(first, width - 4 - widthOf(first.label));
  return some && `${open}${some},…${close}`;
}

interface Member {
  /** Its name in an object. */
  label: string;
  /** The value as JSON. */
  text: string;
  value: unknown;
  depth: number;
}

/** What a value is not cut below, for the sake of others. */
const leastMember = 10;

/** All of them, the longest values cut. */
function allMembers(
  members: readonly Member[],
  width: number,
): string | undefined {
  if (members.length * leastMember > 2 * width) return undefined;
  let found: string | undefined;
  let [low, high] = [leastMember, width];
  while (low <= high) {
    const most = (low + high) >> 1;
    const texts = members.map((member) => cutMember(member, most));
    const all = texts.includes(undefined) ? undefined : texts.join();
    // Less room for each does not fit a value that more did not.
    if (all === undefined || widthOf(all) <= width) low = most + 1;
    else high = most - 1;
    if (all !== undefined && widthOf(all) <= width) found = all;
  }
  return found;
}

/** Of an array the first, of an object the short ones: its longest are paths. */
function someMembers(
  members: readonly Member[],
  width: number,
  isArray: boolean,
): string | undefined {
  const kept: string[] = [];
  let room = width;
  for (const { label, text } of members) {
    const needed = widthOf(label + text) + Math.min(1, kept.length);
    const isShort = isArray || widthOf(text) <= width / 2;
    if (isShort && needed <= room) {
      kept.push(label + text);
      room -= needed;
    } else if (isArray) break;
  }
  return kept.length ? kept.join() : undefined;
}

function cutMember(
  { label, text, value, depth }: Member,
  room: number,
): string | undefined {
  if (widthOf(text) <= room) return label + text;
  if (room < 5) return undefined;
  if (typeof value === "string") {
    return `${label}"${cut(visible(value), room - 2)}"`;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const nested = depth < deepest
    ? short(value, room, depth + 1)
    : Array.isArray(value)
    ? "[…]"
    : "{…}";
  return nested && label + nested;
}

function parsed(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text) || text.length > most) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
