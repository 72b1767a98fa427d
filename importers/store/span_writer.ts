import { type Database, RowBuffer } from "../../sql/mod.ts";
import { type MessageShape, templateOfShape } from "../lines/shapes.ts";
import { type Template, templateOf } from "../lines/template.ts";
import { SpanTable } from "./span_table.ts";

/** Time and place of an event or a metric in a source. */
export interface LineRef {
  time: number;
  line: number;
  /** Null for a record without its own place in the file. */
  offset: number | null;
  /** Shape of the message, if known. */
  shape?: MessageShape | undefined;
}

/**
 * Collects the spans, events and metrics of one source and writes many at once.
 * Spans of earlier sources are found by type and key.
 */
export class SpanWriter extends SpanTable {
  #sourceId: number;
  #knownLines: number;
  #events: RowBuffer;
  #metrics: RowBuffer;
  #nested: RowBuffer;

  /**
   * `common` is given to every created span. Events and metrics of the first
   * `knownLines` lines are in the database already.
   */
  constructor(
    db: Database,
    sourceId: number,
    { common = {}, knownLines = 0 }: {
      common?: Record<string, string>;
      knownLines?: number;
    } = {},
  ) {
    super(db, sourceId, common);
    this.#sourceId = sourceId;
    this.#knownLines = knownLines;
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
    const said = values.length ? { ...attributes, values } : attributes;
    this.#write(id, text, 0, at, said);
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

  /** Writes the remaining rows. */
  finish(): void {
    this.#events.flush();
    this.#metrics.flush();
    this.flush();
    this.#nested.flush();
  }

  #write(
    spanId: number,
    type: string,
    named: number,
    { time, line, offset }: LineRef,
    attributes: object | undefined,
  ): void {
    if (line <= this.#knownLines) return;
    const json = attributes === undefined ? null : JSON.stringify(attributes);
    const id = this.#sourceId;
    this.#events.add([spanId, time, type, named, json, id, line, offset]);
  }
}

const eventColumns = "span_id time type named attributes source_id line offset"
  .split(" ");
const nestedColumns = ["superspan_id", "subspan_id", "key"];
const metricColumns = "span_id time metric name value source_id line"
  .split(" ");
