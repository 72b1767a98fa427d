import { type Database, insertRows, type SqlParameter } from "../../sql/mod.ts";
import { spanKey } from "../identity.ts";
import { RowBuffer } from "./row_buffer.ts";
import { type Template, templateOf } from "./template.ts";

/** Where an event is said: what a record of a log knows of itself. */
export interface Said {
  time: number;
  line: number;
  /** Null where a record has no place of its own in the file. */
  offset: number | null;
}

/** Spans of one type that share all but some of what identifies them. */
export interface SpanKind {
  /** The id of the span with these values, which is made if need be. */
  id(...values: string[]): number;
}

/**
 * Collects the spans, events and metrics of one source and writes them in
 * large pieces.
 * A span that an earlier source told of is found again by its type and key.
 */
export class SpanWriter {
  /** Spans that were not there before. */
  spans = 0;

  #db: Database;
  #sourceId: number;
  #common: Record<string, string>;
  #knownLines: number;
  #nextId: number;
  #types = new Map<string, Map<string, number>>();
  #lookedUp = new Set<string>();
  #newTypes = new Map<string, boolean>();
  #created = new Map<number, CreatedSpan>();
  #added = new Map<number, Record<string, unknown>>();
  #events: RowBuffer;
  #metrics: RowBuffer;
  #nested: SqlParameter[][] = [];

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
    this.#db = db;
    this.#sourceId = sourceId;
    this.#common = common;
    this.#knownLines = knownLines;
    this.#events = new RowBuffer(db, "event", eventColumns);
    this.#metrics = new RowBuffer(db, "metric", metricColumns);
    const [row] = db.query<{ id: number | null }>(
      "SELECT max(id) AS id FROM span",
    );
    this.#nextId = (row?.id ?? 0) + 1;
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
    const prefix = spanKey(Object.values(shared));
    const known = this.#known(type, prefix);
    const byValues = new Map<string, number>();
    return {
      id: (...values) => {
        const short = values.length === 1 ? values[0]! : values.join("\0");
        const id = byValues.get(short);
        if (id !== undefined) return id;
        const own = spanKey(values);
        const key = prefix && own ? `${prefix}/${own}` : prefix + own;
        const found = known.get(key) ?? this.#create(type, key, {
          ...this.#common,
          ...shared,
          ...Object.fromEntries(names.map((name, i) => [name, values[i]!])),
        });
        known.set(key, found);
        byValues.set(short, found);
        return found;
      },
    };
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
    const [known] = this.#isNew(type) ? [] : this.#db.query<{ id: number }>(
      "SELECT id FROM span WHERE type = ? AND key = ?",
      [type, key],
    );
    if (known) {
      this.add(known.id, attributes);
      return known.id;
    }
    return this.#create(type, key, { ...this.#common, ...attributes });
  }

  /** Says more of a span. What is undefined is not said. */
  add(id: number, attributes: Record<string, unknown>): void {
    let known = this.#created.get(id)?.attributes ?? this.#added.get(id);
    if (!known) this.#added.set(id, known = {});
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) known[name] = value;
    }
  }

  /** What the source says is inside of what, and what the outer calls it. */
  nest(superspan: number, subspan: number, key: string): void {
    this.#nested.push([superspan, subspan, key]);
  }

  /** An event that has a name of its own. */
  event(id: number, type: string, at: Said, attributes?: object): void {
    this.#write(id, type, 1, at, attributes);
  }

  /** An event that is known by the template of its message. */
  message(id: number, message: string, at: Said, attributes?: object): void {
    if (at.line <= this.#knownLines) return;
    this.template(id, templateOf(message), at, attributes);
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
    insertRows(
      this.#db,
      "span",
      ["id", "type", "key", "attributes", "source_id"],
      this.#created.entries().map(([id, { type, key, attributes }]) => [
        id,
        type,
        key,
        JSON.stringify(attributes),
        this.#sourceId,
      ]),
    );
    this.#flushNested();
    for (const [id, attributes] of this.#added) {
      const patch = JSON.stringify(attributes);
      this.#db.run(
        // What is said is no longer what a rule implied.
        `UPDATE span SET attributes = json_patch(attributes, :patch),
           implied = (SELECT nullif(json_group_array(value), '[]')
                      FROM json_each(span.implied)
                      WHERE value NOT IN (SELECT key FROM json_each(:patch)))
         WHERE id = :id`,
        { id, patch },
      );
    }
  }

  #known(type: string, prefix: string): Map<string, number> {
    let known = this.#types.get(type);
    if (!known) this.#types.set(type, known = new Map());
    // Of one type there may be millions, told of by thousands of logs: only
    // those that this log can tell of are looked up.
    if (this.#lookedUp.has(`${type} ${prefix}`)) return known;
    this.#lookedUp.add(`${type} ${prefix}`);
    const rows = this.#db.iterate<{ key: string; id: number }>(
      `SELECT key, id FROM span WHERE type = :type AND key = :prefix
       UNION ALL
       SELECT key, id FROM span
       WHERE type = :type AND key >= :from AND key < :until`,
      // What comes after a slash is a nought.
      prefix
        ? { type, prefix, from: `${prefix}/`, until: `${prefix}0` }
        : { type, prefix, from: "", until: "\u{10ffff}" },
    );
    for (const { key, id } of rows) known.set(key, id);
    return known;
  }

  // Whether no span of the type was there before this source.
  #isNew(type: string): boolean {
    let isNew = this.#newTypes.get(type);
    if (isNew === undefined) {
      const sql = "SELECT 1 FROM span WHERE type = ? LIMIT 1";
      isNew = this.#db.query(sql, [type]).length === 0;
      this.#newTypes.set(type, isNew);
    }
    return isNew;
  }

  #create(
    type: string,
    key: string,
    attributes: Record<string, unknown>,
  ): number {
    const id = this.#nextId++;
    this.#created.set(id, { type, key, attributes });
    this.spans++;
    return id;
  }

  #write(
    id: number,
    type: string,
    named: number,
    { time, line, offset }: Said,
    attributes: object | undefined,
  ): void {
    if (line <= this.#knownLines) return;
    this.#events.add([
      id,
      time,
      type,
      named,
      attributes === undefined ? null : JSON.stringify(attributes),
      this.#sourceId,
      line,
      offset,
    ]);
  }

  #flushNested(): void {
    // A log of a single task nests nothing, and there are thousands of those.
    if (this.#nested.length === 0) return;
    this.#db.exec("CREATE TEMP TABLE nested (superspan_id, subspan_id, key)");
    const columns = ["superspan_id", "subspan_id", "key"];
    insertRows(this.#db, "nested", columns, this.#nested);
    this.#db.exec(`
      INSERT OR IGNORE INTO subspan (superspan_id, subspan_id, key)
      SELECT superspan_id, subspan_id, key FROM temp.nested;
      DROP TABLE temp.nested;`);
  }
}

interface CreatedSpan {
  type: string;
  key: string;
  attributes: Record<string, unknown>;
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

const metricColumns = [
  "span_id",
  "time",
  "metric",
  "name",
  "value",
  "source_id",
  "line",
];
