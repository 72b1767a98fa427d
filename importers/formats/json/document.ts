import { joined } from "../../container/chunks.ts";
import type { BinaryFormat } from "../format.ts";
import type { RecordsLogOptions } from "./options.ts";
import { parseRecord, timeOfRecord } from "./records.ts";
import { documentRecords } from "./records_log.ts";

/**
 * A JSON document that is an array of records, as `json.dump(list)` writes it,
 * on one line or many. A record's line is its number, from 1.
 */
export const recordsDocument = (
  { variant = "", time, message, spans }: RecordsLogOptions = {},
): BinaryFormat => ({
  importer: "json",
  variant,
  records: "all",
  sniff: (start) => isArrayOfRecords(decoder.decode(start.subarray(0, 4096))),
  read(chunks, context) {
    const readRecord = documentRecords(context, { message, spans });
    const malformed: number[] = [];
    let isLocal = false;
    let line = 0;
    const elements = elementsIn(chunks);
    for (;;) {
      const { value: json, done } = elements.next();
      if (done) return { records: line, malformed, damage: json, isLocal };
      const members = json === undefined ? undefined : parseRecord(json);
      const when = members && !Array.isArray(members)
        ? timeOfRecord(members, time)
        : undefined;
      line++;
      if (!members || Array.isArray(members) || !when && time !== undefined) {
        malformed.push(line);
        continue;
      }
      if (when?.isLocal) isLocal = true;
      readRecord({ members, json: json! }, line, when);
    }
  },
});

/** Whether text begins an array of objects. */
export const isArrayOfRecords = (start: string): boolean =>
  /^(?:\ufeff|ï»¿)?\s*\[\s*\{/.test(start);

const decoder = new TextDecoder();

/** A record that is longer is broken: a quote is missing. */
const maxRecord = 1 << 23;

const [quote, backslash, comma] = [34, 92, 44];
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125];

/**
 * The elements of JSON arrays, as a stream; undefined for one that is too long.
 * Returns where the text is damaged, if it is.
 */
function* elementsIn(
  chunks: Iterable<Uint8Array>,
): Generator<string | undefined, string | undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let depth = 0;
  let isInElement = false;
  let isInString = false;
  let isEscaped = false;
  let offset = 0;
  let damage: string | undefined;
  const add = (part: Uint8Array) => {
    length += part.length;
    if (length > maxRecord) parts = [];
    else parts.push(part);
  };
  const take = (): string | undefined => {
    const isWhole = length <= maxRecord;
    const text = isWhole ? decoder.decode(joined(parts)) : undefined;
    parts = [];
    length = 0;
    isInElement = false;
    return text;
  };
  for (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInString = false;
        continue;
      }
      if (byte <= 32) continue;
      if (depth === 0) {
        if (byte === openArray) depth = 1;
        // A byte order mark is no damage.
        else if (byte < 128) damage ??= `damaged near byte ${offset + at}`;
        continue;
      }
      const isOuter = depth === 1;
      if (isOuter && (byte === comma || byte === closeArray)) {
        if (isInElement) {
          add(chunk.subarray(start, at));
          yield take();
        }
        if (byte === closeArray) depth = 0;
        continue;
      }
      if (!isInElement) {
        isInElement = true;
        start = at;
      }
      if (byte === quote) isInString = true;
      else if (byte === openArray || byte === openObject) depth++;
      else if (byte === closeArray || byte === closeObject) depth--;
    }
    if (isInElement) add(chunk.subarray(start));
    offset += chunk.length;
  }
  if (isInElement) yield take();
  return damage ?? (depth > 0 ? `cut short at byte ${offset}` : undefined);
}
