import { componentOf } from "../questions/mod.ts";
import { withRoom } from "../sql/mod.ts";
import type { Nesting } from "./nesting.ts";
import type { Numbers } from "./parquet_columns.ts";
import type { ParquetFile, Readers } from "./parquet_file.ts";
import { tableColumns } from "./run_tables.ts";
import type { PlaceRange, SpanGroup, Spans } from "./spans.ts";

/** Names of the span that a step happened to, or else of the root. */
const placeNames = [
  "app",
  "executor",
  "block",
  "manager",
  "worker",
  "host",
] as const;

/**
 * The steps of the tasks and tries of a run, from columns: joining spans and
 * events in SQL takes several times as long.
 */
export class RunSteps {
  readonly #spans: Spans;
  readonly #nesting: Nesting;
  #count = 0;
  #ids = new Float64Array(8);
  #times = new Float64Array(8);
  #types = new Int32Array(8);
  #spanIds = new Int32Array(8);
  /** A root and a span that belongs to it, one after the other. */
  #pairs: Int32Array[] = [];

  /** @param maxEvents how many events the run may have */
  constructor(spans: Spans, nesting: Nesting, maxEvents: number) {
    this.#ids = withRoom(this.#ids, maxEvents);
    this.#times = withRoom(this.#times, maxEvents);
    this.#types = withRoom(this.#types, maxEvents);
    this.#spanIds = withRoom(this.#spanIds, maxEvents);
    this.#spans = spans;
    this.#nesting = nesting;
  }

  /** Adds events: their ids, spans, times and types, from the first four cells. */
  addEvents(rows: readonly (readonly unknown[])[]): void {
    const count = this.#count + rows.length;
    this.#ids = withRoom(this.#ids, count);
    this.#times = withRoom(this.#times, count);
    this.#types = withRoom(this.#types, count);
    this.#spanIds = withRoom(this.#spanIds, count);
    for (const row of rows as number[][]) {
      const event = this.#count++;
      this.#ids[event] = row[0]!;
      this.#spanIds[event] = row[1]!;
      this.#times[event] = row[2] ?? -Infinity;
      this.#types[event] = row[3]!;
    }
  }

  /** For the columns of files, but those of events. */
  get readers(): Readers {
    const text = (number: number) => this.#spans.texts.text(number);
    return {
      root_type: text,
      span_type: text,
      component: (type) => componentOf(text(type)),
      nth: (nth) => nth,
      ...Object.fromEntries(placeNames.map((name) => [name, text])),
    };
  }

  /**
   * Finds the spans that belong to root spans.
   *
   * @returns those that are not in a range of places
   */
  findSpans(roots: readonly SpanGroup[], range: PlaceRange): Set<number> {
    this.#pairs = roots.map((group) => this.#pairsOf(group));
    const others = new Set<number>();
    for (const pairs of this.#pairs) {
      for (let i = 1; i < pairs.length; i += 2) {
        if (!this.#spans.isIn(range, pairs[i]!)) others.add(pairs[i]!);
      }
    }
    return others;
  }

  /** Writes the steps of these roots. */
  write(file: ParquetFile): void {
    const events = this.#eventsBySpan();
    for (const pairs of this.#pairs) this.#writeSteps(file, pairs, events);
  }

  #pairsOf(group: SpanGroup): Int32Array {
    const spans = this.#spans;
    let pairs = new Int32Array(8);
    let length = 0;
    for (let place = group.start; place < group.end; place++) {
      const root = spans.ids[place]!;
      const own = this.#nesting.spansOf(
        root,
        (span) => {
          const index = spans.groupIndexOf(span);
          return span !== root && index >= 0 &&
            spans.groups[index]!.type === group.type;
        },
      );
      pairs = withRoom(pairs, length + 2 * own.length);
      for (const span of own) {
        if (spans.groupIndexOf(span) < 0) continue;
        pairs[length++] = root;
        pairs[length++] = span;
      }
    }
    return pairs.subarray(0, length);
  }

