import type { RunLooker } from "./parsl/run_of_log.ts";
import type { RecordsWanted } from "../store/options.ts";
import type { Clock, ShownClock } from "../clock/clock.ts";
import type { LineBeginning, LogRecord } from "../lines/prefix.ts";
import type { SpanWriter } from "../store/span_writer.ts";

/**
 * Where a log lies, as far as its path tells: what a line says is widened by
 * this. Parsl lays logs out as RUNDIR/parsl.log, RUNDIR/EXECUTOR/interchange.log
 * and RUNDIR/EXECUTOR/block-BLOCK/MANAGER/worker_WORKER.log.
 */
export interface LogPlace {
  path: string;
  /** The run directory: everything below it is of one run. */
  rundir: string;
  executor?: string;
  block?: string;
  manager?: string;
  worker?: string;
  /** The number of a task, and of its try, whose log it is. */
  task?: string;
  try?: string;
  /** The name of the process whose log it is, where the executor has several. */
  process?: string;
  /** The executor's own number of the task. */
  executorTask?: string;
}

/** What a line came to. */
export type Reading = "understood" | "unknown" | "copy" | "malformed";

/** Reads the records of one log, one after the other. */
export interface RecordReader {
  read(record: LogRecord): Reading;
  /**
   * Whether what was said so far could come to something else by what follows:
   * then a log that has grown is read anew.
   */
  isUndecided?(): boolean;
  /** Called after the last record. */
  finish?(): void;
}

/** What a reader of records may ask about what else is there. */
export interface LogSurroundings {
  /** Reads the clock times of a log that says no zone. */
  clock: Clock;
  /** What the run's parsl.log shows of the clock. */
  shown?: ShownClock | undefined;
  /** The number of the submitting process, if its JSON log says it. */
  submitProcess?: string | undefined;
  /** Whether a run has a directory of its own, with a parsl.log. */
  hasOwnDirectory(run: string): boolean;
}

/** A kind of log. */
export interface LogFormat {
  /** The name of the importer, as sources and reports have it. */
  importer: string;
  /**
   * Of a format that a user's options make: what tells it from other options.
   * With others a log is read anew.
   */
  variant?: string;
  /**
   * Whether the attributes that a user gives identify its spans, and others
   * make other spans: then they are part of the variant.
   */
  isIdentifiedByGiven?: true;
  /**
   * Of the logs of a submitting process: what one shows of its run before it is
   * read in full.
   */
  look?: () => RunLooker;
  /**
   * Which records are kept as they are, if no option says so. Not there for
   * text, whose lines are no records.
   */
  records?: RecordsWanted;
  /** How its lines begin, if not as Parsl's own logs do. */
  beginning?: LineBeginning;
  open(
    writer: SpanWriter,
    place: LogPlace,
    surroundings: LogSurroundings,
  ): RecordReader;
}

/** "[1, 2]" or "3" as ["1", "2"] or ["3"]. */
export function numbersOf(text: string): string[] {
  return text.match(/\d+/g) ?? [];
}
