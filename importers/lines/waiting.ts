import type { LogRecord } from "./prefix.ts";
import { copyOf } from "./shared_texts.ts";

/**
 * Records that wait, by key, for a line that tells what they are about. Their
 * memory is bounded: a log that was cut may lack all such lines.
 */
export class WaitingRecords {
  readonly #records = new Map<string, LogRecord[]>();
  #length = 0;

  /**
   * @param giveUp called for each key when too many records wait; it must take
   * the records of the key
   */
  constructor(readonly giveUp: (key: string) => void) {}

  get size(): number {
    return this.#records.size;
  }

  has(key: string): boolean {
    return this.#records.has(key);
  }

  of(key: string): readonly LogRecord[] {
    return this.#records.get(key) ?? [];
  }

  add(key: string, record: LogRecord): void {
    // Part of a text would keep all of it in memory.
    record.message = copyOf(record.message);
    this.#records.getOrInsertComputed(copyOf(key), () => []).push(record);
    this.#length += lengthOf(record);
    if (this.#length > maxLength) this.giveUpAll();
  }

  /** Removes the records of a key. */
  take(key: string): readonly LogRecord[] {
    const records = this.of(key);
    this.#records.delete(key);
    for (const record of records) this.#length -= lengthOf(record);
    return records;
  }

  giveUpAll(): void {
    for (const key of [...this.#records.keys()]) this.giveUp(key);
  }
}

/** Characters, about: a record has other members, too. */
const lengthOf = ({ message, continued }: LogRecord): number =>
  200 + message.length + (continued?.more.length ?? 0);

// Enough for the lines of 10,000 tasks.
const maxLength = 1 << 22;
