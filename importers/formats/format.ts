// Over 300 lines: everything that describes a format, with its documentation.

import type { Clock, ShownClock } from "../clock/clock.ts";
import type { OpenDatabase } from "../container/open_source.ts";
import type { LineBeginning, LogRecord } from "../lines/prefix.ts";
import type { UnmatchedMessages } from "../lines/unmatched_messages.ts";
import type { SourceReport } from "../report/report.ts";
import type { RelabelledSources } from "../store/user_attributes.ts";
import type { PlainOptions, RecordsWanted } from "../store/options.ts";
import type { RecordKeeper } from "../store/records.ts";
import type { SpanWriter } from "../store/span_writer.ts";
import type { Database, Rule } from "../../sql/mod.ts";

/**
 * Everything the library knows about one log format. To add one, write a folder
 * that exports such an object and name it in `list.ts`.
 */
export interface Format {
  /** The name of its folder. */
  name: string;
  /** The program that writes its files, as people call it, if not Parsl. */
  program?: string;
  /** The kinds of file, text or binary, that its program writes. */
  files: readonly FileFormat[];
  /** How to read it from an SQLite database. */
  database?: DatabaseFormat;
  /** The class of Parsl's executor whose tasks it describes. */
  executorClass?: string;
  /**
   * Events that each launched try leaves in complete logs, in their order:
   * "span type/event type".
   */
  steps?: readonly string[];
  /** The types of span its files produce. */
  spanTypes: readonly SpanType[];
  /** Rules that relate its spans to each other and to other formats' spans. */
  rules: readonly Rule[];
}

/** A type of span; importing writes it to `span_kind`. */
export interface SpanType {
  type: string;
  /** Meaning of a span of this type, in a sentence or two. */
  doc: string;
  /** Attributes that form the key, in its order. */
  identity: readonly string[];
  /** Its role in a workflow, as `span_kind.role` describes. */
  role?:
    | "run"
    | "task"
    | "try"
    | "executor"
    | "block"
    | "job"
    | "manager"
    | "worker"
    | "library"
    | "work";
  /** Questions prefer the type of a role with the lowest number. */
  preference?: number;
  /** Pattern for importers of its own logs, as `span_kind.own_log` describes. */
  ownLog?: string;
  /** Events that begin a state of the span, in the usual order. */
  states?: readonly EventType[];
  /** Its other named events, if questions need to know about them. */
  events?: readonly EventType[];
}

/** A named event; importing writes it to `event_kind`. */
export interface EventType {
  event: string;
  /** The span ends in this state, or starts again after it. */
  isFinal?: true;
  /** The place of the task after this event. */
  place?: RankedPlace;
  /** Its effect on the executor's workers, as `event_kind.work` describes. */
  work?:
    | "queued"
    | "held"
    | "busy"
    | "idle"
    | "lost"
    | "up"
    | "down"
    | "transfer"
    | "scale";
  /** What happened, in a sentence. */
  doc?: string;
}

/** A place on a task's way through Parsl, with its position on that way. */
export type RankedPlace = readonly [name: string, rank: number];

/** One kind of file. */
export type FileFormat = LogFormat | BinaryFormat;

/** A log that questions name if it is missing. */
export interface LogPurpose {
  /** What people call such a log: "worker_N.log". */
  log: string;
  /** What it tells that no other log does. */
  facts: string;
}

interface AnyFile {
  /** Name of the importer in sources and reports. */
  importer: string;
  /** Importing writes it to `log_kind`. */
  purpose?: LogPurpose;
  /** Matches the file's usual name. */
  fileName?: RegExp;
  /** Matches its directory, if the file name alone could be anything. */
  folder?: RegExp;
  /**
   * Recognizes a file by its first kilobytes, regardless of its name: for content
   * that cannot be anything else.
   */
  signature?: (start: string) => boolean;
  /** Whether its name must match, too: other files may have the signature. */
  needsName?: true;
  /** Whether the usual name of any format counts more than this signature. */
  nameDecides?: true;
  /**
   * Reads the place of a file from its path; by default its directory is the
   * run's.
   */
  place?: (path: string) => LogPlace;
  /**
   * Whether files of equal content are distinct, because a short content says
   * nothing about its place: an exit code.
   */
  isIdentifiedByPlace?: true;
  /**
   * Distinguishes formats that are built from user options: the same file read
   * with other options is read again.
   */
  variant?: string;
  /**
   * Records that are kept as they are unless an option says otherwise. Absent
   * if the content is not made of records.
   */
  records?: RecordsWanted;
}

/** A log of lines. */
export interface LogFormat extends AnyFile {
  /**
   * Whether user attributes are part of a span's identity. They then belong in
   * `variant` too.
   */
  isIdentifiedByUser?: true;
  /** Finds facts about the run before any of its logs is read. */
  scan?: () => RunScanner;
  /**
   * Whether it repeats lines of the submitting process: once that process is
   * known, the log is read again to drop the copies.
   */
  hasCopies?: true;
  /**
   * Whether it begins with the same lines in every run. Any other log begins
   * with the time of its first line.
   */
  hasHeader?: true;
  /** How its lines begin, if not as Parsl's own logs do. */
  beginning?: LineBeginning;
  /**
   * Type of the span of the process that writes it. Lines that no rule knows
   * become its events, as far as `ImportOptions.unknown` says.
   */
  process?: string;
  /**
   * Whether any log of the format has events with names. If one has none, the
   * program may be of a version whose messages dnpc does not know.
   */
  namesEvents?: true;
  /** Whether its lines mean nothing without the header, its signature. */
  isHeaded?: true;
  open(
    writer: SpanWriter,
    place: LogPlace,
    surroundings: LogSurroundings,
  ): RecordReader;
}

