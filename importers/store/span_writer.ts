// Over 300 lines: one class, whose parts share the ids of a source.

import {
  type Database,
  ImpliedEarly,
  insertRows,
  RowBuffer,
  spanKey,
} from "../../sql/mod.ts";
import type { Continued } from "../lines/continuation.ts";
import type { Origin } from "../lines/prefix.ts";
import { type MessageShape, templateOfShape } from "../lines/shapes.ts";
import { SharedTexts } from "../lines/shared_texts.ts";
import { type Template, templateOf } from "../lines/template.ts";
import { directoryKey } from "./directory_key.ts";
import { Origins } from "./origins.ts";
import { SpanIds } from "./span_ids.ts";

/** Spans of one type that share part of their identity. */
export interface SpanKind {
  /** The id of the span with these values, which is created if necessary. */
  id(...values: string[]): number;
  /** The id of the span with these values, if there is one. */
  known(...values: string[]): number | undefined;
}

type Attributes = Record<string, unknown>;

/** Time and place of an event or a metric in a source. */
export interface LineRef {
  time: number;
  line: number;
  /** Null for a record without its own place in the file. */
  offset: number | null;
  /** Shape of the message, if known. */
  shape?: MessageShape | undefined;
  /** The writer of the line, if known. */
  origin?: Origin | undefined;
  /** The lines that continue it; its events store them. */
  continued?: Continued | undefined;
}

/**
 * Collects the spans, events and metrics of one source and writes many at once.
 * Spans of earlier sources are found by type and key.
 */
export class SpanWriter {
  /** Number of created spans. */
  spans = 0;
  /** Number of events with a name. */
  named = 0;

  #db: Database;
  #sourceId: number;
  #common: Record<string, string>;
  #firstId: number;
  #kinds = new Map<string, SpanKind>();
  #types = new Map<string, Map<string, SpanIds>>();
  #newTypes = new Map<string, boolean>();
  /** Created spans that are not written yet; most attributes follow soon. */
  #waiting: { type: string; key: string; attributes: Attributes }[] = [];
  #firstWaiting: number;
  #texts = new SharedTexts();
  /** Additions to spans of earlier sources. */
  #added = new Map<number, Attributes>();
  /** Additions to own spans that are written already. */
  #late = new Map<number, Attributes>();
  #knownLines: number;
  #implied: ImpliedEarly;
  #origins: Origins;
  #events: RowBuffer;
  #metrics: RowBuffer;
  #nested: RowBuffer;
  /** The last line whose continuation was written, and how often. */
  #continued = { line: NaN, copies: 0 };
  /** The spans of the events of the last line. */
  #last = { line: 0, spans: [] as number[] };

  /**
   * `common` is given to every created span. Events and metrics of the first
   * `knownLines` lines are in the database already. `implied` completes new
   * spans.
   */
  constructor(
    db: Database,
    sourceId: number,
    common: Record<string, string> = {},
    knownLines = 0,
    implied: ImpliedEarly = new ImpliedEarly([]),
  ) {
    this.#db = db;
    this.#sourceId = sourceId;
    this.#common = common;
    this.#knownLines = knownLines;
    this.#implied = implied;
    const [row] = db.query<{ id: number | null }>(
      "SELECT max(id) AS id FROM span",
    );
    this.#firstId = this.#firstWaiting = (row?.id ?? 0) + 1;
    this.#origins = new Origins(db, sourceId);
    this.#events = new RowBuffer(db, "event", eventColumns);
    this.#metrics = new RowBuffer(db, "metric", metricColumns);
    this.#nested = new RowBuffer(db, "subspan", nestedColumns, "OR IGNORE");
  }

  get events(): number {
    return this.#events.count;
  }

  get metrics(): number {
    return this.#metrics.count;
  }

