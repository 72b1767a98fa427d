import {
  isTooDeep,
  type Members,
  parseRecord,
  textOf,
} from "../json/records.ts";

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
  if (fields.length === 0) return undefined;
  const isOwn = ([name]: Field) => name.startsWith("@");
  // The console exports logged JSON as JSON, not as text.
  const { "@message": message, ...own } = Object.fromEntries(
    fields.filter(isOwn).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? textOf(value) : value,
    ]),
  );
  // Fields that a query selected from inside the logged JSON.
  const others = Object.fromEntries(fields.filter((field) => !isOwn(field)));
  if (message === undefined) {
    return combined(own, {}, unwrapped(others, JSON.stringify(others)));
  }
  const text = String(message);
  const wrapper = objectIn(text);
  return combined(
    own,
    others,
    wrapper ? unwrapped(wrapper, text) : asText(text),
  ) ?? combined(own, others, { ...asText(text), isBroken: true });
}

/** Undefined if it is too deep for SQLite. */
function combined(
  own: Members,
  others: Members,
  { members, json, isBroken, wrapper = {} }: Inner,
): Entry | undefined {
  const shadowed = Object.entries(members).filter(([name]) =>
    name === "@message" || Object.hasOwn(own, name)
  );
  const around = { ...wrapper, ...Object.fromEntries(shadowed) };
  const more = Object.entries(others).filter(([name]) =>
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

/** The record that the program wrote. */
interface Inner extends Entry {
  /** Members that the container's logging added. */
  wrapper?: Members;
}

function unwrapped(members: Record<string, unknown>, json: string): Inner {
  const { log, ...wrapper } = members;
  const isWrapper = typeof log === "string" ||
    typeof log === "object" && log !== null;
  if (!isWrapper) return { members, json, isBroken: false };
  const text = textOf(log)!;
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
  const isBroken = /^\s*\{\s*"/.test(text);
  return { members, json: JSON.stringify(members), isBroken };
}

/** Two objects as one; the first one verbatim, which preserves large numbers. */
function spliced(first: string, second: string): string {
  const start = first.trim().slice(0, -1);
  const isEmpty = /^\{\s*$/.test(start);
  const comma = isEmpty || second === "{}" ? "" : ",";
  return start + comma + second.slice(1);
}

type Field = readonly [name: string, value: unknown];

/**
 * The fields of a record, by the names that queries use; CloudWatch's own begin
 * with @. A row of get-query-results is
 * [{"field": "@timestamp", "value": "2022-..."}, ...]. The console uses the
 * names of queries, events those of the API:
 * {"logStreamName": "...", "timestamp": 1659518800123, "message": "..."}.
 */
function fieldsOf(value: unknown): Field[] {
  const members = Object.entries(isObject(value) ? value : {});
  const isNamed = members.some(([name]) => name.startsWith("@"));
  const isEvent = isObject(value) &&
    ("message" in value || "timestamp" in value);
  const fields: readonly Field[] = Array.isArray(value)
    ? value.flatMap((pair) => {
      const { field, value = null } = isObject(pair) ? pair : {};
      return typeof field === "string" ? [[field, value] as const] : [];
    })
    : isNamed
    ? members
    : isEvent
    ? members.map(([name, value]) => [
      name === "logStreamName" ? "@logStream" : `@${name}`,
      value,
    ])
    : [];
  return fields.filter(([name]) => !identifiers.includes(name));
}

// Only CloudWatch can follow them, and they are longer than many records.
const identifiers = ["@ptr", "@eventId"];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
