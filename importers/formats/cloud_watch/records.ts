import { Buffer } from "node:buffer";

// How a record begins: as a row of get-query-results, as an event of
// filter-log-events or get-log-events, or as a row of the console. Quotes inside
// a string are escaped, so no text in a record looks like this.
const recordStart =
  /\[\s*\{\s*"(?:field|value)"\s*:|\{(?<!:\s*\{)\s*(?:"(?:@\w+|eventId|ingestionTime|logStreamName)"\s*:|"timestamp"\s*:\s*\d{13}\D)/;
const record = recordStart.source;

const members =
  "results|statistics|status|queryLanguage|encryptionKey|events|" +
  String.raw`searchedLogStreams|next\w*Token|ResponseMetadata`;
const beginning = new RegExp(
  String.raw`^(?:ï»¿)?\s*(?:\[\s*(?:${record})|\{\s*(?="(?:${members})"\s*:)` +
    String.raw`[^]*?"(?:results|events)"\s*:\s*\[\s*(?:${record}|(\])))`,
);
// Without a record, much else looks like an export.
const otherMembers = /"(?:statistics|searchedLogStreams|next\w*Token)"\s*:/;

/** Whether a file is an export of CloudWatch, by its first bytes. */
export function isExport(start: Uint8Array): boolean {
  const text = latin1(start.subarray(0, 1 << 16));
  const found = beginning.exec(text);
  return found !== null && (!found[1] || otherMembers.test(text));
}

/** One character for each byte, so that places in the text are bytes. */
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

/** A parsed record, or a damaged place. */
export type FoundRecord = { value: unknown } | Damage;

/** A place in a file where records may be lost. */
export interface Damage {
  /** Byte at which the damaged record or text begins; if cut, the file's end. */
  place: number;
  /** How many records are lost there, as far as can be seen. */
  lost: number;
  /** Whether the file ends there too early. */
  isCut: boolean;
}

/** CloudWatch limits a record to 1 MB; a packed file may hold anything. */
const maxRecord = 1 << 23;
/** The beginning of a record is never as long. */
const maxStart = 1024;
/** Follows the last byte of a file; no byte reads like this. */
const fileEnd = "\uffff";

/**
 * Reads the records of an export as a stream, and goes on at the next record
 * after damage. No library does both: stream parsers stop at damage, and tools
 * that repair JSON invent values.
 */
export function* recordsIn(
  chunks: Iterable<Uint8Array>,
): Generator<FoundRecord> {
  // Text that is still needed, its first byte, and the place in it.
  let text = "";
  let offset = 0;
  let at = 0;
  let more = "";
  // Where a record begins, open brackets, and those around the last record.
  let start = -1;
  let opened = "";
  let around = "{[";
  let last = "";
  let starts = recordStart;
  let damage: Damage | undefined;
  let reread = 0;

  for (const next of textsOf(chunks)) {
    more += next;
    // Text that doubles takes linear time, however often its start is read.
    if (more.length < text.length + maxStart && next !== fileEnd) continue;
    text += text.length > maxRecord ? fileEnd + more.slice(1) : more;
    more = "";
    for (; at < text.length; at++) {
      if (damage) {
        const found = text.slice(at).search(starts);
        const to = found < 0 ? text.length : at + found;
        if (ofRecord.test(text.slice(at, to))) damage.lost = 1;
        at = found < 0 ? Math.max(at, to - maxStart) : to;
        if (found < 0) break;
        yield { ...damage, isCut: false };
        damage = undefined;
        opened = around;
      }
      const letter = text[at]!;
      if (" \n\r\t".includes(letter)) continue;
      const isBetween = opened === "[" || opened === "{[";
      let isFit = isBetween ? letter === "," : letters.test(letter);
      if (letter === "[" || letter === "{") {
        if (isBetween) [start, around] = [at, opened];
        if (isBetween && starts === recordStart) {
          // Other objects that look like records may be parts of a message.
          const [, name = "@\\w+"] = /^\{\s*"(@\w+)/.exec(text.slice(at)) ?? [];
          starts = new RegExp(record.replace("@\\w+", name));
        }
        // In an object, values follow colons. Rows contain no arrays, and SQLite
        // reads no JSON that is nearly as deep.
        isFit = opened === ""
          ? text.slice(at, at + maxStart).search(starts) !== 0
          : (last === ":" || !opened.endsWith("{")) &&
            (start === at || letter === "{" || text[start] !== "[") &&
            opened.length < 2000;
        opened += letter;
      } else if (letter === "]" || letter === "}") {
        isFit = opened.endsWith(letter === "]" ? "[" : "{");
        opened = opened.slice(0, -1);
      } else if (letter === '"') {
        stringEnd.lastIndex = at + 1;
        if (!stringEnd.test(text)) break;
        at = stringEnd.lastIndex - 1;
        isFit = !isBetween && text[at] === letter;
      } else if (opened === "") isFit = offset + at < 3 || letter === fileEnd;
      last = letter;
      if (isFit && start >= 0 && opened === around) {
        const value = parsed(text.slice(start, at + 1));
        isFit = value !== undefined;
        if (isFit) start = -1;
        if (value && !("searchedCompletely" in value)) yield { value };
      }
      if (!isFit) {
        const isCut = next === fileEnd && at === text.length - 1;
        const place = offset + (start < 0 ? at : start);
        damage = { place, lost: start < 0 ? 0 : 1, isCut };
        // The next record may begin here, or inside of what seemed to be one,
        // but to look for it again and again takes more than linear time.
        if (start >= 0) reread += at - start;
        at = start < 0 || reread > 8 * (offset + at) ? at - 1 : start;
        start = -1;
      }
    }
    const read = start < 0 ? at : start;
    text = text.slice(read);
    offset += read;
    at -= read;
    start = Math.min(start, 0);
  }
  if (damage?.isCut) damage.place = offset + text.length - 1;
  if (damage) yield damage;
}

function* textsOf(chunks: Iterable<Uint8Array>): Generator<string> {
  for (const chunk of chunks) yield latin1(chunk);
  yield fileEnd;
}

// No string contains control characters or the file's end.
const stringEnd = /"(?<=(?<!\\)(?:\\\\)*")|[^ -\xff]/g;
// Outside of strings and brackets.
const letters = /[,:\d.+\-Eetrufalsn]/;
// The brackets around it may be damaged, too.
const ofRecord = /"(?:field|value|message|@\w+)"/;

function parsed(bytes: string): object | undefined {
  try {
    const isAscii = !/[\x80-\xff]/.test(bytes);
    return JSON.parse(
      isAscii ? bytes : Buffer.from(bytes, "latin1").toString(),
    );
  } catch {
    return undefined;
  }
}
