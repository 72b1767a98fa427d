import type { LogPlace } from "./format.ts";
import type { SpanWriter } from "./span_writer.ts";

/** A kind of file that is read as a whole, and not line by line. */
export interface WholeFormat {
  /** The name of the importer, as sources and reports have it. */
  importer: string;
  /** Of no such file is anything known before it is read. */
  look?: undefined;
  /** Whether a file is of this kind, by its first bytes. */
  isOne(start: Uint8Array): boolean;
  /**
   * Reads all of it.
   *
   * @throws {Error} if it cannot be read: then nothing of it is kept
   */
  read(bytes: Uint8Array, writer: SpanWriter, place: LogPlace): WholeReading;
}

/** What became of the records of a file. */
export interface WholeReading {
  /** How many there are. */
  records: number;
  /** The numbers of those that are broken, from 1. */
  malformed: number[];
}
