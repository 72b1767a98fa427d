import type { BindReport } from "../../sql/mod.ts";

/**
 * What one file, or one member of a tarball, came to. A line of a database is
 * a row.
 */
export interface SourceReport {
  /** Where it lies. */
  path: string;
  /** The importer that read it. */
  importer: string;
  /**
   * `imported` for the first time; `grown`: what is new was added; `replaced`:
   * it had changed since; `relabelled`: it had not, and its spans were given
   * other attributes; or `unchanged`, so nothing was done; or `failed`, and
   * `error` says why.
   */
  outcome:
    | "imported"
    | "grown"
    | "replaced"
    | "relabelled"
    | "unchanged"
    | "failed";
  /** Why it failed, or where it is damaged, if the rest was read. */
  error?: string;
  /**
   * There if it changed while it was read, because a workflow goes on: what was
   * read is of several moments, and the next import replaces it.
   */
  changed?: true;
  /** How large it is. */
  bytes: number;
  /** How many there are; what became of them follows. */
  lines: number;
  /** Lines that became spans, events, metrics or records. */
  matched: number;
  /** Lines in a form that is known, but with words that no rule knows. */
  unmatched: number;
  /**
   * What those lines say, by the template of their messages, the commonest
   * first, each with the first line that says so: its number and its message.
   */
  unmatchedTemplates: {
    template: string;
    count: number;
    line: number;
    example: string;
  }[];
  /**
   * Lines that are broken: cut short, with a time or a number that cannot be
   * read, or without what says of whom they tell. What else such a line says of
   * numbers is kept.
   */
  malformed: number;
  /** The numbers of the first thousand broken lines, from 1. */
  malformedLines: number[];
  /** Lines that continue the one above. */
  continued: number;
  /** Lines that repeat what another source holds; they were left out. */
  copies: number;
  /** How clock times without a zone were read, where there were some. */
  clock?: string;
  /** Clock times without a zone that the zone's clock showed twice. */
  ambiguousTimes: number;
  /** Spans that were new. */
  spans: number;
  /** Events that it tells of; where it has grown, the new ones. */
  events: number;
  /** Numbers that it tells of; where it has grown, the new ones. */
  metrics: number;
  /** Records that were kept as they are; where it has grown, the new ones. */
  records: number;
}

/** A file that was seen and not read. */
export interface NotRead {
  /** Where it lies. */
  path: string;
  /** How large it is. */
  bytes: number;
  /** Why, if it is more than that no importer knows it. */
  reason?: string;
}

/**
 * What an import came to. It shows itself as a table in a notebook and as text
 * in a terminal.
 */
export interface ImportReport {
  /** The files that were read, or that failed, in the order of their paths. */
  sources: SourceReport[];
  /** Files that were seen and not read. */
  notRead: NotRead[];
  /** Spans that were new, over all sources. */
  spans: number;
  /** Events, over all sources. */
  events: number;
  /** Metrics, over all sources. */
  metrics: number;
  /** What the rules bound, over all that is in the database. */
  bindings: BindReport;
  /** How long it took, in seconds. */
  seconds: number;
  /** The report as text. */
  toString(): string;
}
