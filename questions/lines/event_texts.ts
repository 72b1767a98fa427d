import type { EntityEvent } from "../../display/text/story_event.ts";
import { attributesIn } from "../../display/text/repeated_accounts.js";
import { eventText, hasLine, latestOfLines } from "../../display/text/story.js";
import { linesOfSources, type Place } from "./read_lines.ts";

/** An event with the place of its line. */
export type WrittenEvent = EntityEvent & Omit<Place, "at">;

/**
 * What events say, in their own words: the text of a line without its prefix.
 * That of an event without a name is in the database; the line of one with a
 * name is read from its log. If the log is gone, or there is none, its name and
 * attributes make a phrase.
 */
export function textsOf(events: readonly WrittenEvent[]): string[] {
  const canRead = readable();
  const inLogs = events.filter((event) =>
    event.offset !== null && hasLine(event, event.event_type) &&
    canRead(event.path)
  );
  const wanted = inLogs.length > maxRead ? [] : latestOfLines(inLogs);
  const found = linesOfSources(
    wanted.map((event) => ({ ...event, at: event.offset })),
    0,
  );
  const read = new Set(wanted);
  return events.map((event) => {
    const lines = read.has(event) ? found.get(event.source_id) : undefined;
    const line = typeof lines === "object"
      ? lines.get(event.offset!)?.[0]?.text
      : undefined;
    return eventText(event, line && messageIn(line, event));
  });
}

/** The lines of more events are not read: a story of this length is a list. */
const maxRead = 50_000;

/** Whether a file may be read, without a question to the user. */
export function readable(): (path: string | null) => boolean {
  const known = new Map<string | null, boolean>();
  return (path) =>
    known.getOrInsertComputed(path, () =>
      path !== null &&
      Deno.permissions.querySync({ name: "read", path }).state === "granted");
}

/**
 * The message in a line, without time, process and level; undefined if it is a
 * record without one.
 */
export function messageIn(
  line: string,
  { level, process }: Pick<WrittenEvent, "level" | "process">,
): string | undefined {
  if (line.startsWith("{")) return messageOfRecord(line);
  const rest = level === null ? undefined : afterLevel(line, level);
  if (rest !== undefined) return rest;
  const text = line.replace(leadingTimes, "");
  return process !== null && text.startsWith(`${process} `)
    ? text.slice(process.length + 1)
    : text;
}

function messageOfRecord(line: string): string | undefined {
  const record = attributesIn(line);
  const texts = [record.formatted, record.message, record.msg];
  return texts.find((text) => typeof text === "string") as string | undefined;
}

/** "…submit INFO: Task 5", "…run [INFO]  Task 5". */
function afterLevel(line: string, level: string): string | undefined {
  const head = line.slice(0, maxPrefix);
  for (let at = head.indexOf(level); at >= 0;) {
    const [end] = /^[\]:]+ +/.exec(line.slice(at + level.length)) ?? [];
    if (end !== undefined) return line.slice(at + level.length + end.length);
    at = head.indexOf(level, at + 1);
  }
  return undefined;
}

const maxPrefix = 1000;

const leadingTimes =
  /^(?:\d{10,19}(?:\.\d+)? |\d{4}[-/]\d\d[-/]\d\d[ T][\d:.,]+ ){1,2}/;
