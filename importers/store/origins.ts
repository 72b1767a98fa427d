import type { Database } from "../../sql/mod.ts";
import type { Origin } from "../lines/prefix.ts";

/** Ids of the origins of one source's lines. */
export class Origins {
  #db: Database;
  #sourceId: number;
  /** Prefixes of lines share their objects. */
  #ofObjects = new WeakMap<Origin, number>();
  #ofTexts = new Map<string, number>();

  constructor(db: Database, sourceId: number) {
    this.#db = db;
    this.#sourceId = sourceId;
  }

  /** The id of an origin, which is created if necessary. */
  id(origin: Origin): number {
    let id = this.#ofObjects.get(origin);
    if (id === undefined) {
      const values = originColumns.map((name) => origin[name] ?? null);
      const text = JSON.stringify(values);
      id = this.#ofTexts.get(text) ?? this.#write(values);
      if (this.#ofTexts.size === maxOrigins) this.#ofTexts.clear();
      this.#ofTexts.set(text, id);
      this.#ofObjects.set(origin, id);
    }
    return id;
  }

  // The source may have grown since an earlier import.
  #write(values: (string | null)[]): number {
    const [known] = this.#db.query<{ id: number }>(
      `SELECT id FROM origin WHERE source_id = ? AND ${
        originColumns.map((name) => `ifnull(${name}, '') = ifnull(?, '')`)
          .join(" AND ")
      }`,
      [this.#sourceId, ...values],
    );
    return known?.id ?? Number(
      this.#db.run(
        `INSERT INTO origin (source_id, ${originColumns}) VALUES (?, ?, ?, ?, ?)`,
        [this.#sourceId, ...values],
      ).lastInsertRowid,
    );
  }
}

const originColumns = ["process", "thread", "logger", "level"] as const;
const maxOrigins = 65_536;