  /** The events of each span together, and by span where they start. */
  #eventsBySpan() {
    const starts = new Int32Array(this.#spans.lastId + 2);
    for (let event = 0; event < this.#count; event++) {
      starts[this.#spanIds[event]! + 1]!++;
    }
    for (let span = 0; span <= this.#spans.lastId; span++) {
      starts[span + 1]! += starts[span]!;
    }
    const next = starts.slice();
    const events = new Int32Array(this.#count);
    for (let event = 0; event < this.#count; event++) {
      events[next[this.#spanIds[event]!]!++] = event;
    }
    return { starts, events };
  }

  #writeSteps(
    file: ParquetFile,
    pairs: Int32Array,
    { starts, events: bySpan }: { starts: Int32Array; events: Int32Array },
  ): void {
    let events = new Int32Array(8);
    let roots = new Int32Array(8);
    let count = 0;
    for (let i = 0; i < pairs.length;) {
      const root = pairs[i]!;
      const start = count;
      for (; pairs[i] === root; i += 2) {
        const from = starts[pairs[i + 1]!]!;
        const to = starts[pairs[i + 1]! + 1]!;
        events = withRoom(events, count + to - from);
        roots = withRoom(roots, count + to - from);
        for (let at = from; at < to; at++) {
          roots[count] = root;
          events[count++] = bySpan[at]!;
        }
      }
      this.#sort(events.subarray(start, count));
      if (count < rowsAtOnce && i < pairs.length) continue;
      this.#writeRows(
        file,
        roots.subarray(0, count),
        events.subarray(0, count),
      );
      count = 0;
    }
  }

  /** Sorts events by their times, and by their ids. */
  #sort(events: Int32Array): void {
    const times = this.#times;
    const ids = this.#ids;
    events.sort((a, b) => times[a]! - times[b]! || ids[a]! - ids[b]!);
  }

  #writeRows(file: ParquetFile, roots: Int32Array, events: Int32Array): void {
    const { length } = events;
    if (length === 0) return;
    const { names } = this.#spans;
    const typeOf = (span: number) => this.#spans.groupOf(span).typeNumber;
    const spans = events.map((event) => this.#spanIds[event]!);
    const spanTypes = spans.map(typeOf);
    const eventTypes = events.map((event) => this.#types[event]!);
    const times = new Float64Array(length);
    const eventIds = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const time = this.#times[events[i]!]!;
      times[i] = time === -Infinity ? NaN : time;
      eventIds[i] = this.#ids[events[i]!]!;
    }
    const columns: Record<string, Numbers> = {
      root_type: roots.map(typeOf),
      root_id: roots,
      time: times,
      span_type: spanTypes,
      event_type: eventTypes,
      nth: occurrences(roots, times, spanTypes, eventTypes),
      named: eventTypes,
      component: spanTypes,
      span_id: spans,
      event_id: eventIds,
    };
    for (const name of placeNames) {
      const own = names[name];
      const found = new Int32Array(length);
      for (let i = 0; i < length; i++) {
        const number = own[spans[i]!]!;
        found[i] = number === -1 ? own[roots[i]!]! : number;
      }
      columns[name] = found;
    }
    file.addColumns(tableColumns.step.map(({ name }) => columns[name]!));
  }
}

const rowsAtOnce = 20_000;

/**
 * The occurrence number of each event within its root, which has all in a row:
 * first those without a time, which count apart.
 */
function occurrences(
  roots: Int32Array,
  times: Float64Array,
  spanTypes: Int32Array,
  eventTypes: Int32Array,
): Int32Array {
  const counts = new Map<number, number>();
  return roots.map((root, i) => {
    const isFirst = Number.isNaN(times[i - 1]) && !Number.isNaN(times[i]);
    if (root !== roots[i - 1] || isFirst) counts.clear();
    const kind = spanTypes[i]! * maxEventTypes + eventTypes[i]!;
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    return nth;
  });
}

const maxEventTypes = 2 ** 32;
