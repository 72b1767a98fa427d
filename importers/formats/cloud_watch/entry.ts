import type { Members } from "../json/members.ts";
import { isTooDeep, parseRecord } from "../json/parse.ts";
import { type Fields, fieldsOf } from "./fields.ts";

/** A record of an export as it is kept. */
export interface Entry {
  members: Record<string, unknown>;
  /** The same, as JSON. */
  json: string;
  /**
   * Whether there is JSON in it that is broken, or too deep for SQLite: that is
   * kept as text.
   */
  isBroken: boolean;
}

/**
 * Takes a record of an export apart: on top what the program itself wrote, as
 * it wrote it, beside it CloudWatch's own fields, and under "@message" what the
 * container's logging put around it. Undefined if it is none.
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
  /** What lay around it. */
  wrapper?: Members;
}

/** What the program wrote, in the text that CloudWatch has. */
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

// The newline is of the stream that it was written to.
function asText(text: string): Inner {
  const members = { message: text.replace(/\r?\n$/, "") };
  return {
    members,
    json: JSON.stringify(members),
    isBroken: /^\s*\{\s*"/.test(text),
  };
}

/** Two objects as one, with the first as it was written: large numbers too. */
function spliced(first: string, second: string): string {
  const start = first.trim().slice(0, -1);
  const isEmpty = /^\{\s*$/.test(start);
  const comma = isEmpty || second === "{}" ? "" : ",";
  return start + comma + second.slice(1);
}
