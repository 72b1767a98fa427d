/** Lines of one kind, for `importLines`. */
export interface LinePattern {
  /**
   * Matches the messages of these lines. Named groups become attributes of the
   * span, except two: `event` is the name of the event and `time` its time, if
   * the message has one besides the time of the line. With the flag `g`, each
   * match counts: `/task (?<task>\d+)/g` is for messages that name several
   * tasks.
   */
  match: RegExp;
  /**
   * Type of the span: "funcx.worker.task". The named groups identify it among
   * the spans of its type, so all patterns of a type have the same groups,
   * except those in `says`. A match with an empty identifying group is ignored.
   */
  span: string;
  /**
   * Name of the event, if it is the same for all these lines. Without a name
   * from here or from a group, the event's type is the template of the message,
   * with %s in place of groups, numbers, paths and the like: "Sent %s results to
   * %s". A line produces such an event only if it produces no other for the same
   * span, so a last pattern may match everything else.
   */
  event?: string;
  /**
   * Groups that describe the span and the event but do not identify it:
   * `["exit_code"]`. Groups of `path` may be among them.
   */
  says?: readonly string[];
}

/** How to read a log, for `importLines`. */
export interface LinePatterns {
  /**
   * Finds the time of a line in the group `time`: Unix time (in seconds, or by
   * the number of digits in milli-, micro- or nanoseconds) or a clock time, such
   * as 2022-08-03 11:26:36,973 or 03/Aug/2022:11:26:36 +0200. A line without a
   * match continues the one above, whose events have it in the attribute `more`.
   *
   * The message is the line without the whole match, which should reach to where
   * the message starts. Other groups, such as `level`, are kept with each event;
   * `process`, `thread`, `logger` and `level` are in the table `origin`, too.
   */
  time: RegExp;
  /** Patterns of messages. A line counts for every pattern that it matches. */
  lines: readonly LinePattern[];
  /**
   * Matches the paths of the files to read, with groups that identify the
   * writer: `/logs\/(?<node>\w+)\/worker_(?<worker>\d+)\.log$/`. The groups
   * become attributes of each span and identify it together with those of the
   * line. Paths are absolute, with slashes.
   */
  path?: RegExp;
  /**
   * Parses times in other formats to Unix seconds, or NaN for a broken one. If
   * its source text changes, files are read again.
   */
  seconds?: (time: string) => number;
  /**
   * Name of the importer: "lines" by default. A file is imported once per name,
   * so patterns can be changed and tried again; use two names for two sets of
   * patterns on one file.
   */
  name?: string;
}