  /** Spans of a type identified by `shared` and the attributes named here. */
  kind(
    type: string,
    shared: Record<string, string>,
    names: readonly string[],
  ): SpanKind {
    // Some readers ask once per line.
    const identity = [type, ...names, ...Object.entries(shared)].join("\0");
    return this.#kinds.getOrInsertComputed(identity, () => {
      const ids = this.#idsOf(type, prefixOf(shared));
      return {
        known: (...values) => ids.get(values),
        id: (...values) => {
          const known = ids.get(values);
          if (known !== undefined) return known;
          const key = ids.key(values);
          let id = this.#findElsewhere(type, key, ids);
          if (id === undefined) {
            const attributes: Attributes = { ...this.#common, ...shared };
            names.forEach((name, i) => attributes[name] = values[i]);
            id = this.#create(type, key, attributes);
          }
          ids.set(values, id);
          return id;
        },
      };
    });
  }

  /**
   * The id of one span, which is created if necessary. Looks each up in the
   * database: for spans that any log may mention.
   */
  span(
    type: string,
    key: string,
    attributes: Attributes,
  ): number {
    const [known] = this.#isNew(type) ? [] : this.#db.query<{ id: number }>(
      "SELECT id FROM span WHERE type = ? AND key = ?",
      [type, key],
    );
    if (!known) {
      return this.#create(type, key, { ...this.#common, ...attributes });
    }
    this.add(known.id, attributes);
    return known.id;
  }

  /** Adds attributes to a span; undefined ones are skipped. */
  add(id: number, attributes: Attributes): void {
    let known: Attributes | undefined;
    for (const name in attributes) {
      const value = attributes[name];
      if (value === undefined) continue;
      known ??= this.#additionsOf(id);
      known[name] = typeof value === "string" ? this.#texts.of(value) : value;
    }
  }

  /** Puts a span inside another; `key` is its name there. */
  nest(superspan: number, subspan: number, key: string | null): void {
    this.#nested.add([superspan, subspan, key]);
  }

  /** Adds an event with a name. */
  event(id: number, type: string, at: LineRef, attributes?: object): void {
    this.#write(id, type, 1, at, attributes);
  }

  /** Adds an event whose type is the template of its message. */
  message(id: number, message: string, at: LineRef, attributes?: object): void {
    if (at.line <= this.#knownLines) return;
    const template = at.shape
      ? templateOfShape(at.shape, message)
      : templateOf(message);
    this.template(id, template, at, attributes);
  }

  /** Adds an event whose template is known. */
  template(
    id: number,
    { text, values }: Template,
    at: LineRef,
    attributes?: object,
  ): void {
    const withValues = values.length ? { ...attributes, values } : attributes;
    this.#write(id, text, 0, at, withValues);
  }

  /** Whether the line that is being read has made an event of the span. */
  hasEvent(id: number, { line }: LineRef): boolean {
    return this.#last.line === line && this.#last.spans.includes(id);
  }

  /** Adds a number: its family, its name and its value. */
  metric(
    id: number,
    metric: string,
    name: string,
    value: number,
    { time, line }: LineRef,
  ): void {
    if (line <= this.#knownLines) return;
    this.#metrics.add([id, time, metric, name, value, this.#sourceId, line]);
  }

  /** Moves all events and metrics in time: the end of a file may date it. */
  shift(seconds: number): void {
    this.#events.flush();
    this.#metrics.flush();
    for (const table of ["event_row", "metric_row"]) {
      this.#db.run(
        `UPDATE ${table} SET time = time + ? WHERE source_id = ?`,
        [seconds, this.#sourceId],
      );
    }
  }

  /** Writes the remaining rows. */
  finish(): void {
    this.#events.flush();
    this.#metrics.flush();
    this.#writeWaiting(this.#waiting.length);
    this.#writeAdded(this.#late);
    this.#writeAdded(this.#added);
    this.#nested.flush();
  }

  #write(
    spanId: number,
    type: string,
    named: number,
    { time, line, offset, origin, continued }: LineRef,
    attributes: object | undefined,
  ): void {
    const last = this.#last;
    // Earlier lines may have waited for this one.
    if (line > last.line) {
      last.line = line;
      last.spans.length = 0;
    }
    if (line === last.line) last.spans.push(spanId);
    if (line <= this.#knownLines) return;
    this.named += named;
    const stored = continued && this.#isHeldBy(line)
      ? { ...attributes, ...continued }
      : attributes;
    const text = JSON.stringify(stored ?? {});
    const json = text === "{}" ? null : text;
    const by = origin === undefined ? null : this.#origins.id(origin);
    const id = this.#sourceId;
    this.#events.add([spanId, time, type, named, json, by, id, line, offset]);
  }

  /** Whether one more event of the line is to hold its continuation. */
  #isHeldBy(line: number): boolean {
    const last = this.#continued;
    if (last.line !== line) this.#continued = { line, copies: 1 };
    else last.copies++;
    return this.#continued.copies <= maxCopies;
  }

  #create(type: string, key: string, attributes: Attributes): number {
    if (this.#waiting.length === maxWaiting) this.#writeWaiting(maxWaiting / 4);
    this.spans++;
    this.#waiting.push({ type, key, attributes });
    return this.#firstWaiting + this.#waiting.length - 1;
  }

  /** Writes the oldest waiting spans; later ones may still get attributes. */
  #writeWaiting(count: number): void {
    const first = this.#firstWaiting;
    const sourceId = this.#sourceId;
    const oldest = this.#waiting.slice(0, count);
    for (const { attributes } of oldest) this.#implied.learn(attributes);
    insertRows(
      this.#db,
      "span",
      ["id", "type", "key", "attributes", "implied", "source_id"],
      oldest.values().map(({ type, key, attributes }, i) => {
        const names = this.#implied.complete(attributes);
        const implied = names.length > 0 ? JSON.stringify(names) : null;
        const json = JSON.stringify(attributes);
        return [first + i, type, key, json, implied, sourceId];
      }),
    );
    this.#firstWaiting += oldest.length;
    this.#waiting = this.#waiting.slice(count);
  }

  // A log that has grown is read from its start again: most patches change
  // nothing.
  #writeAdded(added: Map<number, Attributes>): void {
    const all = [...added];
    added.clear();
    for (let i = 0; i < all.length; i += maxPatches) {
      const patches = Object.fromEntries(all.slice(i, i + maxPatches));
      this.#db.run(patchSpans, [JSON.stringify(patches)]);
    }
  }

  #additionsOf(id: number): Attributes {
    const waiting = this.#waiting[id - this.#firstWaiting];
    if (waiting) return waiting.attributes;
    if (this.#late.size === maxLate) this.#writeAdded(this.#late);
    const added = id < this.#firstId ? this.#added : this.#late;
    return added.getOrInsert(id, {});
  }

  #idsOf(type: string, prefix: string): SpanIds {
    const byPrefix = this.#types.getOrInsertComputed(type, () => new Map());
    const known = byPrefix.get(prefix);
    if (known) return known;
    const ids = new SpanIds(prefix);
    byPrefix.set(prefix, ids);
    // A type may have millions of spans from thousands of logs: look up only
    // spans that this log can mention.
    const rows = this.#db.iterate<{ key: string; id: number }>(
      `SELECT key, id FROM span WHERE type = :type AND key = :prefix
       UNION ALL
       SELECT key, id FROM span
       WHERE type = :type AND key >= :from AND key < :until`,
      // "0" follows "/".
      prefix
        ? { type, prefix, from: `${prefix}/`, until: `${prefix}0` }
        : { type, prefix, from: "", until: "\u{10ffff}" },
    );
    for (const { key, id } of rows) ids.setKey(key, id);
    return ids;
  }

  // The same key may consist of a longer prefix and a shorter rest.
  #findElsewhere(type: string, key: string, own: SpanIds): number | undefined {
    const byPrefix = this.#types.get(type)!;
    if (byPrefix.size === 1) return undefined;
    for (const { index } of key.matchAll(/^|\/|$/g)) {
      const ids = byPrefix.get(key.slice(0, index));
      const id = ids === own ? undefined : ids?.ofKey(key);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  /** Whether no earlier source had spans of the type. */
  #isNew(type: string): boolean {
    const sql = "SELECT 1 FROM span WHERE type = ? LIMIT 1";
    return this.#newTypes.getOrInsertComputed(
      type,
      () => this.#db.query(sql, [type]).length === 0,
    );
  }
}

