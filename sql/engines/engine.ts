import type { RunResult } from "../values.ts";
import type { BoundValue } from "../parameters.ts";
import type { Result } from "../rows.ts";
import type { Statement } from "../statement.ts";

/**
 * What is behind a database. An engine is given what is already checked and
 * made alike, and may throw anything: its caller makes one kind of error of it.
 */
export interface Engine {
  /** Compiles a statement. */
  prepare(statement: Statement): Prepared;
  /** The whole database as the bytes of a file. */
  serialize(): Uint8Array;
  /** Frees everything. */
  close(): void;
  /**
   * There if the Stop button of a notebook can end a statement where it is,
   * neither done nor undone. Then nothing of the engine is used any more.
   */
  abandon?(): void;
}

/** A compiled statement, to be run any number of times. */
export interface Prepared {
  /** Runs it and reads all rows. */
  all(values: readonly BoundValue[]): Result;
  /** Runs it for its effect. */
  run(values: readonly BoundValue[]): RunResult;
  /** Frees it. */
  free(): void;
}

/** 2^53: integers up to here, and this one, are numbers. */
const largest = 2n ** 53n;

/** An INTEGER as it is handed out: a number where that is exact. */
export function integer(value: bigint): number | bigint {
  return value <= largest && value >= -largest ? Number(value) : value;
}
