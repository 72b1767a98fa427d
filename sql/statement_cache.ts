import type { Prepared } from "./engines/engine.ts";
import type { Statement } from "./statement.ts";

/** A statement, compiled by an engine. */
export interface CachedStatement {
  statement: Statement;
  prepared: Prepared;
}

/**
 * The most recent statements, so that the same SQL in a loop is compiled once.
 * A statement that was taken is out of the cache until it is put back.
 */
export class StatementCache {
  readonly #entries = new Map<string, CachedStatement>();

  /** Takes a statement out of the cache. */
  take(sql: string): CachedStatement | undefined {
    const entry = this.#entries.get(sql);
    if (entry !== undefined) this.#entries.delete(sql);
    return entry;
  }

  /** Adds the newest statement, and drops the oldest if there are too many. */
  put(sql: string, entry: CachedStatement): void {
    this.take(sql)?.prepared.free();
    this.#entries.set(sql, entry);
    if (this.#entries.size <= maxStatements) return;
    const [oldest] = this.#entries.keys();
    this.take(oldest!)!.prepared.free();
  }

  /** Frees all. */
  clear(): void {
    for (const { prepared } of this.#entries.values()) prepared.free();
    this.#entries.clear();
  }
}

const maxStatements = 64;