const eventColumns =
  ("span_id time type named attributes origin_id source_id " +
    "line offset").split(" ");
const nestedColumns = ["superspan_id", "subspan_id", "key"];
const metricColumns = "span_id time metric name value source_id line"
  .split(" ");

/** The beginning of a key, by values that spans share. */
const prefixOf = (shared: Record<string, string>): string =>
  spanKey(
    Object.entries(shared).map(([name, value]) =>
      name === "rundir" ? directoryKey(value) : value
    ),
  );

const maxWaiting = 32_768;
const maxPatches = 4096;

// An attribute from a source is no longer implied by a rule.
const patchSpans = `UPDATE span SET
    attributes = json_patch(attributes, patch.value),
    implied = (SELECT nullif(json_group_array(name.value), '[]')
               FROM json_each(span.implied) AS name
               WHERE name.value NOT IN (SELECT key FROM json_each(patch.value)))
  FROM json_each(?) AS patch
  WHERE span.id = CAST(patch.key AS INTEGER) AND (
    attributes <> json_patch(attributes, patch.value)
    OR EXISTS (SELECT 1 FROM json_each(span.implied) AS name
               WHERE name.value IN (SELECT key FROM json_each(patch.value))))`;

const maxLate = 16_384;

// A line may be about a million tasks, and its continuation long.
const maxCopies = 16;
