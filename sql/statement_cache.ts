import type { Prepared } from "./engines/engine.ts";
import type { Statement } from "./statement.ts";

/** A statement and what an engine compiled it to. */
export interface CachedStatement {
  statement: Statement;
  prepared: Prepared;
}

/**
 * The statements run last, so that the same SQL in a loop is compiled once.
 * One that is taken is out of the cache until it is put back.
 */
export class StatementCache {
  readonly #entries = new Map<string, CachedStatement>();

  /** Takes the statement out, if it is there. */
  take(sql: string): CachedStatement | undefined {
    const entry = this.#entries.get(sql);
    if (entry !== undefined) this.#entries.delete(sql);
    return entry;
  }

  /** Puts it in as the newest; the oldest makes room. */
  put(sql: string, entry: CachedStatement): void {
    this.take(sql)?.prepared.free();
    this.#entries.set(sql, entry);
    if (this.#entries.size <= mostStatements) return;
    const [oldest] = this.#entries.keys();
    this.take(oldest!)!.prepared.free();
  }

  /** Frees all. */
  clear(): void {
    for (const { prepared } of this.#entries.values()) prepared.free();
    this.#entries.clear();
  }
}

const mostStatements = 64;
