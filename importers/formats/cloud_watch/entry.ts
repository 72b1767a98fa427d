import { isTooDeep, type Members, parseRecord } from "../json/records.ts";

/** A record of an export, as the database keeps it. */
export interface Entry {
  members: Record<string, unknown>;
  /** The same, as JSON. */
  json: string;
  /** Whether it contains broken JSON, or JSON too deep for SQLite: kept as text. */
  isBroken: boolean;
}

/**
 * Unwraps a record: the members that the program wrote come first, verbatim,
 * then CloudWatch's own fields, and under "@message" the members that the
 * container's logging added. Undefined if it is not a record.
 */
export function entryOf(value: unknown): Entry | undefined {
  const fields = fieldsOf(value);
  if (!fields) return undefined;
  const { message, others } = fields;
  if (message === undefined) {
    return combined(fields, unwrapped(others, JSON.stringify(others)));
  }
  return combined(fields, innermost(message)) ??
    combined(fields, { ...asText(message), isBroken: true });
}

/** Undefined if it is too deep for SQLite. */
function combined(
  { message, own, others }: Fields,
  { members, json, isBroken, wrapper = {} }: Inner,
): Entry | undefined {
  const shadowed = Object.entries(members).filter(([name]) =>
    name === "@message" || Object.hasOwn(own, name)
  );
  const around = { ...wrapper, ...Object.fromEntries(shadowed) };
  const more = Object.entries(message === undefined ? {} : others)
    .filter(([name]) =>
      name !== "log" && !Object.hasOwn(members, name) &&
      !Object.hasOwn(wrapper, name)
    );
  const beside = {
    ...Object.fromEntries(more),
    ...own,
    ...Object.keys(around).length ? { "@message": around } : {},
  };
  const all = { ...members, ...beside };
  const text = shadowed.length
    ? JSON.stringify(all)
    : spliced(json, JSON.stringify(beside));
  return isTooDeep(text) ? undefined : { members: all, json: text, isBroken };
}

interface Inner extends Entry {
  /** Members that the container's logging added. */
  wrapper?: Members;
}

/** The record that the program wrote, inside the text that CloudWatch has. */
function innermost(text: string): Inner {
  const wrapper = objectIn(text);
  return wrapper ? unwrapped(wrapper, text) : asText(text);
}

function unwrapped(members: Record<string, unknown>, json: string): Inner {
  const { log, ...wrapper } = members;
  const isWrapper = typeof log === "string" ||
    typeof log === "object" && log !== null;
  if (!isWrapper) return { members, json, isBroken: false };
  const text = typeof log === "string" ? log : JSON.stringify(log);
  const record = objectIn(text);
  return record
    ? { members: record, json: text, isBroken: false, wrapper }
    : { ...asText(text), wrapper };
}

function objectIn(text: string): Record<string, unknown> | undefined {
  const value = parseRecord(text);
  return Array.isArray(value) ? undefined : value;
}

// The newline belongs to the stream, not to the message.
function asText(text: string): Inner {
  const members = { message: text.replace(/\r?\n$/, "") };
  return {
    members,
    json: JSON.stringify(members),
    isBroken: /^\s*\{\s*"/.test(text),
  };
}

/** Two objects as one; the first one verbatim, which preserves large numbers. */
function spliced(first: string, second: string): string {
  const start = first.trim().slice(0, -1);
  const isEmpty = /^\{\s*$/.test(start);
  const comma = isEmpty || second === "{}" ? "" : ",";
  return start + comma + second.slice(1);
}

/** The fields of a record. */
interface Fields {
  /** The logged text. */
  message: string | undefined;
  /** CloudWatch's other fields; their names begin with @. */
  own: Record<string, unknown>;
  /** Fields that a query selected from inside the logged JSON. */
  others: Record<string, unknown>;
}

/** Reads the fields of a record, by the names that queries use. */
function fieldsOf(value: unknown): Fields | undefined {
  const named = (Array.isArray(value) ? inPairs(value) : inMembers(value))
    .filter(([name]) => !identifiers.has(name));
  if (named.length === 0) return undefined;
  const isOwn = ([name]: Field) => name.startsWith("@");
  const { "@message": message, ...own } = Object.fromEntries(
    named.filter(isOwn).map(([name, value]) => [name, plain(value)]),
  );
  return {
    message: message === undefined ? undefined : String(message),
    own,
    others: Object.fromEntries(named.filter((field) => !isOwn(field))),
  };
}

type Field = readonly [name: string, value: unknown];

// Only CloudWatch can follow them, and they are longer than many records.
const identifiers: ReadonlySet<string> = new Set(["@ptr", "@eventId"]);

// A row of get-query-results: [{"field": "@timestamp", "value": "2022-..."}, ...].
function inPairs(pairs: readonly unknown[]): Field[] {
  return pairs.flatMap((pair) => {
    const { field, value = null } = isObject(pair) ? pair : {};
    return typeof field === "string" ? [[field, value] as const] : [];
  });
}

// The console uses the names of queries, events those of the API:
// {"logStreamName": "...", "timestamp": 1659518800123, "message": "..."}.
function inMembers(value: unknown): Field[] {
  if (!isObject(value)) return [];
  const members = Object.entries(value);
  if (members.some(([name]) => name.startsWith("@"))) return members;
  if (!("message" in value || "timestamp" in value)) return [];
  return members.map(([name, value]) => [
    renamed.get(name) ?? `@${name}`,
    value,
  ]);
}

const renamed: ReadonlyMap<string, string> = new Map([
  ["logStreamName", "@logStream"],
]);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

// The console exports logged JSON as JSON, not as text.
const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : value;
