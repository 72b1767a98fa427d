import { joined } from "../../container/chunks.ts";

/** A record that is longer is broken: a quote is missing. */
const maxRecord = 1 << 23;

const [quote, backslash, comma] = [34, 92, 44];
const [openArray, closeArray, openObject, closeObject] = [91, 93, 123, 125];

/** How to find the elements of an array that is a member of an object. */
export interface InObject {
  /** The name of the member. */
  member: string;
  /** Receives the object's other members as text: `"name": value`. */
  onMember(text: string): void;
}

/**
 * The elements of JSON arrays, as a stream; undefined for one that is too long.
 * The document is an array, or an object with one if `inObject` is given.
 * Returns where the text is damaged, if it is.
 */
export function* elementsIn(
  chunks: Iterable<Uint8Array>,
  inObject?: InObject,
): Generator<string | undefined, string | undefined> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let depth = 0;
  // The depth at which commas separate elements, or members of the object.
  let level = 1;
  let isInObject = false;
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
  const isMember = (last: Uint8Array): boolean => {
    if (length + last.length > maxName) return false;
    const [, name] = /^("[^]*")\s*:\s*$/
      .exec(decoder.decode(joined([...parts, last]))) ?? [];
    return name === JSON.stringify(inObject!.member);
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
        isInObject = byte === openObject && inObject !== undefined;
        if (byte === openArray || isInObject) depth = level = 1;
        // A byte order mark is no damage.
        else if (byte < 128) damage ??= `damaged near byte ${offset + at}`;
        continue;
      }
      const isOuter = depth === level;
      const isEnd = byte === (isInObject ? closeObject : closeArray);
      if (isOuter && (byte === comma || isEnd)) {
        if (isInElement) {
          add(chunk.subarray(start, at));
          const text = take();
          if (!isInObject) yield text;
          else if (text !== undefined) inObject!.onMember(text);
        }
        if (!isEnd) continue;
        depth--;
        isInObject = depth > 0;
        level = 1;
        continue;
      }
      if (isOuter && isInObject && byte === openArray) {
        if (isInElement && isMember(chunk.subarray(start, at))) {
          take();
          isInObject = false;
          depth = level = 2;
          continue;
        }
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
  if (isInElement && !isInObject) yield take();
  return damage ?? (depth > 0 ? `cut short at byte ${offset}` : undefined);
}

const maxName = 1024;

const decoder = new TextDecoder();
