import type { RecordsWanted } from "../store/options.ts";
import type { Clock } from "../clock/clock.ts";
import type { LogPlace } from "./format.ts";
import type { RecordKeeper } from "../store/records.ts";
import type { SpanWriter } from "../store/span_writer.ts";
import type { UnknownMessages } from "../lines/unknown_messages.ts";

/** A kind of file whose records are no lines. */
export interface WholeFormat {
  /** The name of the importer, as sources and reports have it. */
  importer: string;
  /** Tells the options that it is read with from others. */
  variant?: string;
  /**
   * Which records are kept as they are, if no option says so. Not there where
   * what it holds are no records.
   */
  records?: RecordsWanted;
  /** Of no such file is anything known before it is read. */
  look?: undefined;
  /** Whether a file is of this kind, by its first bytes. */
  isOne(start: Uint8Array): boolean;
  /**
   * Reads all of it.
   *
   * @throws {Error} if it cannot be read: then nothing of it is kept
   */
  read(pieces: Iterable<Uint8Array>, told: WholeTold): WholeReading;
}

/** Where what a file tells is written, and what reading it takes. */
export interface WholeTold {
  writer: SpanWriter;
  keeper: RecordKeeper;
  place: LogPlace;
  /** Reads clock times that say no zone. */
  clock: Clock;
  /** Takes the messages that tell of nothing that was asked for. */
  unknown: UnknownMessages;
}

/** What became of the records of a file. */
export interface WholeReading {
  /** How many there are. */
  records: number;
  /** The numbers of those that are broken, from 1. */
  malformed: readonly number[];
  /** Where it is damaged, if what comes before was read. */
  damage?: string | undefined;
  /** Whether there was a clock time that says no zone. */
  isLocal?: boolean;
}
