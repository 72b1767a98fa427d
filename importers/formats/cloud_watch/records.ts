import { Buffer } from "node:buffer";

// How a record begins: as a row of get-query-results, as an event of
// filter-log-events or get-log-events, or as a row of the console. Quotes inside
// a string are escaped, so no text in a record looks like this.
const recordStart =
  /\[\s*\{\s*"(?:field|value)"\s*:|(?<!:\s*)\{\s*(?:"(?:@\w+|eventId|ingestionTime|logStreamName)"\s*:|"timestamp"\s*:\s*\d{13}\b)/;
const record = recordStart.source;

const members = [
  "results",
  "statistics",
  "status",
  "queryLanguage",
  "encryptionKey",
  "events",
  "searchedLogStreams",
  String.raw`next\w*Token`,
  "ResponseMetadata",
].join("|");
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

/**
 * Reads the records of an export as a stream, and goes on at the next record
 * after damage. Stream parsers for JSON stop there; cutting records out by
 * their brackets does not.
 */
export function* recordsIn(
  chunks: Iterable<Uint8Array>,
): Generator<FoundRecord> {
  const reader = new ExportReader();
  for (const chunk of chunks) {
    reader.text += latin1(chunk);
    yield* reader.read(false);
  }
  yield* reader.read(true);
}

class ExportReader {
  /** Text that is not read yet. */
  text = "";
  /** The byte at which the text begins. */
  #offset = 0;
  /** The export without its records: its arrays are empty. */
  #frame = "";
  #opening = "";
  #state: "around" | "between" | "inside" | "lost" = "around";
  #value = new ValueScanner();
  #damage: Damage | undefined;

  *read(isEnd: boolean): Generator<FoundRecord> {
    for (let goesOn = true; goesOn;) {
      if (this.#state === "around") goesOn = this.#readAround(isEnd);
      else if (this.#state === "between") goesOn = this.#readBetween();
      else if (this.#state === "lost") goesOn = this.#findRecord();
      else {
        const value = this.#readRecord();
        goesOn = value !== undefined;
        if (value) yield value;
      }
      if (this.#damage && (isEnd || this.#state !== "lost")) {
        yield this.#damage;
        this.#damage = undefined;
      }
    }
    if (!isEnd || this.#state === "lost") return;
    const isOpen = this.#state !== "around" || this.#frame.trim() !== "";
    if (!isOpen) return;
    const place = this.#offset + this.text.length;
    yield { place, lost: this.#state === "inside" ? 1 : 0, isCut: true };
  }

  #take(length: number): string {
    const taken = this.text.slice(0, length);
    this.text = this.text.slice(length);
    this.#offset += length;
    return taken;
  }

  #lose(place: number, lost: number, skipped: number): boolean {
    this.#damage = { place: this.#offset + place, lost, isCut: false };
    this.#state = "lost";
    this.#take(skipped);
    return true;
  }

  /** Reads up to the next array of records, or the end. */
  #readAround(isEnd: boolean): boolean {
    const { text } = this;
    const named = /"(?:results|events)"\s*:\s*\[/.exec(text);
    const bare = /^[^"{[]*\[/.exec(text);
    // The bracket may belong to a record that begins here.
    if (bare && !isEnd && text.length < bare[0].length + maxStart) return false;
    const head = bare ?? named;
    const end = head ? head.index + head[0].length : Infinity;
    const start = text.search(recordStart);
    if (start >= 0 && start < end) return this.#lose(0, 0, 0);
    if (head) {
      this.#frame += this.#take(end);
      this.#opening ||= bare ? "[" : '{"results":[';
      this.#state = "between";
    } else if (isEnd) this.#frame += text;
    else if (text.length > maxRecord) return this.#lose(0, 0, 0);
    else return false;
    return this.#checkFrame() && head !== null;
  }

  /** Drops the complete part of the frame. */
  #checkFrame(): boolean {
    for (;;) {
      const begin = this.#frame.search(/[[{]/);
      const scanner = new ValueScanner(begin);
      const end = begin < 0 ? undefined : scanner.scan(this.#frame);
      if (end === "broken") {
        this.#frame = this.#opening;
        this.#damage = { place: this.#offset, lost: 0, isCut: false };
        return true;
      }
      if (end === undefined) return true;
      this.#frame = this.#frame.slice(end);
    }
  }

  /** Reads up to a record, or the end of the array. */
  #readBetween(): boolean {
    this.#take(/^[\s,]*/.exec(this.text)![0].length);
    const [next] = this.text;
    if (next === undefined) return false;
    if (next === "]") this.#state = "around";
    else if (next === "[" || next === "{") this.#begin();
    else return this.#lose(0, 0, 0);
    return true;
  }

  #begin(): void {
    this.#state = "inside";
    this.#value = new ValueScanner(0, this.text.startsWith("["));
  }

  #readRecord(): FoundRecord | undefined {
    const end = this.#value.scan(this.text);
    if (end === undefined && this.text.length <= maxRecord) return undefined;
    try {
      if (typeof end !== "number") throw new SyntaxError("no record");
      const bytes = Buffer.from(this.text.slice(0, end), "latin1");
      const value = JSON.parse(bytes.toString());
      this.#take(end);
      this.#state = "between";
      return { value };
    } catch {
      this.#lose(this.#value.at, 1, 1);
      const damage = this.#damage;
      this.#damage = undefined;
      return damage;
    }
  }

  /** Looks for the next record after damage. */
  #findRecord(): boolean {
    const start = this.text.search(recordStart);
    const length = start < 0 ? this.text.length - maxStart : start;
    const skipped = this.#take(Math.max(0, length));
    if (this.#damage?.lost === 0 && isOfRecord.test(skipped)) {
      this.#damage.lost = 1;
    }
    if (start < 0) return false;
    if (this.#opening === "") this.#opening = '{"results":[';
    this.#frame = this.#opening;
    this.#begin();
    return true;
  }
}

// The comma, the end of the array and what follows may be damaged, too.
const isOfRecord = /^\s*,?\s*[[{]|"(?:field|value|message|@\w+)"/;

/** Finds the end of a JSON array or object in text that still grows. */
class ValueScanner {
  /** How far it has looked. */
  at: number;
  #stack: string[] = [];
  #last = ":";
  #hasNoArrays: boolean;

  /** The values in a row of get-query-results are never arrays. */
  constructor(start = 0, isRow = false) {
    this.at = start;
    this.#hasNoArrays = isRow;
  }

  /** The place after the value; undefined as long as there is no end. */
  scan(text: string): number | "broken" | undefined {
    for (; this.at < text.length; this.at++) {
      const letter = text[this.at]!;
      if (letter === '"') {
        const end = endOfString(text, this.at + 1);
        if (end === undefined) return undefined;
        this.at = end;
      } else if (letter === "[" || letter === "{") {
        if (!this.#mayOpen(letter)) return "broken";
        this.#stack.push(letter);
      } else if (letter === "]" || letter === "}") {
        const opened = letter === "]" ? "[" : "{";
        if (this.#stack.pop() !== opened) return "broken";
        if (this.#stack.length === 0) return ++this.at;
      } else if (!/[\s,:\d.+\-Etrufalsn]/.test(letter)) return "broken";
      if (letter > " ") this.#last = letter;
    }
    return undefined;
  }

  #mayOpen(letter: string): boolean {
    const outer = this.#stack.at(-1);
    // SQLite reads no JSON that is nearly as deep.
    if (this.#stack.length > 2000) return false;
    if (this.#hasNoArrays && outer && letter === "[") return false;
    return outer !== "{" || this.#last === ":";
  }
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
