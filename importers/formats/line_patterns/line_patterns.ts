/** Lines of one kind, and what they tell, for `importLines`. */
export interface LinePattern {
  /**
   * Fits the messages of these lines. The named groups become attributes of
   * the span. Two names are taken: `event` is what happened, and `time` when,
   * where the message says so apart from the time of the line. With the flag
   * `g`, each place that fits counts: `/task (?<task>\d+)/g` is for messages
   * that name several tasks.
   */
  match: RegExp;
  /**
   * The type of span that the lines tell of: "funcx.worker.task". What the
   * named groups match tells it from the others of its type, so all patterns
   * of a type have the same groups, but for those in `says`. A message in which
   * one of them matches nothing tells of none.
   */
  span: string;
  /**
   * What happened, if it is the same for all these lines. If neither this nor
   * a group says so, the event is known by the template of the message, where
   * %s stands for what groups matched and for numbers, paths and the like:
   * "Sent %s results to %s". A line makes such an event only where it makes no other
   * for the same span, so that a last pattern may take all that is left.
   */
  event?: string;
  /**
   * Groups that are said of the span, and of the event, but do not identify
   * it: `["exit_code"]`. Groups of `path` may be among them.
   */
  says?: readonly string[];
}

/** How to read a log, for `importLines`. */
export interface LinePatterns {
  /**
   * Finds the time of a line, in the group `time`: Unix time (in seconds, or
   * by the number of digits in milli-, micro- or nanoseconds) or a clock time,
   * such as 2022-08-03 11:26:36,973 or 03/Aug/2022:11:26:36 +0200. A line that
   * it does not fit continues the one above.
   *
   * The message is the line without all that this fits: let it reach to where
   * the message starts. Its other groups, such as `level`, are kept with each
   * event.
   */
  time: RegExp;
  /** What to look for. A line belongs to all that fit it. */
  lines: readonly LinePattern[];
  /**
   * Fits the paths of the files to read, and takes from them who is speaking:
   * `/logs\/(?<node>\w+)\/worker_(?<worker>\d+)\.log$/`. The groups are said
   * of each span, and identify it together with those of the line. Whole paths
   * are looked at, with slashes.
   */
  path?: RegExp;
  /**
   * Reads times of another form than these, as Unix seconds: NaN of what is
   * broken. That it has changed is seen by its text.
   */
  seconds?: (time: string) => number;
  /**
   * Under what name the files are imported: "lines", if not given. The same
   * file under the same name is there once, whatever the patterns, so that
   * they can be changed and tried again. Two sets of patterns for one file take
   * two names.
   */
  name?: string;
}