/** A file whose records are not lines. */
export interface BinaryFormat extends AnyFile {
  /** Whether a file is of this kind, by its first bytes. */
  sniff(start: Uint8Array): boolean;
  /**
   * Reads the whole file.
   *
   * @throws {Error} if it cannot be read; nothing of it is kept then
   */
  read(chunks: Iterable<Uint8Array>, context: BinaryContext): BinaryResult;
}

/** An SQLite database. */
export interface DatabaseFormat {
  /** Name of the importer in sources and reports. */
  importer: string;
  /** Importing writes it to `log_kind`. */
  purpose?: LogPurpose;
  /** Its usual name. */
  fileName: RegExp;
  /** Reads a database; undefined if it is another program's. */
  readDatabase(
    db: Database,
    open: OpenDatabase,
    context: DatabaseContext,
  ): Promise<SourceReport | undefined>;
  /** Ids of the runs that an imported source mentions. */
  runsOf(db: Database, sourceId: number): string[];
}

/** Context for reading a database. */
export interface DatabaseContext extends Omit<PlainOptions, "unknown"> {
  /** Receives the source if its user attributes change. */
  relabelled: RelabelledSources;
  /** By run id, the clock that the run's parsl.log shows. */
  clocks: ReadonlyMap<string, Clock>;
}

/**
 * Facts that the path of a file gives about its content. Parsl's layout is
 * RUNDIR/parsl.log, RUNDIR/EXECUTOR/interchange.log and
 * RUNDIR/EXECUTOR/block-BLOCK/MANAGER/worker_WORKER.log.
 */
export interface LogPlace {
  path: string;
  /** The run directory: everything below it belongs to one run. */
  rundir: string;
  executor?: string;
  block?: string;
  manager?: string;
  worker?: string;
  /** Numbers of the task and the try that the log is about. */
  task?: string;
  try?: string;
  /** Name of the process, where one directory has logs of several. */
  process?: string;
  /** The executor's own number of the task. */
  executorTask?: string;
}

/** Result of reading a line. */
export type Reading = "matched" | "unmatched" | "copy" | "malformed";

/** Reads the records of one log in order. */
export interface RecordReader {
  read(record: LogRecord): Reading;
  /**
   * Whether later lines could change the results so far. A log that has grown
   * is then read from its start.
   */
  needsReread?(): boolean;
  /** Called after the last record. */
  finish?(): void;
  /**
   * The span of the process that wrote a record, if the log tells. It gets the
   * lines that match no rule.
   */
  process?(record: LogRecord): number | undefined;
  /**
   * The innermost span that the fields of a JSON record name. None if its message
   * was read and is about something inside that span.
   */
  subject?(record: LogRecord, isRead: boolean): number | undefined;
}

/** Context of a reader of records. */
export interface LogSurroundings {
  /** Reads clock times without a zone. */
  clock: Clock;
  /** The clock as the run's parsl.log shows it. */
  shown?: ShownClock | undefined;
  /** Id of the run whose directory the log is in, if known. */
  ownRun?: string | undefined;
  /** Whether an older part of the same log was read: it was rotated. */
  isContinued?: boolean;
  /** Process number of the submitting process, from its JSON log. */
  submitProcess?: string | undefined;
  /**
   * Whether another log has the lines of a run that this log names after its
   * own: that in the run's own directory, or the first one to ask.
   */
  isLoggedElsewhere(run: string): boolean;
}

/** Facts about a run that its log shows before it is read in full. */
export interface RunOfLog {
  /** Id of the run whose directory the log is in: the first one it names. */
  run: string | undefined;
  clock: ShownClock | undefined;
  /** Labels of its executors, as far as its beginning names them. */
  executors?: readonly string[];
  /** Number of the process that writes the log. */
  process?: string | undefined;
}

/** Scans a log chunk by chunk. */
export interface RunScanner {
  scan(chunk: Uint8Array): void;
  result(): RunOfLog;
}

/** Context for reading a binary file, and the writers of its content. */
export interface BinaryContext {
  writer: SpanWriter;
  keeper: RecordKeeper;
  place: LogPlace;
  /** Reads clock times without a zone. */
  clock: Clock;
  /** Collects messages that no rule matches. */
  unmatched: UnmatchedMessages;
}

/** Counts of the records of a binary file. */
export interface BinaryResult {
  records: number;
  /** Numbers of the broken records, from 1. */
  malformed: readonly number[];
  /** Where the file is damaged, if the part before that was read. */
  damage?: string | undefined;
  /** Whether any clock time had no zone. */
  isLocal?: boolean;
}
