import { visible } from "./untrusted.ts";
import { headOf, tailOf, widthOf } from "./width.ts";

/**
 * Text on one line that fits a width, with "…" for the omitted part: of JSON
 * the ends of strings, then members; of a sentence or a hash the end; of a path
 * or a span type the start; otherwise the middle.
 */
export function shorten(text: string, width: number): string {
  const line = visible(
    text.length > maxText
      ? `${text.slice(0, maxText / 2)}…${text.slice(-maxText / 2)}`
      : text,
  );
  if (widthOf(line) <= width) return line;
  return shortJson(text, width) ?? cut(line, width);
}

/** Characters to look at. */
const maxText = 4000;

function cut(line: string, width: number): string {
  // A log line begins with a time; the event is at its end.
  if (/^\d{4,}\b.*\s/.test(line)) return cutMiddle(line, width);
  if (/\s/.test(line) || /^[\da-f-]{16,}$/i.test(line)) {
    return headOf(line, width - 1).trimEnd() + "…";
  }
  return /[./]/.test(line) ? cutStart(line, width) : cutMiddle(line, width);
}

/** Keeps the end, which identifies a path or type, and a short first part. */
function cutStart(line: string, width: number): string {
  const [first] = /^[^./]+\//.exec(line) ?? [""];
  const start = widthOf(first) <= width / 4 ? first : "";
  const end = tailOf(line, width - 1 - widthOf(start));
  const part = end.search(/[./]/);
  // Starts at a whole part, if that does not cost too much.
  const isWhole = part >= 0 && part <= width / 3;
  return `${start}…${(isWhole ? end.slice(part) : end).replace(/^\./, "")}`;
}

function cutMiddle(line: string, width: number): string {
  const start = headOf(line, Math.floor((width - 1) / 3));
  return start + "…" + tailOf(line, width - 1 - widthOf(start));
}

/** Below this width of strings, JSON loses members instead. */
const minString = 8;

function shortJson(text: string, width: number): string | undefined {
  const value = parsed(text);
  if (!value) return undefined;
  // The greatest width of strings that fits.
  let best: string | undefined;
  let [low, high] = [minString, width];
  while (low <= high) {
    const max = (low + high) >> 1;
    const json = visible(
      JSON.stringify(
        value,
        (_, member) =>
          typeof member === "string" && widthOf(visible(member)) > max
            ? cut(visible(member), max)
            : member,
      ),
    );
    if (widthOf(json) <= width) [best, low] = [json, max + 1];
    else high = max - 1;
  }
  return best ?? someMembers(value, width);
}

/** The first members of an array, the short ones of an object. */
function someMembers(value: object, width: number): string | undefined {
  const isArray = Array.isArray(value);
  const kept: string[] = [];
  let room = width - 4;
  for (const [name, member] of Object.entries(value)) {
    const json = visible(JSON.stringify(member));
    const text = isArray ? json : `${visible(JSON.stringify(name))}:${json}`;
    const needed = widthOf(text) + Math.min(1, kept.length);
    if (needed <= room && (isArray || widthOf(json) <= width / 2)) {
      kept.push(text);
      room -= needed;
    } else if (isArray) break;
  }
  if (kept.length > 0) return isArray ? `[${kept},…]` : `{${kept},…}`;
  const name = `{${visible(JSON.stringify(Object.keys(value)[0] ?? ""))}:…}`;
  return isArray || widthOf(name) > width ? undefined : name;
}

function parsed(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text) || text.length > maxText) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
