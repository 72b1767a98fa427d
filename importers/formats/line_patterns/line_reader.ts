import { spanKey } from "../../../sql/mod.ts";
import type { RecordReader } from "../format.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { LineRef, SpanWriter } from "../../store/span_writer.ts";
import {
  defined,
  type Groups,
  type PlainLine,
  type PlainPatterns,
} from "./plain_patterns.ts";

/** A line, with the other groups of the time pattern. */
export interface LineRecord extends LogRecord {
  beside: Record<string, string>;
}

interface Expected extends PlainLine {
  /** Groups that identify the span, in the order of its key. */
  identity: readonly string[];
}

/**
 * Reads messages by the patterns that they match. `path` has the groups of the
 * path, `common` the values that identify every span besides.
 */
export function lineReader(
  { lines, identities }: PlainPatterns,
  writer: SpanWriter,
  path: Record<string, string>,
  common: readonly string[],
  unixTime: (text: string) => number | undefined,
): RecordReader {
  const expected: Expected[] = lines.map((line) => ({
    ...line,
    identity: identities.get(line.span)!,
  }));
  const ids = new Map<string, number>();
  const idOf = ({ span, identity }: Expected, groups: Groups) => {
    const values = identity.map((name) => groups[name] || path[name]);
    if (values.some((value, i) => !value && identity[i]! in groups)) {
      return undefined;
    }
    const place = [span, ...values].join("\0");
    let id = ids.get(place);
    if (id === undefined) {
      const key = spanKey([...common, ...values.map((value) => value ?? "")]);
      const own = Object.fromEntries(
        identity.map((name, i) => [name, values[i]]),
      );
      ids.set(place, id = writer.span(span, key, { ...path, ...defined(own) }));
    }
    return id;
  };
  return {
    read(record) {
      const { beside, message, line, offset } = record as LineRecord;
      const named = new Set<number>();
      const others = new Map<number, Unnamed>();
      for (const pattern of expected) {
        for (const found of matchesOf(pattern.match, message)) {
          const groups: Groups = found.groups ?? {};
          const time = groups.time === undefined
            ? record.time
            : unixTime(groups.time);
          const id = idOf(pattern, groups);
          if (time === undefined || id === undefined) continue;
          const said = picked(groups, pattern.says);
          if (said) writer.add(id, said);
          const at = { time, line, offset };
          const event = pattern.event ?? groups.event;
          if (event) {
            named.add(id);
            writer.event(id, event, at, allOf(beside, said));
          } else {
            const other: Unnamed = others.get(id) ??
              { at, said: {}, places: [] };
            others.set(id, other);
            Object.assign(other.said, said);
            other.places.push(...placesOf(found));
          }
        }
      }
      for (const [id, { at, said, places }] of others) {
        if (named.has(id)) continue;
        const text = without(message, places);
        writer.message(id, text, at, allOf(beside, said));
      }
      return named.size + others.size > 0 ? "matched" : "unmatched";
    },
  };
}

interface Unnamed {
  at: LineRef;
  said: Record<string, string>;
  /** Places of the groups in the message. */
  places: Place[];
}

type Place = readonly [start: number, end: number];

function matchesOf(match: RegExp, text: string): Iterable<RegExpExecArray> {
  if (match.global) return text.matchAll(match);
  const found = match.exec(text);
  return found ? [found] : [];
}

const placesOf = ({ indices }: RegExpExecArray): Place[] =>
  Object.values(indices?.groups ?? {}).filter((place) => place !== undefined);

// A group is masked in the template, even if it matched a word.
function without(message: string, places: readonly Place[]): string {
  let text = "";
  let after = 0;
  for (const [start, end] of places.toSorted(([a], [b]) => a - b)) {
    if (start < after || start === end) continue;
    text += `${message.slice(after, start)}%s`;
    after = end;
  }
  return text + message.slice(after);
}

function picked(groups: Groups, names: readonly string[]) {
  if (names.length === 0) return undefined;
  const said = Object.fromEntries(names.map((name) => [name, groups[name]]));
  return defined(said);
}

function allOf(one: Groups, other: Groups | undefined): object | undefined {
  for (const _ in one) return { ...one, ...other };
  for (const _ in other) return other;
  return undefined;
}
