import type { Database } from "../../sql/mod.ts";
import { spanKey } from "../../sql/mod.ts";
import { attributesMaker, CreatedSpans } from "./created_spans.ts";
import { SharedTexts } from "../lines/shared_texts.ts";
import { SpanIds } from "./span_ids.ts";

/** Spans of one type that share all but some of what identifies them. */
export interface SpanKind {
  /** The id of the span with these values, which is made if need be. */
  id(...values: string[]): number;
}

/**
 * The spans that one source tells of: those that are there are found again by
 * their type and key, the others are made.
 */
export class SpanTable {
  /** How many were not there before. */
  made = 0;

  #db: Database;
  #common: Record<string, string>;
  #firstId: number;
  #kinds = new Map<string, SpanKind>();
  #types = new Map<string, Map<string, SpanIds>>();
  #newTypes = new Map<string, boolean>();
  #created: CreatedSpans;
  #texts = new SharedTexts();
  /** What more is said of spans that were there before this source. */
  #added = new Map<number, Record<string, unknown>>();
  /** The same of its own that are written already. */
  #late = new Map<number, Record<string, unknown>>();

  /** `common` is given to every span that is made. */
  constructor(
    db: Database,
    sourceId: number,
    common: Record<string, string>,
  ) {
    this.#db = db;
    this.#common = common;
    const [row] = db.query<{ id: number | null }>(
      "SELECT max(id) AS id FROM span",
    );
    this.#firstId = (row?.id ?? 0) + 1;
    this.#created = new CreatedSpans(db, sourceId, this.#firstId);
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
    // Some ask for it with each line.
    const identity = [type, ...names, ...Object.entries(shared)].join("\0");
    let kind = this.#kinds.get(identity);
    if (!kind) {
      kind = this.#makeKind(type, shared, names);
      this.#kinds.set(identity, kind);
    }
    return kind;
  }

  #makeKind(
    type: string,
    shared: Record<string, string>,
    names: readonly string[],
  ): SpanKind {
    const ids = this.#idsOf(type, spanKey(Object.values(shared)));
    const attributes = attributesMaker({ ...this.#common, ...shared }, names);
    return {
      id: (...values) => {
        const rest = spanKey(values);
        const known = ids.get(rest);
        if (known !== undefined) return known;
        const key = ids.key(rest);
        const found = this.#findElsewhere(type, key, ids) ??
          this.#create(type, key, attributes(values));
        ids.set(rest, found);
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
    const all = JSON.stringify({ ...this.#common, ...attributes });
    return this.#create(type, key, all);
  }

  /** Says more of a span. What is undefined is not said. */
  add(id: number, attributes: Record<string, unknown>): void {
    let known: Record<string, unknown> | undefined;
    for (const name in attributes) {
      const value = attributes[name];
      if (value === undefined) continue;
      known ??= this.#saidOf(id);
      known[name] = typeof value === "string" ? this.#texts.of(value) : value;
    }
  }

  /** Writes what was made and what more was said. */
  flush(): void {
    this.#created.write();
    this.#writeAdded(this.#late);
    this.#writeAdded(this.#added);
  }

  #writeAdded(added: Map<number, Record<string, unknown>>): void {
    for (const [id, attributes] of added) {
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

  #saidOf(id: number): Record<string, unknown> {
    const waiting = this.#created.saidOf(id);
    if (waiting) return waiting;
    if (this.#late.size === mostLate) {
      this.#writeAdded(this.#late);
      this.#late.clear();
    }
    const added = id < this.#firstId ? this.#added : this.#late;
    let known = added.get(id);
    if (!known) added.set(id, known = {});
    return known;
  }

  #idsOf(type: string, prefix: string): SpanIds {
    let byPrefix = this.#types.get(type);
    if (!byPrefix) this.#types.set(type, byPrefix = new Map());
    const known = byPrefix.get(prefix);
    if (known) return known;
    const ids = new SpanIds(prefix);
    byPrefix.set(prefix, ids);
    // Of one type there may be millions, told of by thousands of logs: only
    // those that this log can tell of are looked up.
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
    for (const { key, id } of rows) ids.set(ids.rest(key)!, id);
    return ids;
  }

  // The same key may be made of a longer beginning and less behind it.
  #findElsewhere(type: string, key: string, own: SpanIds): number | undefined {
    for (const ids of this.#types.get(type)!.values()) {
      const rest = ids === own ? undefined : ids.rest(key);
      const id = rest === undefined ? undefined : ids.get(rest);
      if (id !== undefined) return id;
    }
    return undefined;
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

  #create(type: string, key: string, attributes: string): number {
    this.made++;
    return this.#created.create(type, key, attributes);
  }
}

const mostLate = 16_384;
