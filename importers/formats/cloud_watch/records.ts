import { Buffer } from "node:buffer";

// How a record begins: as a row of get-query-results, as an event of
// filter-log-events or get-log-events, or as a row of the console. Quotes inside
// a string are escaped, so no text in a record looks like this.
const recordStart =
  /\[\s*\{\s*"(?:field|value)"\s*:|(?<!:\s*)\{\s*(?:"(?:@\w+|eventId|ingestionTime|logStreamName)"\s*:|"timestamp"\s*:\s*\d{13}\b)/;
const record = recordStart.source;

const members =
  "results|statistics|status|queryLanguage|encryptionKey|events|" +
  String.raw`searchedLogStreams|next\w*Token|ResponseMetadata`;
const beginning = new RegExp(
  String
    .raw`^(?:\ufeff|ï»¿)?\s*(?:\[\s*(?:${record})|\{\s*"(?:${members})"\s*:)`,
);
const arrayOfRecords = new RegExp(
  String.raw`^\s*\[|"(?:results|events)"\s*:\s*\[\s*(?:${record})`,
);
// Without a record, much else looks like an export.
const emptyArray = /"(?:results|events)"\s*:\s*\[\s*\]/;
const otherMembers = /"(?:statistics|searchedLogStreams|next\w*Token)"\s*:/;

/** Whether a file is an export of CloudWatch, by its first bytes. */
export function isExport(start: Uint8Array): boolean {
  const text = latin1(start.subarray(0, 1 << 16));
  return beginning.test(text) &&
    (arrayOfRecords.test(text) ||
      emptyArray.test(text) && otherMembers.test(text));
}

/** One character for each byte, so that places in the text are bytes. */
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

/** A parsed record, or a damaged place. */
export type FoundRecord = { value: unknown } | Damage;

/** A place in a file where records may be lost. */
export interface Damage {
  /** Byte near which the text stops making sense. */
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

/** Text is looked at again when it has grown by so much. */
const pieceLength = 1 << 16;

/**
 * Reads the records of an export as a stream, and goes on at the next record
 * after damage. Stream parsers for JSON stop there; cutting records out by
 * their brackets does not.
 */
export function* recordsIn(
  chunks: Iterable<Uint8Array>,
): Generator<FoundRecord> {
  const source = chunks[Symbol.iterator]();
  // Text that is not read yet, and the byte at which it begins.
  let text = "";
  let offset = 0;
  // The export without its records: its arrays are empty.
  let frame = "";
  let opening = "";
  let isInArray = false;
  let isInRecord = false;

  const more = (): boolean => {
    const length = text.length;
    while (text.length < length + pieceLength) {
      const next = source.next();
      if (next.done) break;
      text += latin1(next.value);
    }
    return text.length > length;
  };
  const take = (length: number): string => {
    const taken = text.slice(0, length);
    text = text.slice(length);
    offset += length;
    return taken;
  };
  const damageAt = (place: number, lost = 0): Damage => {
    return { place: offset + place, lost, isCut: false };
  };
  /** Goes to the next record after damage, if there is one. */
  const recover = (damage: Damage): boolean => {
    isInArray = true;
    opening ||= '{"results":[';
    frame = opening;
    for (;;) {
      const start = text.search(recordStart);
      const length = start < 0 ? text.length - maxStart : start;
      const skipped = take(Math.max(0, length));
      if (isOfRecord.test(skipped)) damage.lost = 1;
      if (start >= 0) return true;
      if (!more()) return false;
    }
  };
  /** Drops the complete part of the frame; false if it is broken. */
  const checkFrame = (): boolean => {
    for (;;) {
      const begin = frame.search(/[[{]/);
      const end = begin < 0 ? undefined : endOfValue(frame, begin, false);
      if (end === undefined) return true;
      if (end < 0) return false;
      frame = frame.slice(end);
    }
  };

  for (;;) {
    let damage: Damage | undefined;
    if (!isInArray) {
      const bare = /^[^"{[]*\[/.exec(text);
      // The bracket may belong to a record that begins here.
      if (bare && text.length < bare[0].length + maxStart && more()) continue;
      const head = bare ?? /"(?:results|events)"\s*:\s*\[/.exec(text);
      const end = head ? head.index + head[0].length : Infinity;
      const start = text.search(recordStart);
      if (start >= 0 && start < end) damage = damageAt(0);
      else if (!head && text.length > maxRecord) damage = damageAt(0);
      else if (!head && more()) continue;
      else {
        frame += take(Math.min(end, text.length));
        if (head) opening ||= bare ? "[" : '{"results":[';
        isInArray = head !== null;
        if (!checkFrame()) {
          frame = opening;
          yield damageAt(0);
        }
        if (!head) break;
      }
    } else {
      take(/^[\s,]*/.exec(text)![0].length);
      if (text === "" && more()) continue;
      if (text === "") break;
      const isRow = text.startsWith("[");
      if (text.startsWith("]")) isInArray = false;
      else if (!isRow && !text.startsWith("{")) damage = damageAt(0);
      else {
        const end = endOfValue(text, 0, isRow);
        if (end === undefined && text.length <= maxRecord) {
          if (more()) continue;
          isInRecord = true;
          break;
        }
        const value = end === undefined || end < 0
          ? undefined
          : parsed(text.slice(0, end));
        if (value === undefined) {
          damage = damageAt(Math.abs(end ?? text.length), 1);
          take(1);
        } else {
          take(end!);
          yield { value };
        }
      }
    }
    if (damage) {
      const isFound = recover(damage);
      yield damage;
      if (!isFound) return;
    }
  }
  if (!isInArray && frame.trim() === "") return;
  const place = offset + text.length;
  yield { place, lost: isInRecord ? 1 : 0, isCut: true };
}

// The comma, the end of the array and the text after it may be damaged, too.
const isOfRecord = /^\s*(?:,\s*)?[[{]|"(?:field|value|message|@\w+)"/;

function parsed(bytes: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes, "latin1").toString());
  } catch {
    return undefined;
  }
}

/**
 * The place after a JSON array or object; undefined as long as the text has no
 * end of it, and if it is broken, the negative of the place where.
 *
 * @param isRow whether it is a row of get-query-results, which holds no arrays
 */
function endOfValue(
  text: string,
  start: number,
  isRow: boolean,
): number | undefined {
  const opened: string[] = [];
  let last = ":";
  for (let at = start; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === '"') {
      const end = endOfString(text, at + 1);
      if (end === undefined) return undefined;
      at = end;
    } else if (letter === "[" || letter === "{") {
      const outer = opened.at(-1);
      const mayOpen = outer !== "{" || last === ":";
      // SQLite reads no JSON that is nearly as deep.
      if (!mayOpen || opened.length > 2000) return -at;
      if (isRow && outer && letter === "[") return -at;
      opened.push(letter);
    } else if (letter === "]" || letter === "}") {
      if (opened.pop() !== (letter === "]" ? "[" : "{")) return -at;
      if (opened.length === 0) return at + 1;
    } else if (!/[\s,:\d.+\-Etrufalsn]/.test(letter)) return -at;
    if (letter > " ") last = letter;
  }
  return undefined;
}

/** The place of the quote that ends a string. */
function endOfString(text: string, start: number): number | undefined {
  for (let at = start;; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return undefined;
    let first = at;
    while (first > start && text[first - 1] === "\\") first--;
    if ((at - first) % 2 === 0) return at;
  }
}
