import { headOf, tailOf, visible, widthOf } from "./visible.ts";

/**
 * Text on one line, no wider than that; "…" stands for what was left out. Of
 * JSON it is members; of a sentence and of a hash the end, of a path and of a
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

/**
 * Whole members of an object or an array, as many as there is room for; of an
 * object those first that are short, as its longest are often paths.
 */
function shortJson(text: string, width: number): string | undefined {
  const value = parsed(text);
  return value && (short(value, width, false) ?? short(value, width, true));
}

function short(
  value: object,
  width: number,
  cutting: boolean,
): string | undefined {
  const isArray = Array.isArray(value);
  const [open, close] = isArray ? "[]" : "{}";
  let kept = "";
  let isAll = true;
  const members = Object.entries(value);
  for (const [i, [name, member]] of members.entries()) {
    const label = isArray ? "" : `${visible(JSON.stringify(name))}:`;
    const before = (kept && `${kept},`) + label;
    // Room for what says that there is more, if there is.
    const isEnd = isAll && i === members.length - 1;
    const left = width - widthOf(before) - (isEnd ? 2 : 4);
    const room = isArray || cutting || isEnd ? left : Math.min(left, width / 2);
    const text = memberText(member, room, cutting && !kept);
    if (text !== undefined) kept = before + text;
    else {
      isAll = false;
      if (isArray) break;
    }
  }
  if (isAll) return open + kept + close;
  return kept ? `${open}${kept},…${close}` : undefined;
}

function memberText(
  value: unknown,
  room: number,
  cutting: boolean,
): string | undefined {
  const text = visible(JSON.stringify(value));
  if (widthOf(text) <= room) return text;
  if (!cutting || room < 5) return undefined;
  if (typeof value === "string") return `"${cut(visible(value), room - 2)}"`;
  if (typeof value !== "object" || value === null) return undefined;
  return short(value, room, true);
}

function parsed(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text) || text.length > most) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
