import { phraseOf } from "../../display/text/plain.js";
import { attributesIn, type EventAttributes } from "./continued.ts";
import { linesOfSources, type Place } from "./read_lines.ts";

/** An event with everything that tells what it says. */
export interface WrittenEvent extends Omit<Place, "at"> {
  time: number | null;
  event_id: number;
  event_type: string;
  named: number;
  /** JSON. */
  attributes: string | null;
  span_type: string;
  /** JSON. */
  span_attributes: string;
  /** JSON array of the names that identify the span, or null. */
  identity: string | null;
  offset: number | null;
  process: string | null;
  level: string | null;
}

/**
 * What events say, in their own words: the text of a line without its prefix.
 * That of an event without a name is in the database; the line of one with a
 * name is read from its log. If the log is gone, or there is none, its name and
 * attributes make a phrase.
 */
export function textsOf(events: readonly WrittenEvent[]): string[] {
  const canRead = readable();
  const inLogs = events.filter((event) =>
    event.offset !== null && (event.named || isCut(event)) &&
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
    const attributes = attributesIn(event.attributes);
    const text = line && messageIn(line, event);
    // The event of an output has all its last lines in `more`.
    if (text && !isIn(text, attributes)) return text;
    return event.named
      ? phrase(event, attributes)
      : filled(event.event_type, attributes.values);
  });
}

/** The lines of more events are not read: a story of this length is a list. */
const maxRead = 50_000;

/** Whether a file may be read, without a question to the user. */
function readable(): (path: string | null) => boolean {
  const known = new Map<string | null, boolean>();
  return (path) =>
    known.getOrInsertComputed(path, () =>
      path !== null &&
      Deno.permissions.querySync({ name: "read", path }).state === "granted");
}

const lineOf = ({ source_id, offset }: WrittenEvent) =>
  `${source_id} ${offset}`;

/**
 * The last event of each line: one that says when several things happened is
 * written after all of them.
 */
function latestOfLines(events: readonly WrittenEvent[]): WrittenEvent[] {
  const latest = new Map<string, WrittenEvent>();
  for (const event of events) {
    const known = latest.get(lineOf(event));
    const isLater = (event.time ?? -Infinity) > (known?.time ?? -Infinity);
    if (!known || isLater) latest.set(lineOf(event), event);
  }
  return [...latest.values()];
}

/** Whether the importer has cut the message. */
const isCut = ({ event_type, attributes }: WrittenEvent): boolean =>
  event_type.endsWith("…") || (attributes?.includes("…") ?? false);

const isIn = (text: string, { more }: EventAttributes): boolean =>
  typeof more === "string" && more.split("\n").includes(text);

function filled(template: string, values: unknown): string {
  if (!Array.isArray(values)) return template;
  const texts = values.map(String);
  return template.replace(/%s/g, (mask) => texts.shift() ?? mask);
}

const phrase = (event: WrittenEvent, attributes: EventAttributes): string =>
  phraseOf(
    event.event_type,
    attributes,
    attributesIn(event.span_attributes),
    JSON.parse(event.identity ?? "[]") as string[],
  );

/**
 * The message in a line, without time, process and level; undefined if it is a
 * record without one.
 */
function messageIn(
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
