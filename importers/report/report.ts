import type { BindReport } from "../../sql/mod.ts";

/**
 * The result for one file or one member of a tarball. Rows of a database count
 * as lines.
 */
export interface SourceReport {
  /** Absolute path; inside a container, appended to the container's. */
  path: string;
  /** The importer that read it. */
  importer: string;
  /**
   * `imported` for the first time; `grown`, with the new part added; `replaced`
   * because it changed; `relabelled`, unchanged with other user attributes;
   * `unchanged`; or `failed` with an `error`.
   */
  outcome:
    | "imported"
    | "grown"
    | "replaced"
    | "relabelled"
    | "unchanged"
    | "failed";
  /** Why it failed, or where it is damaged if the rest was read. */
  error?: string;
  /**
   * Present if a running workflow changed it while it was read. The data is
   * then of several moments, and the next import replaces it.
   */
  changed?: true;
  /** Size of the part that was read. */
  bytes: number;
  /** Unix seconds of the first line that has a time; absent for a database. */
  began?: number;
  /** Unix seconds of the last such line. */
  ended?: number;
  /** Number of lines; the next five properties divide them. */
  lines: number;
  /** Lines that became spans, events, metrics or records. */
  matched: number;
  /**
   * Present if lines became events and none of them has a name, though lines of
   * such logs do: the program may be of a version whose messages dnpc does not
   * know.
   */
  isUnnamed?: true;
  /** Well-formed lines that no rule matches. */
  unmatched: number;
  /** Unmatched lines by template, the most frequent first, with an example. */
  unmatchedTemplates: {
    template: string;
    count: number;
    line: number;
    example: string;
  }[];
  /**
   * Broken lines: cut short, with an unreadable time or number, or without a
   * subject. Readable numbers of such a line are kept.
   */
  malformed: number;
  /** Numbers of the first thousand broken lines, from 1. */
  malformedLines: number[];
  /** Lines that continue the one above; its events hold them. */
  continued: number;
  /** How many of these are left out because they are too many for an event. */
  cut: number;
  /** Lines that repeat another source and were left out. */
  copies: number;
  /**
   * Bytes of a last line without a newline. It is left out, because the program
   * may be writing it; a record of JSON is read if it is whole.
   */
  unfinished?: number;
  /** How clock times without a zone were read, if there are any. */
  clock?: string;
  /** Clock times without a zone that occurred twice in that zone. */
  ambiguousTimes: number;
  /** New spans. */
  spans: number;
  /** Events; if the source has grown, the new ones. */
  events: number;
  /** Metrics; if the source has grown, the new ones. */
  metrics: number;
  /** Records kept whole; if the source has grown, the new ones. */
  records: number;
}

/** A file that was found and not read. */
export interface NotRead {
  /** Absolute path. */
  path: string;
  /** Size of the file. */
  bytes: number;
  /** Reason, unless it is simply of an unknown kind. */
  reason?: string;
  /** Present if it may hold data that answers then lack. */
  unreadable?: true;
}

/** What a database holds after an import. */
export interface DatabaseContents {
  /** Number of runs. */
  runs: number;
  /** Of these, that did not end. */
  unfinishedRuns: number;
  /** Number of tasks. */
  tasks: number;
  /** Of these, that failed for good. */
  failed: number;
  /** Number of sources, of all imports. */
  sources: number;
}

/**
 * The result of an import. Displays itself as a sentence, followed by notes on
 * what could not be read or related; a notebook folds the tables of
 * {@linkcode ImportReport.details} below it.
 */
export interface ImportReport {
  /** Files that were read or failed, in the order of their paths. */
  sources: SourceReport[];
  /** Files that were found and not read. */
  notRead: NotRead[];
  /**
   * Run directories that were found at another path, or whose path has another
   * run now; absent if there are none.
   */
  renamed?: RenamedDirectory[];
  /** New spans over all sources. */
  spans: number;
  /** Events over all sources. */
  events: number;
  /** Metrics over all sources. */
  metrics: number;
  /** Results of the rules, for the whole database. */
  bindings: BindReport;
  /** What the database holds now, from this and earlier imports. */
  database: DatabaseContents;
  /** Duration in seconds. */
  seconds: number;
  /** The report in words, by default at most 120 characters wide. */
  toString(width?: number): string;
  /**
   * What was read of each source, lines that no rule knows, spans that rules
   * could not relate, and files that were not read, as tables.
   */
  details(width?: number): string;
}

/** A run directory with another name than after the last import. */
export interface RenamedDirectory {
  /** The former name: `rundir` in the table `run`. */
  from: string;
  /** The name now: its path, or PATH#RUN without one. */
  to: string;
}

/** A report with all counts at zero. */
export function emptySourceReport(
  path: string,
  importer: string,
): SourceReport {
  return {
    path,
    importer,
    outcome: "imported",
    bytes: 0,
    lines: 0,
    matched: 0,
    unmatched: 0,
    unmatchedTemplates: [],
    malformed: 0,
    malformedLines: [],
    continued: 0,
    cut: 0,
    copies: 0,
    ambiguousTimes: 0,
    spans: 0,
    events: 0,
    metrics: 0,
    records: 0,
  };
}
