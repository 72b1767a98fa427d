import { type Database, RowBuffer } from "../../sql/mod.ts";
import type { MessageForm } from "../lines/message_form.ts";
import { type SpanKind, SpanTable } from "./span_table.ts";
import { type Template, templateOf } from "../lines/template.ts";

/** Where an event is said: what a record of a log knows of itself. */
export interface Said {
  time: number;
  line: number;
  /** Null where a record has no place of its own in the file. */
  offset: number | null;
  /** Its message, and the form of that, where it is known. */
  message?: string;
  form?: MessageForm | undefined;
}

/**
 * Collects the spans, events and metrics of one source and writes them in
 * large pieces.
 * A span that an earlier source told of is found again by its type and key.
 */
export class SpanWriter {
  #sourceId: number;
  #knownLines: number;
  #spans: SpanTable;
  #events: RowBuffer;
  #metrics: RowBuffer;
  #nested: RowBuffer;

  /**
   * `common` is given to every span that is made. What the first `knownLines`
   * lines say is written already.
   */
  constructor(
    db: Database,
    sourceId: number,
    { common = {}, knownLines = 0 }: {
      common?: Record<string, string>;
      knownLines?: number;
    } = {},
  ) {
    this.#sourceId = sourceId;
    this.#knownLines = knownLines;
    this.#events = new RowBuffer(db, "event", eventColumns);
    this.#metrics = new RowBuffer(db, "metric", metricColumns);
    this.#nested = new RowBuffer(db, "subspan", nestedColumns, "OR IGNORE");
    this.#spans = new SpanTable(db, sourceId, common);
  }

  /** Spans that were not there before. */
  get spans(): number {
    return this.#spans.made;
  }

  get events(): number {
    return this.#events.count;
  }

  get metrics(): number {
    return this.#metrics.count;
  }

  /**
   * The spans of a type that are identified by `shared`, the same for all of
   * them, and by the attributes that are named.
   */
  kind(
    type: string,
    shared: Record<string, string>,
    names: readonly string[],
  ): SpanKind {
    return this.#spans.kind(type, shared, names);
  }

  /**
   * The id of one span, which is made if need be. For spans that any log may
   * tell of: each is looked up for itself.
   */
  span(
    type: string,
    key: string,
    attributes: Record<string, string>,
  ): number {
    return this.#spans.span(type, key, attributes);
  }

  /** Says more of a span. What is undefined is not said. */
  add(id: number, attributes: Record<string, unknown>): void {
    this.#spans.add(id, attributes);
  }

  /** What the source says is inside of what, and what the outer calls it. */
  nest(superspan: number, subspan: number, key: string): void {
    this.#nested.add([superspan, subspan, key]);
  }

  /** An event that has a name of its own. */
  event(id: number, type: string, at: Said, attributes?: object): void {
    this.#write(id, type, 1, at, attributes);
  }

  /** An event that is known by the template of its message. */
  message(id: number, message: string, at: Said, attributes?: object): void {
    if (at.line <= this.#knownLines) return;
    const { form } = at;
    if (form && !attributes && message === at.message) {
      this.#add(id, form.template, 0, at, form.attributes(message));
    } else this.template(id, templateOf(message), at, attributes);
  }

  /** The same, where the form of the message is known. */
  template(
    id: number,
    { text, values }: Template,
    at: Said,
    attributes?: object,
  ): void {
    const said = values.length ? { ...attributes, values } : attributes;
    this.#write(id, text, 0, at, said);
  }

  /** A number: the family that it is of, and its own name. */
  metric(
    id: number,
    metric: string,
    name: string,
    value: number,
    { time, line }: Said,
  ): void {
    if (line <= this.#knownLines) return;
    this.#metrics.add([id, time, metric, name, value, this.#sourceId, line]);
  }

  /** Writes what is still waiting. */
  finish(): void {
    this.#events.flush();
    this.#metrics.flush();
    this.#spans.flush();
    this.#nested.flush();
  }

  #write(
    id: number,
    type: string,
    named: number,
    at: Said,
    attributes: object | undefined,
  ): void {
    if (at.line <= this.#knownLines) return;
    const json = attributes === undefined ? null : JSON.stringify(attributes);
    this.#add(id, type, named, at, json);
  }

  #add(
    id: number,
    type: string,
    named: number,
    { time, line, offset }: Said,
    attributes: string | null,
  ): void {
    this.#events.add([
      id,
      time,
      type,
      named,
      attributes,
      this.#sourceId,
      line,
      offset,
    ]);
  }
}

const eventColumns = [
  "span_id",
  "time",
  "type",
  "named",
  "attributes",
  "source_id",
  "line",
  "offset",
];

const nestedColumns = ["superspan_id", "subspan_id", "key"];

const metricColumns = [
  "span_id",
  "time",
  "metric",
  "name",
  "value",
  "source_id",
  "line",
];
