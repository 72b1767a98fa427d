import { hasLine } from "../display/text/story.js";
import { visitMessages, type WantedMessages } from "../questions/mod.ts";
import { type Database, type TextNumbers, withRoom } from "../sql/mod.ts";
import { Dictionary, Integers } from "./columns.ts";
import { type PackedColumns, PackedIntegers } from "./packed_columns.ts";

/** An event whose message is packed. */
interface WrittenEvent {
  type: string;
  named: number;
  /** JSON. */
  attributes: string | null;
  origin_id: number | null;
  offset: number | null;
}

/**
 * What the lines of events say, as templates with values: thousands of tasks
 * have the same messages with other numbers.
 */
export class Messages {
  readonly #templates: Dictionary;
  readonly #texts: Dictionary;
  /** By row: its template, from 1, or 0 for that of its type. */
  readonly #ofRows = new Integers();
  /** By row: where its values are, and how many. */
  #starts = new Int32Array(1024);
  #counts = new Int32Array(1024);
  readonly #values = new Integers();
  /** By row: the byte at which its line starts if it is to be read, or -1. */
  #offsets = new Float64Array(1024);
  readonly #origins = new Integers();
  /** By row whose line was read: where the values of its type are. */
  readonly #ofTypes = new Map<number, [start: number, count: number]>();

  /** @param texts gives values their codes */
  constructor(numbers: TextNumbers, texts: Dictionary) {
    this.#templates = new Dictionary(numbers);
    this.#texts = texts;
  }

  /** Adds an event, with the values of the template that is its type. */
  add(event: WrittenEvent, values: readonly unknown[]): void {
    const row = this.#ofRows.length;
    this.#ofRows.push(0);
    this.#origins.push(event.origin_id ?? 0);
    this.#starts = withRoom(this.#starts, row + 1);
    this.#counts = withRoom(this.#counts, row + 1);
    this.#offsets = withRoom(this.#offsets, row + 1);
    this.#offsets[row] = event.offset !== null && hasLine(event, event.type)
      ? event.offset
      : -1;
    if (event.named) return;
    const count = masksIn(event.type, "%s");
    this.#setValues(
      row,
      Array.from(
        { length: count },
        (_, i) => i < values.length ? String(values[i]) : "%s",
      ),
    );
  }

  /**
   * Reads the lines of events with names, which the database does not hold, and
   * of those whose message is cut.
   *
   * @param sources by row, the index of its source among the ids
   */
  read(
    db: Database,
    sourceIds: readonly number[],
    sources: Int32Array,
  ): void {
    const offsets = this.#offsets;
    const origins = this.#origins.values;
    const rows = Int32Array.from(sources.keys())
      .filter((row) => offsets[row]! >= 0)
      .sort((a, b) => sources[a]! - sources[b]! || offsets[a]! - offsets[b]!);
    const wanted: WantedMessages[] = [];
    const starts = new Map<number, number>();
    for (let from = 0, until = 0; from < rows.length; from = until) {
      const source = sources[rows[from]!]!;
      while (until < rows.length && sources[rows[until]!] === source) until++;
      const ofSource = rows.subarray(from, until);
      const source_id = sourceIds[source]!;
      starts.set(source_id, from);
      wanted.push({
        source_id,
        offsets: Float64Array.from(ofSource, (row) => offsets[row]!),
        origins: ofSource.map((row) => origins[row]!),
      });
    }
    visitMessages(db, wanted, (source_id, index, message) => {
      this.#setMessage(rows[starts.get(source_id)! + index]!, message);
    });
  }

  #setMessage(row: number, message: string | undefined): void {
    // The template of its type then stands for it.
    if (!message) {
      if (this.#ofRows.values[row] === 0) return;
      this.#ofRows.values[row] = 0;
      const [start, count] = this.#ofTypes.get(row) ?? [0, 0];
      this.#starts[row] = start;
      this.#counts[row] = count;
      return;
    }
    const count = this.#counts[row]!;
    if (count > 0) this.#ofTypes.set(row, [this.#starts[row]!, count]);
    const values: string[] = [];
    const template = message.includes(mask)
      ? message
      : message.replace(variable, (value) => {
        values.push(value);
        return mask;
      });
    this.#ofRows.values[row] = this.#templates.indexOf(template) + 1;
    this.#setValues(row, values);
  }

  #setValues(row: number, values: readonly string[]): void {
    this.#starts[row] = this.#values.length;
    this.#counts[row] = values.length;
    for (const value of values) this.#values.push(this.#texts.codeOf(value));
  }

  /** Packs what was added and read. */
  pack(page: PackedColumns, types: Int32Array): void {
    const ofRows = this.#ofRows.values;
    const values = this.#values.values;
    const packed = new PackedIntegers();
    // By template, the values of the row before: those of tasks mostly rise.
    const last: number[][] = [];
    for (let row = 0; row < ofRows.length; row++) {
      const count = this.#counts[row]!;
      if (count === 0) continue;
      const template = ofRows[row]!;
      const before = last[template > 0 ? 2 * template : 2 * types[row]! + 1] ??=
        [];
      const start = this.#starts[row]!;
      for (let i = 0; i < count; i++) {
        const value = values[start + i]!;
        packed.push(value - (before[i] ?? 0));
        before[i] = value;
      }
    }
    page.integers("message", ofRows);
    page.integers("values", packed);
  }

  templates(): Generator<string> {
    return this.#templates.texts();
  }
}

/** Stands for a value in a template. */
const mask = "\0";

/** What differs from line to line: numbers, and identifiers. */
const variable = /[0-9a-f]{12,}|\d+/g;

const masksIn = (template: string, mask: string): number =>
  template.split(mask).length - 1;
