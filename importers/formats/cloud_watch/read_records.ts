import { HeldBytes } from "./held_bytes.ts";
// What is needed for this kind of file alone is loaded when there is one.
import defer * as parsing from "./parse_records.ts";
import type { RecordParser } from "./parse_records.ts";
import { lettersOf, recordStart } from "./shape.ts";

/** A record as it was parsed, or a place where none could be. */
export type FoundRecord = { value: unknown } | Damage;

/** A place in a file that is damaged. */
export interface Damage {
  /** Of the first byte that does not follow what comes before, or near it. */
  place: number;
  /** How many records were lost there, as far as can be seen. */
  lost: number;
  /** Whether the file ends there too early. */
  isCut: boolean;
}

/**
 * Reads the records of an export as a stream: memory does not grow with it.
 * Behind damage it goes on with the next record that looks whole.
 */
export function* recordsIn(
  pieces: Iterable<Uint8Array>,
): Generator<FoundRecord> {
  const held = new HeldBytes();
  let isArray: boolean | undefined;
  let parser: RecordParser | undefined;
  let isHead = true;
  for (const piece of pieces) {
    held.add(piece);
    let unread: Uint8Array = piece;
    if (isArray === undefined) {
      const start = beginning(held.bytes());
      if (!start) continue;
      isArray = start.isArray;
      held.dropBefore(start.place);
      parser = parsing.recordParser(start.place, "", isArray);
      unread = held.bytes();
    }
    for (;;) {
      if (!parser) {
        parser = nextParser(held, isArray);
        if (!parser) break;
        unread = held.bytes();
      }
      const follows = writes(parser, unread);
      for (const value of parser.taken()) {
        isHead = false;
        yield { value };
      }
      held.dropBefore(parser.behind);
      if (follows && held.end - held.start <= longestRecord) break;
      const { lost, next } = beyond(held, parser.token, isHead);
      isHead = false;
      yield { place: parser.token, lost, isCut: false };
      held.dropBefore(next);
      parser = undefined;
    }
  }
  if (!parser || ends(parser)) return;
  const { lost } = beyond(held, Infinity, isHead);
  yield { place: held.end, lost, isCut: true };
}

// CloudWatch has none of more than 1 MB. In a packed file may be a longer one.
const longestRecord = 1 << 26;

/** Where the text begins, and whether it is an array; undefined: not yet. */
function beginning(
  bytes: Uint8Array,
): { place: number; isArray: boolean } | undefined {
  const place = lettersOf(bytes).search(/[[{]/);
  return place < 0
    ? undefined
    : { place, isArray: lettersOf(bytes.subarray(place, place + 1)) === "[" };
}

// The beginning of a record is never as long.
const longestStart = 1024;

function nextParser(
  held: HeldBytes,
  isArray: boolean,
): RecordParser | undefined {
  const start = recordStart(held.bytes());
  if (start === undefined) {
    held.dropBefore(held.end - longestStart);
    return undefined;
  }
  const place = held.start + start;
  held.dropBefore(place);
  return parsing.recordParser(place, isArray ? "[" : '{"results":[', isArray);
}

/**
 * What is lost behind the last record that is whole, where a token cannot
 * follow, and from where on to look for the next one.
 */
function beyond(
  held: HeldBytes,
  token: number,
  isHead: boolean,
): { lost: number; next: number } {
  const bytes = held.bytes();
  const start = recordStart(bytes);
  const before = lettersOf(bytes.subarray(0, start));
  const place = held.start + (start ?? bytes.length);
  const isBetween = isHead || /^[\s,]*$/.test(before);
  // What begins as a record does, and where it should, and goes wrong later.
  if (start !== undefined && isBetween && token > place) {
    return { lost: 1, next: place + 1 };
  }
  return {
    lost: !isHead && isOfRecord.test(before) ? 1 : 0,
    // What begins here may not be read to its end yet.
    next: start === undefined ? token : place,
  };
}

// The comma, what closes the array and what follows may be damaged too.
const isOfRecord = /^\s*,?\s*[[{]|"(?:field|value|message|@\w+)"/;

function writes(parser: RecordParser, bytes: Uint8Array): boolean {
  try {
    parser.write(bytes);
    return true;
  } catch {
    return false;
  }
}

function ends(parser: RecordParser): boolean {
  try {
    parser.end();
    return true;
  } catch {
    return false;
  }
}
